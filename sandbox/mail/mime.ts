/** The readable part of an e-mail: its first text/plain part (or HTML with the tags taken off) and decoded headers. */
export interface ReadableMail {
  from: string
  to: string[]
  subject: string
  text: string
}

/** Reads an RFC 5322 message as nodemailer and other common mailers write it: multipart, base64, quoted-printable, encoded words. */
export function readMail(raw: Buffer): ReadableMail {
  const { headers, body } = split(raw.toString('latin1'))
  return {
    from: decodeWords(headers.from ?? ''),
    to: decodeWords(headers.to ?? '').split(/\s*,\s*/),
    subject: decodeWords(headers.subject ?? ''),
    text: textOf(headers, body) ?? '',
  }
}

function textOf(headers: Record<string, string>, body: string): string | undefined {
  const type = (headers['content-type'] ?? 'text/plain').toLowerCase()
  if (type.startsWith('multipart/')) {
    const boundary = /boundary="?([^";]+)"?/i.exec(headers['content-type']!)?.[1]
    if (boundary === undefined) return undefined
    const parts = body.split(new RegExp(`(?:^|\\r?\\n)--${boundary.replace(/[^\w]/g, '\\$&')}(?:--)?[^\\n]*\\r?\\n?`)).slice(1, -1)
    const texts = parts.map((part) => {
      const inner = split(part)
      return { isPlain: !/^text\/html/i.test(inner.headers['content-type'] ?? ''), text: textOf(inner.headers, inner.body) }
    })
    return texts.find(({ isPlain, text }) => isPlain && text !== undefined)?.text ?? texts.find(({ text }) => text !== undefined)?.text
  }
  if (!type.startsWith('text/')) return undefined
  const text = decodeBody(body, (headers['content-transfer-encoding'] ?? '').toLowerCase())
  return type.startsWith('text/html') ? text.replace(/<(style|script)[\s\S]*?<\/\1>/gi, '').replace(/<[^>]+>/g, '') : text
}

function split(raw: string): { headers: Record<string, string>; body: string } {
  const [, head = '', body = ''] = /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(raw) ?? [undefined, raw, '']
  const headers: Record<string, string> = Object.create(null)
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { headers, body }
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  if (encoding === 'quoted-printable') return decodeQuoted(body.replace(/=\r?\n/g, ''))
  return Buffer.from(body, 'latin1').toString()
}

function decodeQuoted(text: string): string {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()
}

function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?[^?]+\?([BQ])\?([^?]*)\?=/gi, (_all, kind: string, text: string) =>
      kind.toUpperCase() === 'B' ? Buffer.from(text, 'base64').toString() : decodeQuoted(text.replaceAll('_', ' ')),
    )
}
