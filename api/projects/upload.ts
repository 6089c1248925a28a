import type { FastifyRequest } from 'fastify'
import { AppError } from '../../common/errors.ts'
import { cleanFileName, mediaTypeOf } from './file-type.ts'

/** Of documents of a project. */
const KINDS = ['prospectus', 'environmental', 'technical', 'financial', 'legal', 'report', 'other']

export interface Upload {
  content: Buffer
  fileName: string
  mediaType: string
  kind: string
  title: string
}

/** Reads a form with one `file` and the fields `kind`, one of `kinds`, and `title`. @throws AppError MEDIA_TYPE, VALIDATION, BODY_TOO_LARGE, FILE_INCOMPLETE, FILE_TYPE */
export async function readUpload(request: FastifyRequest, kinds: readonly string[] = KINDS): Promise<Upload> {
  if (!request.isMultipart()) throw new AppError('MEDIA_TYPE', 'Send the file as multipart/form-data')
  const { file, fields } = await readParts(request)
  if (!file)
    throw new AppError('VALIDATION', 'The form has no file: send it in the field "file"', { details: { fields: { file: 'is missing' } } })
  const kind = fields.kind ?? 'other'
  if (!kinds.includes(kind))
    throw new AppError('VALIDATION', `The kind must be one of ${kinds.join(', ')}`, { details: { fields: { kind: 'is not one of them' } } })
  const fileName = cleanFileName(file.name)
  const title = (fields.title ?? fileName).trim()
  if (title.length === 0 || title.length > 200) {
    throw new AppError('VALIDATION', 'The title must have 1 to 200 characters', { details: { fields: { title: 'has the wrong length' } } })
  }
  return { content: file.content, fileName, mediaType: mediaTypeOf(file.content, fileName, file.declared), kind, title }
}

interface Parts {
  file?: { content: Buffer; name: string; declared: string }
  fields: Record<string, string>
}

async function readParts(request: FastifyRequest): Promise<Parts> {
  const parts: Parts = { fields: {} }
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file' && part.fieldname === 'file') {
        parts.file = { content: await part.toBuffer(), name: part.filename ?? '', declared: part.mimetype }
      } else if (part.type === 'field' && (part.fieldname === 'kind' || part.fieldname === 'title')) {
        parts.fields[part.fieldname] = String(part.value)
      } else {
        if (part.type === 'file') part.file.resume()
        throw new AppError('UNKNOWN_FIELD', `The form has a field that does not exist here: ${part.fieldname}`, {
          details: { fields: [part.fieldname] },
        })
      }
    }
  } catch (cause) {
    // Limits carry a code of the framework; what has none is the parser's: the form ended too early or is malformed.
    if (cause instanceof AppError || (cause as { code?: unknown }).code !== undefined) throw cause
    throw new AppError('FILE_INCOMPLETE', 'The upload broke off or is not a valid form. Send it again', { cause })
  }
  return parts
}
