import type Stripe from 'stripe'
import { AppError } from '../../common/errors.ts'
import type { VendorEvent } from './inbox.ts'

/** How far an event's time may be from ours, before or after. */
export const TOLERANCE_SECONDS = 300

/**
 * Checks a Stripe event: signature by the SDK over the raw bytes, then the signed time on both sides (the SDK accepts any
 * future one), then the mode and whose account it is.
 * @throws AppError BAD_SIGNATURE, STALE_EVENT, WRONG_MODE, WRONG_ACCOUNT
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
  // Signed by the same secret when an endpoint listens to connected accounts too: not money of the platform.
  if (event.account != null) throw new AppError('WRONG_ACCOUNT', 'The event belongs to another account than the platform’s')
  return { provider: 'stripe', eventId: event.id, kind: event.type, body }
}
