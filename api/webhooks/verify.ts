import { createHash } from 'node:crypto'
import { OnfidoInvalidSignatureError, WebhookEventVerifier } from '@onfido/api'
import type Stripe from 'stripe'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { AppError } from '../../common/errors.ts'
import type { VendorEvent } from './inbox.ts'

/** How far an event's time may be from ours, before or after. */
export const TOLERANCE_SECONDS = 300

/**
 * Checks a Stripe event: signature by the SDK over the raw bytes, then the signed time on both sides (the SDK accepts any
 * future one), then the mode.
 * @throws AppError BAD_SIGNATURE, STALE_EVENT, WRONG_MODE
 */
export function verifyStripe(
  stripe: Stripe,
  options: { body: Buffer; signature: string | undefined; secret: string; isLive: boolean; now: Date },
): VendorEvent {
  const { body, signature = '', secret, isLive, now } = options
  let event: Stripe.Event
  try {
    // Its own clock check is switched off: ours follows, on the injected clock and on both sides.
    event = stripe.webhooks.constructEvent(body, signature, secret, Number.POSITIVE_INFINITY)
  } catch (cause) {
    throw new AppError('BAD_SIGNATURE', 'The signature does not belong to these bytes', { cause })
  }
  const signedAt = Number(/(?:^|,)\s*t=(\d+)/.exec(signature)?.[1])
  if (!(Math.abs(Math.floor(now.getTime() / 1000) - signedAt) <= TOLERANCE_SECONDS)) {
    throw new AppError('STALE_EVENT', `The event was signed more than ${TOLERANCE_SECONDS} seconds before or after now`)
  }
  if (event.livemode !== isLive) throw new AppError('WRONG_MODE', 'The event belongs to the other mode (test or live)')
  return { provider: 'stripe', eventId: event.id, kind: event.type, body }
}

const OnfidoEvent = Type.Object({
  payload: Type.Object({
    resource_type: Type.String({ minLength: 1 }),
    action: Type.String({ minLength: 1 }),
    object: Type.Object({ id: Type.String({ minLength: 1 }), completed_at_iso8601: Type.Optional(Type.String()) }),
  }),
})

/**
 * Checks an Onfido event: signature by the SDK over the raw bytes. Its events carry neither an id nor a signed time, so what they
 * say is their name: the same thing said twice is one event, and the check itself is read again before anything follows from it.
 * @throws AppError BAD_SIGNATURE, BAD_JSON
 */
export function verifyOnfido({ body, signature, token }: { body: Buffer; signature: string | undefined; token: string }): VendorEvent {
  let event: unknown
  try {
    event = new WebhookEventVerifier(token).readPayload(body as never, signature ?? '')
  } catch (cause) {
    // A signature of another length is a RangeError in the SDK.
    if (cause instanceof OnfidoInvalidSignatureError || cause instanceof RangeError) {
      throw new AppError('BAD_SIGNATURE', 'The signature does not belong to these bytes', { cause })
    }
    throw new AppError('BAD_JSON', 'The event is not valid JSON', { cause })
  }
  if (!Value.Check(OnfidoEvent, event)) throw new AppError('BAD_JSON', 'That is not an Onfido event')
  const { resource_type, action, object } = event.payload
  const name = [resource_type, object.id, action, object.completed_at_iso8601 ?? ''].join('\n')
  return { provider: 'onfido', eventId: createHash('sha256').update(name).digest('hex'), kind: action, body }
}
