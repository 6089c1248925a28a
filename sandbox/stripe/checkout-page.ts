import type { FastifyInstance } from 'fastify'
import type Stripe from 'stripe'
import { type Form, parseForm, textAt } from '../form.ts'
import { escapeHtml, PAGE_HEADERS, page } from '../page.ts'
import { beginDebit, TEST_ACCOUNTS, TEST_ROUTING_NUMBER } from './bank-debits.ts'
import { type CardEntry, checkCard, TEST_CARDS } from './cards.ts'
import { chargeIntent } from './charge-intent.ts'
import { StripeProblem } from './errors.ts'
import { newIntent, type Session } from './objects.ts'
import { emitEvent, type StripeVendor, secondsOf } from './vendor.ts'

/** The hosted page a checkout session's `url` leads to: plain HTML, works without scripts. */
export async function checkoutPage(app: FastifyInstance, { vendor }: { vendor: StripeVendor }) {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  app.get<{ Params: { id: string } }>('/c/pay/:id', async (request, reply) => {
    const session = sessionOf(request.params.id)
    if (session === undefined) return reply.status(404).headers(PAGE_HEADERS).send(notFound())
    if (session.shown.status === 'complete') return reply.redirect(successUrl(session), 303)
    if (session.shown.status === 'expired') return reply.status(410).headers(PAGE_HEADERS).send(expired(session))
    return reply.headers(PAGE_HEADERS).send(paymentForm(session))
  })

  app.post<{ Params: { id: string }; Body: string }>('/c/pay/:id', async (request, reply) => {
    const session = sessionOf(request.params.id)
    if (session === undefined) return reply.status(404).headers(PAGE_HEADERS).send(notFound())
    if (session.shown.status === 'expired') return reply.status(410).headers(PAGE_HEADERS).send(expired(session))
    if (session.shown.status === 'complete') return reply.redirect(successUrl(session), 303)
    const problem = pay(vendor, session, parseForm(request.body))
    if (problem !== undefined) return reply.status(402).headers(PAGE_HEADERS).send(paymentForm(session, problem))
    return reply.redirect(successUrl(session), 303)
  })

  function sessionOf(id: string): Session | undefined {
    const { sessions } = vendor.store.state
    return Object.hasOwn(sessions, id) ? sessions[id] : undefined
  }
}

interface Problem {
  message: string
  /** The form field to correct; none when the card was declined. */
  field?: string
}

/** Tries to pay an open session: undefined when it worked, else what to tell the customer. */
function pay(vendor: StripeVendor, session: Session, form: Form): Problem | undefined {
  const { shown } = session
  if (textAt(form, 'method') === 'bank') {
    const account = TEST_ACCOUNTS.find(({ number }) => number === (textAt(form, 'account') ?? '').replace(/\s/g, ''))
    if (!shown.payment_method_types.includes('us_bank_account') || account === undefined || textAt(form, 'routing') !== TEST_ROUTING_NUMBER)
      return { message: 'This bank account is not one of the test accounts below.', field: 'account' }
    beginDebit(vendor, intentOf(vendor, session), account)
    complete(vendor, shown, 'unpaid')
    return undefined
  }
  const entry = readEntry(form)
  const checked = checkCard(entry, vendor.now())
  if ('decline' in checked) return { message: checked.decline.message, field: checked.param }
  try {
    chargeIntent(vendor, intentOf(vendor, session), checked.card, entry)
  } catch (error) {
    if (error instanceof StripeProblem) return { message: error.message }
    throw error
  }
  complete(vendor, shown, 'paid')
  return undefined
}

/** As at Stripe there is one from the first try on. */
function intentOf(vendor: StripeVendor, { shown, intentDescription, intentMetadata }: Session): Stripe.PaymentIntent {
  const { intents } = vendor.store.state
  const known = typeof shown.payment_intent === 'string' ? intents[shown.payment_intent] : undefined
  if (known) return known
  const intent = newIntent({
    amount: shown.amount_total!,
    currency: shown.currency!,
    created: secondsOf(vendor.now()),
    description: intentDescription,
    metadata: intentMetadata,
    receipt_email: shown.customer_email,
  })
  intents[intent.id] = intent
  shown.payment_intent = intent.id
  emitEvent(vendor, 'payment_intent.created', intent)
  return intent
}

