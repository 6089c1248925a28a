import type { Investment } from '../../common/wire.ts'

export type StepState = 'done' | 'now' | 'todo' | 'failed'
export type Step = { key: string; title: string; meaning: string; state: StepState }

/** The way of an investment, in the order in which each step can be seen to be true. */
const STEPS = [
  { key: 'paid', title: 'Paid', meaning: 'The payment provider confirmed your payment.' },
  { key: 'minting', title: 'Minting', meaning: 'The transaction that creates your units is on its way.' },
  { key: 'minted', title: 'Minted', meaning: 'Your units exist in a block of the chain.' },
  { key: 'indexed', title: 'In your portfolio', meaning: 'Our mirror of the chain has seen them in your wallet.' },
  { key: 'final', title: 'Final', meaning: 'The network can no longer undo that block.' },
] as const

const REACHED: Record<Investment['progress'], number> = {
  awaiting_payment: 0,
  processing: 0,
  paid: 1,
  minting: 1,
  minted: 3,
  indexed: 4,
  final: 5,
  stopped: 0,
}

/** The five steps with where the investment stands; the step after the last one reached is the one happening now. */
export function investmentSteps(investment: Pick<Investment, 'progress' | 'state' | 'cancelUntil'>, now: Date): Step[] {
  const reached = REACHED[investment.progress]
  const current = investment.progress === 'paid' || investment.progress === 'minting' ? 1 : reached
  const isHeld = investment.progress === 'paid' && mayStillCancel(investment, now)
  const stopped = investment.progress === 'stopped' || investment.progress === 'awaiting_payment' || isHeld
  return STEPS.map((step, index) => ({
    ...step,
    state:
      index < reached
        ? 'done'
        : stopped
          ? investment.state === 'payment_failed' && index === 0
            ? 'failed'
            : 'todo'
          : index === current
            ? 'now'
            : 'todo',
  }))
}

/** One sentence on where the investment stands; the live region reads it out. */
export function investmentSentence(investment: Pick<Investment, 'progress' | 'state' | 'cancelUntil'>, now: Date): string {
  switch (investment.state) {
    case 'payment_failed':
      return 'Your payment was declined. Nothing was charged and your units are still reserved.'
    case 'cancelled':
      return investment.cancelUntil === null
        ? 'You cancelled this order before paying. Nothing was charged.'
        : 'You took this order back. If it was paid, we are sending your money back.'
    case 'expired':
      return 'The reservation ran out before the payment arrived. Nothing was charged.'
    case 'refund_due':
      return 'We are sending your money back.'
    case 'refunded':
      return 'Your money went back to where it came from.'
    case 'review':
      return 'Your payment arrived, but something about it needs a person’s eyes. We’ll write to you.'
  }
  switch (investment.progress) {
    case 'awaiting_payment':
      return 'Your units are reserved. They are yours once the payment is confirmed.'
    case 'processing':
      return 'Your bank is asked for the payment. That takes up to four working days; your units stay reserved.'
    case 'paid':
      return mayStillCancel(investment, now)
        ? 'Payment confirmed. Your units are minted once the time in which you can take the order back is over.'
        : 'Payment confirmed. Your units are about to be minted.'
    case 'minting':
      return 'Your units are being minted.'
    case 'minted':
      return 'Minted. Waiting for our mirror of the chain to see them.'
    case 'indexed':
      return 'Your units are in your wallet and in your portfolio.'
    case 'final':
      return 'Done: your units are in your wallet, and that is final.'
    case 'stopped':
      return 'This order has stopped.'
  }
}

/** True while another look may show something new. */
export function isMoving(investment: Pick<Investment, 'progress' | 'state'>): boolean {
  if (investment.progress === 'final') return false
  return !['cancelled', 'refunded'].includes(investment.state)
}

/** What the person can still do with the order. */
export function orderChoices(
  investment: Pick<Investment, 'state' | 'checkoutUrl' | 'reservedUntil' | 'cancelUntil'>,
  now: Date,
): { pay: boolean; cancel: boolean } {
  const open = investment.state === 'awaiting_payment' || investment.state === 'payment_failed'
  return {
    pay: open && investment.checkoutUrl !== null && new Date(investment.reservedUntil) > now,
    cancel: open || (investment.state === 'paid' && mayStillCancel(investment, now)),
  }
}

/** Whether a bank transfer is a way to pay the order; not while the bank is asked for a debit. */
export function canPayByWire(
  { state, progress, currency, reservedUntil }: Pick<Investment, 'state' | 'progress' | 'currency' | 'reservedUntil'>,
  currencies: readonly string[],
  now: Date,
): boolean {
  const open = state === 'awaiting_payment' || state === 'payment_failed'
  return open && progress !== 'processing' && currencies.includes(currency) && new Date(reservedUntil) > now
}

/** Whether the law still lets the investor take the order back without a reason. */
function mayStillCancel({ cancelUntil }: Pick<Investment, 'cancelUntil'>, now: Date): boolean {
  return cancelUntil !== null && now < new Date(cancelUntil)
}
