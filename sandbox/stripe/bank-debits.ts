import type Stripe from 'stripe'
import { settleCharge } from './balance.ts'
import { TEST_CARDS } from './cards.ts'
import { openDispute } from './disputes.ts'
import { newCharge } from './objects.ts'
import { emitEvent, type StripeVendor, secondsOf } from './vendor.ts'

export interface BankAccount {
  number: string
  title: string
  failure?: { code: string; message: string }
  isDisputed?: true
}

const failing = (number: string, code: string, title: string): BankAccount => ({ number, title, failure: { code, message: title } })

/** docs.stripe.com/payments/ach-direct-debit/accept-a-payment#test-account-numbers, all at the routing number below. */
export const TEST_ACCOUNTS: readonly BankAccount[] = [
  { number: '000123456789', title: 'Succeeds' },
  failing('000111111113', 'account_closed', 'The account is closed'),
  failing('000111111116', 'no_account', 'There is no such account'),
  failing('000222222227', 'insufficient_funds', 'The account has insufficient funds'),
  failing('000333333335', 'debit_not_authorized', 'The payer did not authorize the debit'),
  { number: '000555555559', title: 'Succeeds, then is disputed', isDisputed: true },
]
export const TEST_ROUTING_NUMBER = '110000000'

/** A debit on its way: what the bank will say is decided by the account. */
export interface Debit {
  intentId: string
  account: BankAccount
  begunAt: number
}

/** Begins to debit an account: until the bank has answered the payment is neither here nor refused. */
export function beginDebit(vendor: StripeVendor, intent: Stripe.PaymentIntent, account: BankAccount): void {
  const now = secondsOf(vendor.now())
  const { state } = vendor.store
  const charge = newCharge(intent, TEST_CARDS[0]!, { expMonth: 1, expYear: 2000 }, now)
  charge.status = 'pending'
  charge.paid = false
  charge.payment_method_details = {
    type: 'us_bank_account',
    us_bank_account: {
      last4: account.number.slice(-4),
      routing_number: TEST_ROUTING_NUMBER,
    } as Stripe.Charge.PaymentMethodDetails.UsBankAccount,
  }
  state.charges[charge.id] = charge
  intent.latest_charge = charge.id
  intent.payment_method = charge.payment_method
  intent.last_payment_error = null
  intent.status = 'processing'
  state.debits.push({ intentId: intent.id, account, begunAt: now })
  emitEvent(vendor, 'charge.pending', charge)
  emitEvent(vendor, 'payment_intent.processing', intent)
}

/** What the banks answer to debits that were begun so long ago. Says how many. */
export function settleDebits(vendor: StripeVendor, afterSeconds: number): number {
  const { state } = vendor.store
  const now = secondsOf(vendor.now())
  const due = state.debits.filter(({ begunAt }) => begunAt + afterSeconds <= now)
  state.debits = state.debits.filter((debit) => !due.includes(debit))
  for (const debit of due) settle(vendor, debit)
  return due.length
}

function settle(vendor: StripeVendor, { intentId, account }: Debit): void {
  const { state } = vendor.store
  const intent = state.intents[intentId]!
  const charge = state.charges[String(intent.latest_charge)]!
  const session = Object.values(state.sessions).find(({ shown }) => shown.payment_intent === intentId)?.shown
  if (account.failure !== undefined) {
    const { code, message } = account.failure
    charge.status = 'failed'
    charge.captured = false
    charge.amount_captured = 0
    charge.failure_code = code
    charge.failure_message = message
    intent.status = 'requires_payment_method'
    intent.last_payment_error = {
      type: 'invalid_request_error',
      code,
      message,
      charge: charge.id,
    } as unknown as Stripe.PaymentIntent.LastPaymentError
    emitEvent(vendor, 'charge.failed', charge)
    emitEvent(vendor, 'payment_intent.payment_failed', intent)
    if (session) emitEvent(vendor, 'checkout.session.async_payment_failed', session)
    return
  }
  charge.status = 'succeeded'
  charge.paid = true
  settleCharge(vendor, charge)
  intent.status = 'succeeded'
  intent.amount_received = intent.amount
  emitEvent(vendor, 'charge.succeeded', charge)
  emitEvent(vendor, 'payment_intent.succeeded', intent)
  if (session) {
    session.payment_status = 'paid'
    emitEvent(vendor, 'checkout.session.async_payment_succeeded', session)
  }
  if (account.isDisputed) openDispute(vendor, charge)
}
