import type { InvestmentState } from '../../common/wire.ts'

/** What an order asks for. */
export interface Order {
  investmentId: string
  amountCents: bigint
  currency: string
  isLive: boolean
}

/** What the provider says now, read through its SDK; never what an event claimed. */
export interface Account {
  session: {
    status: 'open' | 'complete' | 'expired' | null
    paymentStatus: string
    orderRef: string | null
    amountCents: bigint | null
    currency: string | null
    isLive: boolean
  }
  intent: {
    status: string
    orderRef: string | null
    amountReceivedCents: bigint
    currency: string
    isLive: boolean
    failureCode: string | null
    refundedCents: bigint
    /** A refund that the payer's bank didn't take. */
    hasFailedRefund: boolean
    /** An undecided dispute before decided ones. */
    dispute: 'open' | 'won' | 'lost' | null
    disputeRef: string | null
    /** Taken until the bank has decided, and taken for good. */
    disputedCents: bigint
    lostCents: bigint
  } | null
}

export type Truth =
  | { kind: 'open' }
  /** The bank was asked and answers within days. */
  | { kind: 'processing' }
  | { kind: 'closed' }
  /** The bank said no, and the page is closed: nobody can try again there. */
  | { kind: 'failed'; failureCode: string }
  | { kind: 'declined'; failureCode: string }
  | { kind: 'paid' }
  | { kind: 'refunded' }
  | { kind: 'refund_failed' }
  | { kind: 'disputed' }
  | { kind: 'dispute_lost' }
  | { kind: 'mismatch'; reason: string }

/** Reads the provider's account of a payment against the order: paid only when everything fits to the cent. */
export function readTruth(order: Order, { session, intent }: Account): Truth {
  const mismatch = findMismatch(order, { session, intent })
  if (mismatch) return { kind: 'mismatch', reason: mismatch }
  if (intent?.status === 'succeeded') {
    if (intent.dispute === 'open') return { kind: 'disputed' }
    if (intent.refundedCents === order.amountCents) return { kind: 'refunded' }
    if (intent.lostCents > 0n) {
      if (intent.lostCents + intent.refundedCents === order.amountCents) return { kind: 'dispute_lost' }
      return { kind: 'mismatch', reason: `LOST_IN_PART: ${intent.lostCents} of ${order.amountCents} cents` }
    }
    if (intent.refundedCents === 0n && intent.hasFailedRefund) return { kind: 'refund_failed' }
    if (intent.refundedCents > 0n)
      return { kind: 'mismatch', reason: `REFUNDED_IN_PART: ${intent.refundedCents} of ${order.amountCents} cents` }
    // A completed session may still wait for a slow payment method.
    return session.paymentStatus === 'paid' ? { kind: 'paid' } : { kind: 'open' }
  }
  if (session.status === 'expired' || intent?.status === 'canceled') return { kind: 'closed' }
  if (intent?.status === 'processing') return { kind: 'processing' }
  if (intent?.failureCode && session.status === 'complete') return { kind: 'failed', failureCode: intent.failureCode }
  if (intent?.failureCode) return { kind: 'declined', failureCode: intent.failureCode }
  return { kind: 'open' }
}

function findMismatch(order: Order, { session, intent }: Account): string | null {
  if (session.orderRef !== order.investmentId) return 'ORDER_MISMATCH: the session names another order'
  if (intent && intent.orderRef !== order.investmentId) return 'ORDER_MISMATCH: the payment names another order'
  if (session.isLive !== order.isLive || (intent && intent.isLive !== order.isLive)) return 'WRONG_MODE: test and live money are mixed'
  if (session.currency?.toUpperCase() !== order.currency) return `CURRENCY_MISMATCH: ${session.currency} instead of ${order.currency}`
  if (session.amountCents !== order.amountCents) return `AMOUNT_MISMATCH: ${session.amountCents} instead of ${order.amountCents} cents`
  if (intent?.status !== 'succeeded') return null
  if (intent.currency.toUpperCase() !== order.currency) return `CURRENCY_MISMATCH: ${intent.currency} instead of ${order.currency}`
  if (intent.amountReceivedCents !== order.amountCents) {
    return `AMOUNT_MISMATCH: ${intent.amountReceivedCents} instead of ${order.amountCents} cents were received`
  }
  const gone = intent.refundedCents + intent.lostCents
  if (gone > intent.amountReceivedCents) return `REFUND_EXCEEDS: ${gone} of ${intent.amountReceivedCents} cents went back`
  return null
}

/** Where a disputed payment's investment was before, and returns to. */
export interface Held {
  /** In review for nothing but the dispute. */
  isForDispute: boolean
  /** How far its units are: a transaction that was signed can't be called back. */
  units: 'none' | 'minting' | 'settled'
}

/**
 * Where an investment goes from `state` when the provider says `truth`; null: nowhere. Events may come twice, late and in any order,
 * so this looks at states only and never goes back, but from a dispute. `hasRoom`: the units are still reserved, or still free.
 */
export function nextState(state: InvestmentState, truth: Truth, hasRoom: boolean, { isForDispute, units }: Held): InvestmentState | null {
  const isUnpaid = state === 'awaiting_payment' || state === 'payment_failed'
  const isDropped = state === 'expired' || state === 'cancelled'
  const isBeforeUnits = isUnpaid || isDropped || state === 'paid' || state === 'refund_due'
  const isDisputed = state === 'review' && isForDispute
  switch (truth.kind) {
    case 'paid':
      if (isDisputed) return units === 'none' ? 'paid' : units
      if (isUnpaid) return hasRoom ? 'paid' : 'refund_due'
      return isDropped ? 'refund_due' : null
    case 'declined':
      return state === 'awaiting_payment' ? 'payment_failed' : null
    case 'processing':
      return state === 'payment_failed' ? 'awaiting_payment' : null
    case 'closed':
    case 'failed':
      return isUnpaid ? 'expired' : null
    case 'refunded':
      // Money that went back before it became units is simply back; afterwards a person decides.
      if (isBeforeUnits) return 'refunded'
      return state === 'minting' || state === 'settled' ? 'review' : null
    case 'refund_failed':
      return state === 'refunded' ? 'review' : null
    case 'dispute_lost':
      // As refunded before there were units. Afterwards they stay where they are, and the investor owes what the bank took.
      if (units !== 'none') return isDisputed ? units : null
      return isBeforeUnits || isDisputed ? 'refunded' : null
    case 'disputed':
    case 'mismatch':
      return isUnpaid || isDropped || ['paid', 'minting', 'settled'].includes(state) ? 'review' : null
    case 'open':
      return null
  }
}
