import { AppError } from '../../common/errors.ts'
import type { App } from './deps.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads JSON bodies strictly, and no others: text that is not UTF-8 or begins with a byte-order mark is refused, not repaired. */
export function readJsonStrictly(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    // A POST without arguments may come without a body.
    if (body.length === 0) return done(null, undefined)
    let text: string
    try {
      text = utf8.decode(body as Buffer)
    } catch (cause) {
      return done(new AppError('BAD_JSON', 'The body is not UTF-8', { cause }))
    }
    if (text.startsWith('\uFEFF')) return done(new AppError('BAD_JSON', 'The body begins with a byte-order mark'))
    parse(request, text, (error, value) => done(error && isJson(text) ? poisoned() : error, value))
  })
}

/** Fastify's parser refuses valid JSON only for fields that would reach into an object's prototype. */
function poisoned(): AppError {
  return new AppError('UNKNOWN_FIELD', 'The body has a field that does not exist here: __proto__ or constructor')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
