import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sameText } from '../compare.ts'
import { parseForm, valueAt } from '../form.ts'
import { registerDisputes } from './disputes.ts'
import { StripeProblem } from './errors.ts'
import { expand } from './expand.ts'
import { fingerprintOf, recall, remember } from './idempotency.ts'
import { randomId } from './ids.ts'
import type { Get, Post } from './method.ts'
import { registerPaymentIntents } from './payment-intents.ts'
import { registerReads } from './reads.ts'
import { registerRefunds } from './refunds.ts'
import { registerSessions } from './sessions.ts'
import type { StripeVendor } from './vendor.ts'

/** Stripe's API under `/v1`: Bearer key, form-encoded bodies, idempotency keys, its error objects. */
export async function stripeApi(api: FastifyInstance, { vendor, secretKey }: { vendor: StripeVendor; secretKey: string }) {
  api.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  api.addHook('onRequest', async (request, reply) => {
    const requestId = randomId('req_', 14)
    reply.header('request-id', requestId)
    for (const name of ['stripe-version', 'idempotency-key']) {
      const value = request.headers[name]
      if (value !== undefined) reply.header(name, value)
    }
    const [scheme, token] = readKey(request.headers.authorization)
    if (scheme === undefined || token === undefined) {
      const message =
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
      throw new StripeProblem(401, { type: 'invalid_request_error', message })
    }
    if (!sameText(token, secretKey)) {
      throw new StripeProblem(401, {
        type: 'invalid_request_error',
        message: `Invalid API Key provided: ${token.slice(0, 3)}***${token.slice(-4)}`,
      })
    }
  })

  const post: Post = (path, handle) => {
    api.post<{ Params: Record<string, string> }>(path, async (request, reply) => {
      const body = typeof request.body === 'string' ? request.body : ''
      const key = headerOf(request, 'idempotency-key') ?? null
      if (key !== null && key.length > 255) {
        throw new StripeProblem(400, { type: 'idempotency_error', message: 'Idempotency keys can be at most 255 characters long.' })
      }
      const fingerprint = fingerprintOf(request.url, body)
      const at = vendor.now().getTime()
      const before = key === null ? undefined : recall(vendor.store, key, fingerprint, at)
      if (before !== undefined) {
        return send(reply.header('idempotent-replayed', 'true').header('original-request', before.requestId), before.status, before.body)
      }
      const answer = attempt(() => {
        const form = parseForm(body)
        return expand(vendor.store.state, handle(form, request.params, key), valueAt(form, 'expand'))
      })
      const text = JSON.stringify(answer.body, null, 2)
      // Stripe keeps the answer once the request was carried out, a declined card included; a request it could not read stays free.
      if (key !== null && (answer.status === 200 || answer.status === 402)) {
        remember(vendor.store, key, {
          fingerprint,
          status: answer.status,
          body: text,
          requestId: String(reply.getHeader('request-id')),
          at,
        })
      }
      return send(reply, answer.status, text)
    })
  }
  const get: Get = (path, handle) => {
    api.get<{ Params: Record<string, string> }>(path, async (request) => {
      const query = parseForm(request.url.split('?')[1] ?? '')
      return expand(vendor.store.state, handle(query, request.params), valueAt(query, 'expand'))
    })
  }

  registerSessions(post, get, vendor)
  registerPaymentIntents(post, get, vendor)
  registerRefunds(post, get, vendor)
  registerDisputes(post, get, vendor)
  registerReads(get, vendor)

  api.setErrorHandler((error, _request, reply) => {
    if (error instanceof StripeProblem) return reply.status(error.status).send({ error: error.fault })
    const status = (error as { statusCode?: number }).statusCode ?? 500
    return reply
      .status(status)
      .send({ error: { type: status < 500 ? 'invalid_request_error' : 'api_error', message: (error as Error).message } })
  })
  api.setNotFoundHandler((request, reply) => {
    const message = `Unrecognized request URL (${request.method}: ${request.url.split('?')[0]}).`
    return reply.status(404).send({ error: { type: 'invalid_request_error', message } })
  })
}

function attempt(work: () => object): { status: number; body: object } {
  try {
    return { status: 200, body: work() }
  } catch (error) {
    if (error instanceof StripeProblem) return { status: error.status, body: { error: error.fault } }
    if (error instanceof RangeError) return { status: 400, body: { error: { type: 'invalid_request_error', message: error.message } } }
    throw error
  }
}

function send(reply: FastifyReply, status: number, json: string) {
  return reply.status(status).header('content-type', 'application/json').send(json)
}

/** `Bearer sk_…`, or HTTP Basic with the key as user name, both of which Stripe takes. */
function readKey(header: string | undefined): [string | undefined, string | undefined] {
  const [scheme, value] = (header ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'basic') return [scheme, value]
  return [
    scheme,
    Buffer.from(value ?? '', 'base64')
      .toString()
      .split(':')[0],
  ]
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
