import { AppError } from '../../common/errors.ts'

/** What may be uploaded: its media type, how its bytes begin, and the endings its name may have. */
const KINDS = [
  { mediaType: 'application/pdf', endings: ['pdf'], fits: (content: Buffer) => content.subarray(0, 5).equals(Buffer.from('%PDF-')) },
  {
    mediaType: 'image/png',
    endings: ['png'],
    fits: (content: Buffer) => content.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])),
  },
  {
    mediaType: 'image/jpeg',
    endings: ['jpg', 'jpeg'],
    fits: (content: Buffer) => content.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])),
  },
  { mediaType: 'application/json', endings: ['json'], fits: isJson },
  { mediaType: 'text/csv', endings: ['csv'], fits: isPlainText },
  { mediaType: 'text/plain', endings: ['txt'], fits: isPlainText },
]

/**
 * Judges an upload by its bytes: name, declared type and content must agree.
 * @throws AppError FILE_INCOMPLETE when empty, FILE_TYPE otherwise
 */
export function mediaTypeOf(content: Buffer, fileName: string, declared: string): string {
  if (content.length === 0) throw new AppError('FILE_INCOMPLETE', 'The file is empty')
  const ending = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? ''
  const kind = KINDS.find(({ endings }) => endings.includes(ending))
  if (!kind) throw new AppError('FILE_TYPE', 'Send a PDF, PNG, JPEG, CSV, TXT or JSON file, with that ending in its name')
  const isDeclared = declared === kind.mediaType || declared === 'application/octet-stream' || declared === ''
  if (!isDeclared || !kind.fits(content))
    throw new AppError('FILE_TYPE', `The content of the file is not what its name says (${ending.toUpperCase()})`)
  return kind.mediaType
}

/** What bytes of unknown origin are, by content alone. */
export function sniffMediaType(content: Buffer): string {
  return KINDS.find(({ mediaType, fits }) => mediaType !== 'text/csv' && fits(content))?.mediaType ?? 'application/octet-stream'
}

/** A name to show and to save under: no folders, no control or direction marks, not longer than 120. */
export function cleanFileName(name: string): string {
  const base = name.replaceAll('\\', '/').split('/').at(-1) ?? ''
  const clean = base
    .normalize('NFC')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go.
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, '')
    .replace(/["*:<>?|]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '')
  const [, stem = clean, ending = ''] = /^(.*?)(\.[A-Za-z0-9]{1,8})?$/s.exec(clean) ?? []
  const safe = /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(stem) || stem === '' ? `file${stem}` : stem
  return [...safe].slice(0, 120 - ending.length).join('') + ending
}

function isPlainText(content: Buffer): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: text has none of them.
    return !/[\u0000-\u0008\u000e-\u001f]/.test(text) && !/^\s*<(!doctype|html|svg|script|\?xml)/i.test(text)
  } catch {
    return false
  }
}

function isJson(content: Buffer): boolean {
  if (!isPlainText(content)) return false
  try {
    const value: unknown = JSON.parse(content.toString())
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}
