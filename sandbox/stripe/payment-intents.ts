import type Stripe from 'stripe'
import { textAt } from '../form.ts'
import { cardOfPaymentMethod, type TestCard } from './cards.ts'
import { chargeIntent } from './charge-intent.ts'
import { invalid, missing } from './errors.ts'
import { listOf } from './list.ts'
import type { Get, Post } from './method.ts'
import { newIntent } from './objects.ts'
import { currencyAt, metadataAt, onlyKnown, requiredInteger } from './params.ts'
import { checkAmount } from './sessions.ts'
import { emitEvent, find, type StripeVendor, secondsOf } from './vendor.ts'

const KNOWN = [
  'amount',
  'currency',
  'description',
  'metadata',
  'payment_method',
  'payment_method_types',
  'automatic_payment_methods',
  'confirm',
  'receipt_email',
  'capture_method',
  'return_url',
  'off_session',
]

/** `/v1/payment_intents`: create, read, list, confirm with one of Stripe's test payment methods, cancel. */
export function registerPaymentIntents(post: Post, get: Get, vendor: StripeVendor): void {
  const { intents } = vendor.store.state

  post('/payment_intents', (form, _params, key) => {
    onlyKnown(form, ...KNOWN)
    const amount = requiredInteger(form, 'amount')
    const currency = currencyAt(form, 'currency')
    checkAmount(amount, currency, 'amount')
    const method = textAt(form, 'payment_method')
    const card = method === undefined ? undefined : readMethod(method)
    const intent = newIntent({
      amount,
      currency,
      created: secondsOf(vendor.now()),
      description: textAt(form, 'description') ?? null,
      metadata: metadataAt(form, 'metadata'),
      receipt_email: textAt(form, 'receipt_email') ?? null,
    })
    if (method !== undefined) {
      intent.payment_method = method
      intent.status = 'requires_confirmation'
    }
    intents[intent.id] = intent
    emitEvent(vendor, 'payment_intent.created', intent, key)
    if (textAt(form, 'confirm') === 'true') confirm(vendor, intent, card, key)
    return intent
  })
  get('/payment_intents', (form) => listOf(Object.values(intents), form, '/v1/payment_intents'))
  get('/payment_intents/:id', (_form, { id }) => find(intents, 'payment_intent', id!))
  post('/payment_intents/:id/confirm', (form, { id }, key) => {
    onlyKnown(form, 'payment_method', 'return_url', 'off_session', 'receipt_email')
    const intent = find(intents, 'payment_intent', id!)
    const method = textAt(form, 'payment_method') ?? (typeof intent.payment_method === 'string' ? intent.payment_method : undefined)
    confirm(vendor, intent, method === undefined ? undefined : readMethod(method), key)
    return intent
  })
  post('/payment_intents/:id/cancel', (form, { id }, key) => {
    onlyKnown(form, 'cancellation_reason')
    const intent = find(intents, 'payment_intent', id!)
    if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpected('cancel', intent)
    intent.status = 'canceled'
    intent.canceled_at = secondsOf(vendor.now())
    intent.cancellation_reason = textAt(form, 'cancellation_reason') ?? null
    emitEvent(vendor, 'payment_intent.canceled', intent, key)
    return intent
  })
}

function confirm(vendor: StripeVendor, intent: Stripe.PaymentIntent, card: TestCard | undefined, key: string | null) {
  if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpected('confirm', intent)
  if (card === undefined) {
    throw invalid(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
      'payment_method',
      'payment_intent_unexpected_state',
    )
  }
  chargeIntent(vendor, intent, card, { expMonth: 12, expYear: vendor.now().getUTCFullYear() + 1 }, key)
}

function readMethod(method: string): TestCard {
  const card = cardOfPaymentMethod(method)
  if (card === undefined) throw missing('PaymentMethod', method, 'payment_method')
  return card
}

function unexpected(action: 'cancel' | 'confirm', intent: Stripe.PaymentIntent) {
  const message =
    action === 'cancel'
      ? `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.`
      : `You cannot confirm this PaymentIntent because it has already ${intent.status} after being previously confirmed.`
  return invalid(message, undefined, 'payment_intent_unexpected_state')
}
