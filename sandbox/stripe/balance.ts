import type Stripe from 'stripe'
import { randomId } from './ids.ts'
import { type StripeVendor, secondsOf } from './vendor.ts'

/** What a dispute costs, whoever wins it. */
const DISPUTE_FEE = 1_500
/** stripe.com/pricing for the United States: cards 2.9 % and 30 cents, bank debits 0.8 % and at most 5 dollars. */
const cardFee = (amount: number) => Math.round(amount * 0.029) + 30
const debitFee = (amount: number) => Math.min(Math.round(amount * 0.008), 500)

export interface BalanceChange {
  type: 'charge' | 'payment' | 'refund' | 'refund_failure' | 'adjustment' | 'transfer' | 'payout'
  /** Negative takes from the balance. */
  amount: number
  fee: number
  currency: string
  source: string
  description?: string
  reportingCategory?: string
}

/** Puts a movement on the account's balance. */
export function changeBalance(vendor: StripeVendor, change: BalanceChange): Stripe.BalanceTransaction {
  const { type, amount, fee, currency, source, description = null, reportingCategory = type } = change
  const now = secondsOf(vendor.now())
  const entry: Stripe.BalanceTransaction = {
    id: randomId('txn_3'),
    object: 'balance_transaction',
    amount,
    available_on: now,
    balance_type: 'payments',
    created: now,
    currency,
    description,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [{ amount: fee, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' }],
    net: amount - fee,
    reporting_category: reportingCategory,
    source,
    status: 'available',
    type,
  }
  vendor.store.state.balance[entry.id] = entry
  vendor.store.changed()
  return entry
}

/** What arrived by a charge, less what Stripe keeps of it. */
export function settleCharge(vendor: StripeVendor, charge: Stripe.Charge): void {
  const isCard = charge.payment_method_details?.type === 'card'
  charge.balance_transaction = changeBalance(vendor, {
    type: isCard ? 'charge' : 'payment',
    amount: charge.amount,
    fee: isCard ? cardFee(charge.amount) : debitFee(charge.amount),
    currency: charge.currency,
    source: charge.id,
  }).id
}

export function takeBack(
  vendor: StripeVendor,
  refund: Pick<Stripe.Refund, 'id' | 'amount' | 'currency'>,
  type: 'refund' | 'refund_failure' = 'refund',
): Stripe.BalanceTransaction {
  return changeBalance(vendor, { type, amount: -refund.amount, fee: 0, currency: refund.currency, source: refund.id })
}

/** `isBack`: the bank decided for us. The fee stays with Stripe. */
export function moveDisputed(vendor: StripeVendor, dispute: Stripe.Dispute, isBack: boolean): Stripe.BalanceTransaction {
  return changeBalance(vendor, {
    type: 'adjustment',
    amount: isBack ? dispute.amount : -dispute.amount,
    fee: isBack ? 0 : DISPUTE_FEE,
    currency: dispute.currency,
    source: dispute.id,
    description: isBack ? 'Chargeback reversal' : `Chargeback withdrawal for ${String(dispute.charge)}`,
    reportingCategory: isBack ? 'dispute_reversal' : 'dispute',
  })
}
