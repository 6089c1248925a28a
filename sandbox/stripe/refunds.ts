import type Stripe from 'stripe'
import { textAt } from '../form.ts'
import { takeBack } from './balance.ts'
import { invalid } from './errors.ts'
import { randomId } from './ids.ts'
import { listOf } from './list.ts'
import type { Get, Post } from './method.ts'
import { integerAt, metadataAt, onlyKnown } from './params.ts'
import { emitEvent, find, type StripeVendor, secondsOf } from './vendor.ts'

const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer']

/** `/v1/refunds`: in full or in part, by payment intent or by charge. */
export function registerRefunds(post: Post, get: Get, vendor: StripeVendor): void {
  const { refunds, charges, intents } = vendor.store.state

  post('/refunds', (form, _params, key) => {
    onlyKnown(form, 'payment_intent', 'charge', 'amount', 'reason', 'metadata')
    const charge = findCharge(textAt(form, 'payment_intent'), textAt(form, 'charge'))
    const reason = textAt(form, 'reason') ?? null
    if (reason !== null && !REASONS.includes(reason)) throw invalid(`Invalid reason: must be one of ${REASONS.join(', ')}`, 'reason')
    if (
      Object.values(vendor.store.state.disputes).some(
        (dispute) => dispute.charge === charge.id && !dispute.is_charge_refundable && dispute.status !== 'won',
      )
    )
      throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, undefined, 'charge_disputed')
    const open = charge.amount - charge.amount_refunded
    if (open === 0) throw invalid(`Charge ${charge.id} has already been refunded.`, undefined, 'charge_already_refunded')
    const amount = integerAt(form, 'amount') ?? open
    if (amount > open)
      throw invalid(`Refund amount (${dollars(amount)}) is greater than unrefunded amount on charge (${dollars(open)})`, 'amount')
    const refund: Stripe.Refund = {
      id: randomId('re_3'),
      object: 'refund',
      amount,
      balance_transaction: null,
      charge: charge.id,
      created: secondsOf(vendor.now()),
      currency: charge.currency,
      customer: null,
      customer_account: null,
      destination_details: {
        type: 'card',
        card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      },
      metadata: metadataAt(form, 'metadata'),
      payment_intent: charge.payment_intent,
      payment_method: charge.payment_method,
      reason: reason as Stripe.Refund['reason'],
      receipt_number: null,
      source_transfer_reversal: null,
      status: 'succeeded',
      transfer_reversal: null,
    }
    refunds[refund.id] = refund
    refund.balance_transaction = takeBack(vendor, refund).id
    charge.amount_refunded += amount
    charge.refunded = charge.amount_refunded === charge.amount
    emitEvent(vendor, 'refund.created', refund, key)
    emitEvent(vendor, 'charge.refunded', charge, key)
    return refund
  })
  get('/refunds', (form) => {
    const [intent, charge] = [textAt(form, 'payment_intent'), textAt(form, 'charge')]
    const all = Object.values(refunds)
    return listOf(
      all.filter(
        (refund) => (intent === undefined || refund.payment_intent === intent) && (charge === undefined || refund.charge === charge),
      ),
      form,
      '/v1/refunds',
    )
  })
  get('/refunds/:id', (_form, { id }) => find(refunds, 'refund', id!))

  function findCharge(intentId: string | undefined, chargeId: string | undefined): Stripe.Charge {
    if (intentId === undefined && chargeId === undefined) {
      throw invalid(
        'One of the following params should be provided for this request: payment_intent or charge.',
        undefined,
        'parameter_missing',
      )
    }
    if (chargeId !== undefined) {
      const charge = find(charges, 'charge', chargeId)
      if (!charge.paid) throw invalid(`Charge ${chargeId} is not refundable: it was not successful.`, 'charge')
      return charge
    }
    const intent = find(intents, 'payment_intent', intentId!)
    if (intent.status !== 'succeeded')
      throw invalid(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, 'payment_intent')
    return find(charges, 'charge', String(intent.latest_charge))
  }
}

/** The payer's bank sent it back: the money is on the balance again. */
export function failRefund(vendor: StripeVendor, refund: Stripe.Refund): void {
  const charge = vendor.store.state.charges[String(refund.charge)]!
  refund.status = 'failed'
  refund.failure_reason = 'expired_or_canceled_card'
  refund.failure_balance_transaction = takeBack(vendor, { ...refund, amount: -refund.amount }, 'refund_failure').id
  charge.amount_refunded -= refund.amount
  charge.refunded = false
  emitEvent(vendor, 'refund.failed', refund)
  emitEvent(vendor, 'charge.refund.updated', refund)
}

function dollars(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`
}
