import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type ErrorCode } from '../../common/errors.ts'
import type { Log } from '../../common/node/log.ts'
import { failure } from './envelope.ts'

/** Framework errors that mean something to the caller. */
const FRAMEWORK: Record<string, [ErrorCode, string]> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['BAD_JSON', 'The body is not valid JSON'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['BAD_JSON', 'The body is empty, but its content type is JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['BAD_JSON', 'The body is not as long as Content-Length says'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['BODY_TOO_LARGE', 'The body is too large'],
  FST_REQ_FILE_TOO_LARGE: ['BODY_TOO_LARGE', 'The file is too large. Maximum is 20 MB'],
  FST_PARTS_LIMIT: ['VALIDATION', 'The form has too many parts'],
  FST_FILES_LIMIT: ['VALIDATION', 'Send one file at a time'],
  FST_FIELDS_LIMIT: ['VALIDATION', 'The form has too many fields'],
  FST_INVALID_MULTIPART_CONTENT_TYPE: ['MEDIA_TYPE', 'Send the file as multipart/form-data'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['MEDIA_TYPE', 'This route does not read that content type'],
  FST_ERR_BAD_URL: ['VALIDATION', 'The address is not a valid URL'],
}

/** The error handler: every failure leaves in the envelope; what went wrong inside stays inside, with the request id in the log. */
export function handleErrors(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const known = explain(error)
    if (known.statusCode >= 500) log.error({ requestId: request.id, code: known.code, err: error }, 'A request failed')
    if (known.code === 'TRY_LATER' || known.statusCode === 503) reply.header('retry-after', String(known.details.retryAfterSeconds ?? 5))
    return reply
      .code(known.statusCode)
      .type('application/json')
      .send(failure(request, known.code, known.message, known.details))
  }
}

function explain(error: unknown): AppError {
  if (error instanceof AppError) return error
  const { code, statusCode } = error as FastifyError
  const framework = code === undefined ? undefined : FRAMEWORK[code]
  if (framework) return new AppError(...framework, { cause: error })
  if (isDatabaseAway(error))
    return new AppError('NOT_READY', 'The database is not reachable right now. Nothing was changed; try again in a moment', {
      cause: error,
    })
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new AppError('VALIDATION', 'The request is not valid', { cause: error })
  return new AppError('INTERNAL', 'Something went wrong here. Quote the request id when you report it', { cause: error })
}

/** Connection refused or cut, server shutting down, starting or full: SQLSTATE classes 08 and 57P, and 53300. */
function isDatabaseAway(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code === 'string' && /^(08...|57P0[1-3]|53300|ECONNREFUSED|ECONNRESET|EPIPE)$/.test(code)) return true
  return typeof message === 'string' && /^(Connection terminated|timeout exceeded when trying to connect)/.test(message)
}
