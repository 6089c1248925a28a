import type Stripe from 'stripe'
import { settleCharge } from './balance.ts'
import type { CardEntry, TestCard } from './cards.ts'
import { openDispute } from './disputes.ts'
import { StripeProblem } from './errors.ts'
import { newCharge } from './objects.ts'
import { emitEvent, type StripeVendor, secondsOf } from './vendor.ts'

/**
 * Charges a payment intent once: it succeeds, or it is declined and waits for another card.
 * @throws StripeProblem 402 card_error when declined
 */
export function chargeIntent(
  vendor: StripeVendor,
  intent: Stripe.PaymentIntent,
  card: TestCard,
  entry: Pick<CardEntry, 'expMonth' | 'expYear'>,
  idempotencyKey: string | null = null,
): void {
  const charge = newCharge(intent, card, entry, secondsOf(vendor.now()))
  vendor.store.state.charges[charge.id] = charge
  intent.latest_charge = charge.id
  const { decline } = card
  if (decline === undefined) {
    intent.status = 'succeeded'
    intent.amount_received = intent.amount
    intent.payment_method = charge.payment_method
    intent.last_payment_error = null
    settleCharge(vendor, charge)
    emitEvent(vendor, 'charge.succeeded', charge, idempotencyKey)
    emitEvent(vendor, 'payment_intent.succeeded', intent, idempotencyKey)
    if (card.isDisputed) openDispute(vendor, charge)
    return
  }
  intent.status = 'requires_payment_method'
  const fault = {
    type: 'card_error' as const,
    code: decline.code,
    ...(decline.declineCode !== undefined && { decline_code: decline.declineCode }),
    message: decline.message,
    charge: charge.id,
  }
  intent.last_payment_error = fault as Stripe.PaymentIntent.LastPaymentError
  emitEvent(vendor, 'charge.failed', charge, idempotencyKey)
  emitEvent(vendor, 'payment_intent.payment_failed', intent, idempotencyKey)
  throw new StripeProblem(402, { ...fault, payment_intent: structuredClone(intent) })
}