function complete(vendor: StripeVendor, shown: Stripe.Checkout.Session, paymentStatus: 'paid' | 'unpaid'): void {
  shown.status = 'complete'
  shown.payment_status = paymentStatus
  shown.url = null
  shown.customer_details = {
    address: null,
    business_name: null,
    email: shown.customer_email,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  }
  emitEvent(vendor, 'checkout.session.completed', shown)
}

function readEntry(form: Form): CardEntry {
  const [, month, year] = /^\s*(\d{1,2})\s*\/\s*(\d{2}|\d{4})\s*$/.exec(textAt(form, 'expiry') ?? '') ?? []
  return {
    number: textAt(form, 'number') ?? '',
    expMonth: Number(month ?? 0),
    expYear: year === undefined ? 0 : Number(year.length === 2 ? `20${year}` : year),
    cvc: (textAt(form, 'cvc') ?? '').trim(),
  }
}

function successUrl({ shown }: Session): string {
  return shown.success_url!.replaceAll('{CHECKOUT_SESSION_ID}', shown.id)
}

function paymentForm({ shown, lineName, intentDescription }: Session, problem?: Problem): string {
  const amount = new Intl.NumberFormat('en-US', { style: 'currency', currency: shown.currency! }).format(shown.amount_total! / 100)
  const invalidField = (...names: string[]) =>
    problem?.field !== undefined && names.includes(problem.field) ? ' aria-invalid="true" aria-describedby="problem"' : ''
  return page(
    `Pay ${amount}`,
    `<h1>Pay ${escapeHtml(amount)}</h1>
<p>${escapeHtml(lineName)}${intentDescription === null ? '' : `<br>${escapeHtml(intentDescription)}`}</p>
<p class="note">Sandbox: no money moves. Use one of the test cards below, any future date and any three digits.</p>
${problem === undefined ? '' : `<p class="error" role="alert" id="problem">${escapeHtml(problem.message)} Try again, or use another card.</p>`}
<form method="post" autocomplete="off">
<label for="number">Card number</label><input id="number" name="number" inputmode="numeric" required maxlength="23" placeholder="4242 4242 4242 4242"${invalidField('number')}>
<div class="row">
<div><label for="expiry">Expiry (MM/YY)</label><input id="expiry" name="expiry" inputmode="numeric" required maxlength="9" placeholder="12/34"${invalidField('exp_month', 'exp_year')}></div>
<div><label for="cvc">CVC</label><input id="cvc" name="cvc" inputmode="numeric" required maxlength="4" placeholder="123"${invalidField('cvc')}></div>
</div>
<button type="submit">Pay ${escapeHtml(amount)}</button>
</form>
${shown.payment_method_types.includes('us_bank_account') ? bankForm(amount) : ''}
${shown.cancel_url === null ? '' : `<p><a href="${escapeHtml(shown.cancel_url)}">Cancel and go back</a></p>`}
<h2>Test cards</h2>
<table><thead><tr><th scope="col">Number</th><th scope="col">What happens</th></tr></thead><tbody>
${TEST_CARDS.map(({ number, title }) => `<tr><td><code>${number}</code></td><td>${escapeHtml(title)}</td></tr>`).join('\n')}
</tbody></table>`,
  )
}

function bankForm(amount: string): string {
  return `<h2>Or debit a bank account</h2>
<form method="post" autocomplete="off"><input type="hidden" name="method" value="bank">
<div class="row">
<div><label for="routing">Routing number</label><input id="routing" name="routing" inputmode="numeric" required maxlength="9" value="${TEST_ROUTING_NUMBER}"></div>
<div><label for="account">Account number</label><select id="account" name="account">${TEST_ACCOUNTS.map(({ number, title }) => `<option value="${number}">${number}: ${escapeHtml(title)}</option>`).join('')}</select></div>
</div>
<button type="submit">Debit ${escapeHtml(amount)}</button>
</form>`
}

function expired({ shown }: Session): string {
  const back = shown.cancel_url ?? shown.success_url!
  return page(
    'Payment page expired',
    `<h1>This payment page has expired</h1><p>Nothing was charged. <a href="${escapeHtml(back)}">Go back</a> and start again.</p>`,
  )
}

function notFound(): string {
  return page('Not found', '<h1>There is no such payment page</h1><p>Go back to where you came from and start again.</p>')
}
