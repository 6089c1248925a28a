import type Stripe from 'stripe'
import { entriesOf, type ProviderEntry } from './provider-entries.ts'
import type { Account } from './verdict.ts'

/** Longer lists than this a payment doesn't have; what is beyond would be seen as missing when the books are compared. */
const MOST = 100

export interface Reading extends Account {
  paymentRef: string | null
  /** What the payment did to the provider's balance. */
  entries: ProviderEntry[]
}

/** Reads a checkout session, its payment, and everything that became of its charge, from Stripe. @throws Stripe's errors */
export async function readAccount(stripe: Stripe, sessionRef: string): Promise<Reading> {
  const session = await stripe.checkout.sessions.retrieve(sessionRef)
  const paymentRef = idOf(session.payment_intent)
  const intent =
    paymentRef === null ? null : await stripe.paymentIntents.retrieve(paymentRef, { expand: ['latest_charge.balance_transaction'] })
  const charge = intent && typeof intent.latest_charge === 'object' ? intent.latest_charge : null
  const { refunds, disputes } = intent?.status === 'succeeded' ? await readAfterwards(stripe, intent.id) : { refunds: [], disputes: [] }
  return {
    paymentRef,
    entries: charge === null ? [] : entriesOf({ charge, refunds, disputes }),
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
      hasFailedRefund: refunds.some(({ status }) => status === 'failed' || status === 'canceled'),
      ...disputeOf(disputes),
    },
  }
}

async function readAfterwards(stripe: Stripe, intentRef: string) {
  const [refunds, disputes] = await Promise.all([
    stripe.refunds.list({
      payment_intent: intentRef,
      limit: MOST,
      expand: ['data.balance_transaction', 'data.failure_balance_transaction'],
    }),
    stripe.disputes.list({ payment_intent: intentRef, limit: MOST }),
  ])
  return { refunds: refunds.data, disputes: disputes.data }
}

/** docs.stripe.com/disputes/how-disputes-work: an inquiry (`warning_…`) takes no money; a dispute does, until it is won. Newest first. */
function disputeOf(
  disputes: Stripe.Dispute[],
): Pick<NonNullable<Account['intent']>, 'dispute' | 'disputeRef' | 'disputedCents' | 'lostCents'> {
  const real = disputes.filter(({ status }) => ['needs_response', 'under_review', 'won', 'lost'].includes(status))
  const sum = (isMeant: (dispute: Stripe.Dispute) => boolean) =>
    real
      .filter((dispute) => dispute.balance_transactions.length > 0 && isMeant(dispute))
      .reduce((total, { amount }) => total + BigInt(amount), 0n)
  const isDecided = ({ status }: Stripe.Dispute) => status === 'won' || status === 'lost'
  const newest = real.find((dispute) => !isDecided(dispute)) ?? real[0]
  return {
    dispute: newest === undefined ? null : isDecided(newest) ? (newest.status as 'won' | 'lost') : 'open',
    disputeRef: newest?.id ?? null,
    disputedCents: sum((dispute) => !isDecided(dispute)),
    lostCents: sum(({ status }) => status === 'lost'),
  }
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null)
}
