import type Stripe from 'stripe'
import { type Form, textAt, valueAt } from '../form.ts'
import { invalid } from './errors.ts'
import { listOf } from './list.ts'
import type { Get, Post } from './method.ts'
import { newSession, type Session } from './objects.ts'
import { currencyAt, integerAt, metadataAt, onlyKnown, requiredInteger, requiredText } from './params.ts'
import { emitEvent, find, type StripeVendor, secondsOf } from './vendor.ts'

const KNOWN = [
  'mode',
  'line_items',
  'success_url',
  'cancel_url',
  'client_reference_id',
  'customer_email',
  'expires_at',
  'metadata',
  'payment_intent_data',
  'allowed_payment_method_types',
  'submit_type',
  'locale',
  'ui_mode',
  'customer_creation',
  'billing_address_collection',
]
const DAY_SECONDS = 86_400
const SHORTEST_SECONDS = 30 * 60

/** `/v1/checkout/sessions`: payment mode, one currency, prices given in the request. */
export function registerSessions(post: Post, get: Get, vendor: StripeVendor): void {
  const { sessions } = vendor.store.state

  post('/checkout/sessions', (form) => {
    onlyKnown(form, ...KNOWN)
    const session = readSession(vendor, form)
    sessions[session.shown.id] = session
    vendor.store.changed()
    return session.shown
  })
  get('/checkout/sessions', (form) => {
    const intent = textAt(form, 'payment_intent')
    const all = Object.values(sessions).map(({ shown }) => shown)
    return listOf(intent === undefined ? all : all.filter((session) => session.payment_intent === intent), form, '/v1/checkout/sessions')
  })
  get('/checkout/sessions/:id', (_form, { id }) => find(sessions, 'checkout.session', id!).shown)
  get('/checkout/sessions/:id/line_items', (form, { id }) => {
    const { shown, lineName } = find(sessions, 'checkout.session', id!)
    const item = {
      id: `li_${shown.id.slice(-24)}`,
      object: 'item',
      amount_total: shown.amount_total,
      amount_subtotal: shown.amount_total,
      currency: shown.currency,
      description: lineName,
      quantity: 1,
    }
    return listOf([item], form, `/v1/checkout/sessions/${id}/line_items`)
  })
  post('/checkout/sessions/:id/expire', (form, { id }, key) => {
    onlyKnown(form)
    const session = find(sessions, 'checkout.session', id!)
    if (session.shown.status !== 'open') {
      throw invalid(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.shown.status}.`,
      )
    }
    expireSession(vendor, session, key)
    return session.shown
  })
}

/** Closes the sessions whose time has run out. */
export function expireDue(vendor: StripeVendor): void {
  const now = secondsOf(vendor.now())
  for (const session of Object.values(vendor.store.state.sessions)) {
    if (session.shown.status === 'open' && session.shown.expires_at <= now) expireSession(vendor, session, null)
  }
}

function expireSession(vendor: StripeVendor, { shown }: Session, key: string | null) {
  shown.status = 'expired'
  shown.url = null
  const intent = typeof shown.payment_intent === 'string' ? vendor.store.state.intents[shown.payment_intent] : undefined
  if (intent !== undefined && intent.status !== 'succeeded' && intent.status !== 'canceled') {
    intent.status = 'canceled'
    intent.canceled_at = secondsOf(vendor.now())
    intent.cancellation_reason = 'automatic'
    emitEvent(vendor, 'payment_intent.canceled', intent, key)
  }
  emitEvent(vendor, 'checkout.session.expired', shown, key)
}

function readSession(vendor: StripeVendor, form: Form): Session {
  const mode = requiredText(form, 'mode')
  if (mode !== 'payment') throw invalid(`Invalid mode: must be payment here, got ${mode}`, 'mode')
  const now = secondsOf(vendor.now())
  const expiresAt = integerAt(form, 'expires_at') ?? now + DAY_SECONDS
  // A minute of grace: the caller's clock and the way here.
  if (expiresAt < now + SHORTEST_SECONDS - 60 || expiresAt > now + DAY_SECONDS + 60) {
    throw invalid('The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.', 'expires_at')
  }
  const { total, currency, name } = readLines(form)
  const methods = readMethods(form, currency)
  const shown: Stripe.Checkout.Session = newSession(
    {
      amount_total: total,
      currency,
      created: now,
      expires_at: expiresAt,
      success_url: urlAt(form, 'success_url'),
      cancel_url: textAt(form, 'cancel_url') === undefined ? null : urlAt(form, 'cancel_url'),
      client_reference_id: textAt(form, 'client_reference_id') ?? null,
      customer_email: textAt(form, 'customer_email') ?? null,
      metadata: metadataAt(form, 'metadata'),
      allowed_payment_method_types: valueAt(form, 'allowed_payment_method_types') === undefined ? null : methods,
      payment_method_types: methods,
    },
    vendor.baseUrl(),
  )
  return {
    shown,
    lineName: name,
    intentDescription: textAt(form, 'payment_intent_data', 'description') ?? null,
    intentMetadata: metadataAt(form, 'payment_intent_data', 'metadata'),
  }
}

function readMethods(form: Form, currency: string): string[] {
  const methods = valueAt(form, 'allowed_payment_method_types')
  if (methods === undefined) return ['card']
  const names = Array.isArray(methods) ? methods.map(String) : []
  const bad = names.find((name) => name !== 'card' && name !== 'us_bank_account')
  if (names.length === 0 || bad !== undefined)
    throw invalid(`Invalid allowed_payment_method_types: ${bad ?? ''}`, 'allowed_payment_method_types')
  if (names.includes('us_bank_account') && currency !== 'usd')
    throw invalid('The payment method `us_bank_account` only supports the following currency: `usd`.', 'allowed_payment_method_types')
  return names
}

function readLines(form: Form): { total: number; currency: string; name: string } {
  const lines = valueAt(form, 'line_items')
  if (!Array.isArray(lines) || lines.length === 0) throw invalid('Missing required param: line_items.', 'line_items', 'parameter_missing')
  const at = (index: number, ...path: string[]) => ['line_items', String(index), ...path]
  const currency = currencyAt(form, ...at(0, 'price_data', 'currency'))
  let total = 0
  lines.forEach((_line, index) => {
    if (currencyAt(form, ...at(index, 'price_data', 'currency')) !== currency)
      throw invalid('All line items must have the same currency.', 'line_items')
    total += requiredInteger(form, ...at(index, 'price_data', 'unit_amount')) * requiredInteger(form, ...at(index, 'quantity'))
  })
  checkAmount(total, currency, 'line_items')
  return { total, currency, name: requiredText(form, ...at(0, 'price_data', 'product_data', 'name')) }
}

/** Stripe's bounds for card payments: half a unit of most currencies, and eight digits. */
export function checkAmount(amount: number, currency: string, param: string): void {
  if (amount < 50) throw invalid(`Amount must be at least 50 ${currency === 'usd' ? 'cents' : currency}`, param, 'amount_too_small')
  if (amount > 99_999_999) throw invalid('Amount must be no more than $999,999.99', param, 'amount_too_large')
}

function urlAt(form: Form, name: string): string {
  const url = requiredText(form, name)
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw invalid('Not a valid URL', name, 'url_invalid')
  return url
}
