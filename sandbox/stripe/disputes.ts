import type Stripe from 'stripe'
import { type Form, textAt } from '../form.ts'
import { moveDisputed } from './balance.ts'
import { invalid } from './errors.ts'
import { randomId } from './ids.ts'
import { listOf } from './list.ts'
import type { Get, Post } from './method.ts'
import { onlyKnown } from './params.ts'
import { emitEvent, find, type StripeVendor, secondsOf } from './vendor.ts'

const ANSWER_WITHIN_SECONDS = 7 * 86_400
const DECIDED = ['won', 'lost']

/** `/v1/disputes`: read, list, answer with evidence, give up. As in Stripe's test mode the text of the evidence decides. */
export function registerDisputes(post: Post, get: Get, vendor: StripeVendor): void {
  const { disputes } = vendor.store.state

  get('/disputes', (form) => {
    const [intent, charge] = [textAt(form, 'payment_intent'), textAt(form, 'charge')]
    const wanted = Object.values(disputes).filter(
      (dispute) => (intent === undefined || dispute.payment_intent === intent) && (charge === undefined || dispute.charge === charge),
    )
    return listOf(wanted, form, '/v1/disputes')
  })
  get('/disputes/:id', (_form, { id }) => find(disputes, 'dispute', id!))
  post('/disputes/:id', (form, { id }, key) => {
    onlyKnown(form, 'evidence', 'metadata', 'submit')
    const dispute = openOne(id!)
    const text = textAt(form, 'evidence', 'uncategorized_text')
    if (text !== undefined) dispute.evidence.uncategorized_text = text
    if (textAt(form, 'submit') === 'false') return dispute
    dispute.status = 'under_review'
    dispute.evidence_details.has_evidence = true
    dispute.evidence_details.submission_count++
    emitEvent(vendor, 'charge.dispute.updated', dispute, key)
    if (text === 'winning_evidence') close(vendor, dispute, 'won', key)
    if (text === 'losing_evidence') close(vendor, dispute, 'lost', key)
    return dispute
  })
  post('/disputes/:id/close', (form: Form, { id }, key) => {
    onlyKnown(form)
    const dispute = openOne(id!)
    close(vendor, dispute, 'lost', key)
    return dispute
  })

  function openOne(id: string): Stripe.Dispute {
    const dispute = find(disputes, 'dispute', id)
    if (DECIDED.includes(dispute.status)) throw invalid('This dispute is already closed', undefined, 'charge_disputed')
    return dispute
  }
}

/** The payer tells the bank that they don't recognise the charge: the money is taken at once, until the bank has decided. */
export function openDispute(vendor: StripeVendor, charge: Stripe.Charge): Stripe.Dispute {
  const now = secondsOf(vendor.now())
  const dispute = {
    id: randomId('du_1'),
    object: 'dispute',
    amount: charge.amount - charge.amount_refunded,
    balance_transactions: [],
    charge: charge.id,
    created: now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: {},
    evidence_details: {
      due_by: now + ANSWER_WITHIN_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: charge.payment_method_details?.type === 'card' ? 'fraudulent' : 'debit_not_authorized',
    status: 'needs_response',
  } as unknown as Stripe.Dispute
  charge.disputed = true
  vendor.store.state.disputes[dispute.id] = dispute
  dispute.balance_transactions.push(moveDisputed(vendor, dispute, false))
  emitEvent(vendor, 'charge.dispute.created', dispute)
  emitEvent(vendor, 'charge.dispute.funds_withdrawn', dispute)
  return dispute
}

function close(vendor: StripeVendor, dispute: Stripe.Dispute, status: 'won' | 'lost', key: string | null): void {
  dispute.status = status
  if (status === 'won') {
    dispute.balance_transactions.push(moveDisputed(vendor, dispute, true))
    emitEvent(vendor, 'charge.dispute.funds_reinstated', dispute, key)
  }
  emitEvent(vendor, 'charge.dispute.closed', dispute, key)
}
