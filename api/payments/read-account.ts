import type Stripe from 'stripe'
import type { Account } from './verdict.ts'

/** Reads a checkout session, its payment and its charge from Stripe. @throws Stripe's errors */
export async function readAccount(stripe: Stripe, sessionRef: string): Promise<Account & { paymentRef: string | null }> {
  const session = await stripe.checkout.sessions.retrieve(sessionRef)
  const paymentRef = idOf(session.payment_intent)
  const intent = paymentRef === null ? null : await stripe.paymentIntents.retrieve(paymentRef, { expand: ['latest_charge'] })
  const charge = intent && typeof intent.latest_charge === 'object' ? intent.latest_charge : null
  return {
    paymentRef,
    session: {
      status: session.status as Account['session']['status'],
      paymentStatus: session.payment_status,
      orderRef: session.client_reference_id,
      amountCents: session.amount_total === null ? null : BigInt(session.amount_total),
      currency: session.currency,
      isLive: session.livemode,
    },
    intent: intent && {
      status: intent.status,
      orderRef: intent.metadata.investmentId ?? null,
      amountReceivedCents: BigInt(intent.amount_received),
      currency: intent.currency,
      isLive: intent.livemode,
      failureCode: intent.last_payment_error
        ? (intent.last_payment_error.decline_code ?? intent.last_payment_error.code ?? 'unknown')
        : null,
      refundedCents: BigInt(charge?.amount_refunded ?? 0),
      isDisputed: charge?.disputed ?? false,
    },
  }
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null)
}
