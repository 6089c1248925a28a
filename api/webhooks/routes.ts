import { Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import type { App, Deps, Routes } from '../http/deps.ts'
import { failures } from '../http/envelope.ts'
import { receiveEvent, type VendorEvent } from './inbox.ts'
import { verifyStripe } from './verify.ts'

/** Vendors' events are small; anything larger is somebody else's. */
const MAX_BODY_BYTES = 262_144
const Received = Type.Object({ received: Type.Literal(true) })

/** Takes vendors' events: checks the signature over the raw bytes, keeps them, answers. What follows from one is the worker's to find out. */
export const webhookRoutes: Routes = async (app, deps) => {
  readRawBodies(app)
  const { clock, kyc, settings, stripe } = deps
  const response = {
    200: Received,
    ...failures(['BAD_SIGNATURE', 'STALE_EVENT', 'WRONG_MODE', 'WRONG_ACCOUNT', 'BAD_JSON', 'MEDIA_TYPE', 'BODY_TOO_LARGE', 'NOT_READY']),
  }
  // Vendors deliver in bursts and from few addresses.
  const options = { config: { rateLimit: false as const }, bodyLimit: MAX_BODY_BYTES, schema: { tags: ['Webhooks'], response } }

  app.post('/webhooks/stripe', options, async (request) => {
    const signature = one(request.headers['stripe-signature'])
    return receive(
      deps,
      verifyStripe(stripe, {
        body: bytesOf(request.body),
        signature,
        secret: settings.stripeWebhookSecret,
        isLive: settings.stripeIsLive,
        now: clock(),
      }),
    )
  })

  for (const name of ['onfido', 'sumsub'] as const) {
    app.post(`/webhooks/${name}`, options, async (request) => {
      const provider = kyc.all.find((one) => one.name === name)
      if (!provider) throw new AppError('BAD_SIGNATURE', 'No secret is configured for events of this provider')
      return receive(deps, provider.verifyEvent({ body: bytesOf(request.body), headers: request.headers, now: clock() }))
    })
  }
}

async function receive({ pool, clock, log }: Deps, event: VendorEvent) {
  const isNew = await receiveEvent(pool, event, clock())
  log.info({ provider: event.provider, eventId: event.eventId, kind: event.kind, isNew }, 'Received an event')
  return { received: true as const }
}

/** The bytes as they came: a signature covers those, not what a parser makes of them. */
function readRawBodies(app: App): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES }, (_request, body, done) => done(null, body))
}

function bytesOf(body: unknown): Buffer {
  if (!Buffer.isBuffer(body)) throw new AppError('BAD_SIGNATURE', 'There is nothing to check a signature of')
  return body
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header
}
