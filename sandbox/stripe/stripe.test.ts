import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import Stripe from 'stripe'
import { until } from '../../common/node/testing.ts'
import { startTestSandbox, TEST_VENDOR_SECRETS, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import { type Received, type Receiver, startReceiver } from '../receiver.ts'

let receiver: Receiver
let sandbox: TestSandbox
let stripe: Stripe

before(async () => {
  receiver = await startReceiver()
  sandbox = await startTestSandbox({ STRIPE_WEBHOOK_URL: receiver.url })
  stripe = client(TEST_VENDOR_SECRETS.STRIPE_SECRET_KEY)
})
after(async () => {
  await sandbox.stop()
  await receiver.close()
})

function client(key: string): Stripe {
  const { hostname, port } = new URL(sandbox.url)
  return new Stripe(key, { host: hostname, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 })
}

const ORDER = {
  mode: 'payment',
  line_items: [{ quantity: 4, price_data: { currency: 'usd', unit_amount: 2_500, product_data: { name: 'Sunfield One' } } }],
  success_url: 'http://localhost:3000/investments/7?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'http://localhost:3000/investments/7',
  client_reference_id: 'order-7',
  customer_email: 'ada@example.org',
  metadata: { investmentId: '7' },
  payment_intent_data: { metadata: { investmentId: '7' }, description: '4 units' },
} satisfies Stripe.Checkout.SessionCreateParams

function fillIn(url: string, number: string, more: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams({ number, expiry: '12/39', cvc: '123', ...more }), redirect: 'manual' })
}

function eventOf({ headers, body }: Received): Stripe.Event {
  return stripe.webhooks.constructEvent(body, headers['stripe-signature']!, TEST_VENDOR_SECRETS.STRIPE_WEBHOOK_SECRET)
}

/** The events about one object id, verified by the SDK, in order of arrival. */
function eventsAbout(id: string): Stripe.Event[] {
  return receiver.received
    .map(eventOf)
    .filter(({ data }) => [Reflect.get(data.object, 'id'), Reflect.get(data.object, 'payment_intent')].includes(id))
}

async function fault(work: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await work
  } catch (error) {
    return error as Stripe.errors.StripeError
  }
  throw new Error('expected an error')
}

describe('Stripe checkout', () => {
  it('creates an open session with no payment intent, as Stripe does', async () => {
    const session = await stripe.checkout.sessions.create(ORDER)
    expect(session.id).to.match(/^cs_test_/)
    expect(session).to.include({
      object: 'checkout.session',
      amount_total: 10_000,
      currency: 'usd',
      status: 'open',
      payment_status: 'unpaid',
      livemode: false,
    })
    expect(session).to.include({ payment_intent: null, client_reference_id: 'order-7' })
    expect(session.metadata).to.deep.equal({ investmentId: '7' })
    expect(session.lastResponse.requestId).to.match(/^req_/)
    expect(await stripe.checkout.sessions.retrieve(session.id)).to.include({ id: session.id, status: 'open' })
  })

  it('takes a test card on the hosted page, redirects, and tells the whole story by signed webhooks in order', async () => {
    const { id, url } = await stripe.checkout.sessions.create(ORDER)
    const form = await (await fetch(url!)).text()
    expect(form).to.contain('Pay $100.00').and.contain('Sunfield One').and.contain('4242424242424242')
    const answer = await fillIn(url!, '4242 4242 4242 4242')
    expect(answer.status).to.equal(303)
    expect(answer.headers.get('location')).to.equal(`http://localhost:3000/investments/7?session=${id}`)

    const session = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent.latest_charge'] })
    const intent = session.payment_intent as Stripe.PaymentIntent
    expect(session).to.include({ status: 'complete', payment_status: 'paid', url: null })
    expect(intent).to.include({ status: 'succeeded', amount: 10_000, amount_received: 10_000, currency: 'usd', description: '4 units' })
    expect(intent.metadata).to.deep.equal({ investmentId: '7' })
    expect(intent.latest_charge).to.include({ object: 'charge', paid: true, captured: true })

    await until(async () => eventsAbout(intent.id).length === 4)
    expect(eventsAbout(intent.id).map(({ type }) => type)).to.deep.equal([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ])
    const [created] = eventsAbout(intent.id)
    expect(created).to.include({ object: 'event', livemode: false, api_version: '2026-10-28.endive' })
    expect(await stripe.events.retrieve(created!.id)).to.deep.include({ id: created!.id, type: 'payment_intent.created' })
    expect((await stripe.events.list({ type: 'checkout.session.completed', limit: 1 })).data[0]?.data.object).to.include({ id })
  })

  it('shows why a card was declined and lets the customer try another on the same payment intent', async () => {
    const { id, url } = await stripe.checkout.sessions.create(ORDER)
    const declined = await fillIn(url!, '4000000000009995')
    expect(declined.status).to.equal(402)
    expect(await declined.text())
      .to.contain('role="alert"')
      .and.contain('insufficient funds')
    const open = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] })
    const intent = open.payment_intent as Stripe.PaymentIntent
    expect(open.status).to.equal('open')
    expect(intent.status).to.equal('requires_payment_method')
    expect(intent.last_payment_error).to.include({ code: 'card_declined', decline_code: 'insufficient_funds' })

    expect((await fillIn(url!, '4242424242424242')).status).to.equal(303)
    const paid = await stripe.checkout.sessions.retrieve(id)
    expect(paid).to.include({ status: 'complete', payment_intent: intent.id })
    await until(async () => eventsAbout(intent.id).length === 6)
    expect(eventsAbout(intent.id).map(({ type }) => type)).to.include('payment_intent.payment_failed')
  })

  it('refuses what no card would carry, without an attempt to charge', async () => {
    const { id, url } = await stripe.checkout.sessions.create(ORDER)
    expect(await (await fillIn(url!, '4242424242424241')).text()).to.contain('card number is incorrect')
    expect(await (await fillIn(url!, '4242424242424242', { expiry: '01/20' })).text()).to.contain('expiration year is invalid')
    expect(await (await fillIn(url!, '4242424242424242', { cvc: '1' })).text()).to.contain('security code is invalid')
    expect(await (await fillIn(url!, '4000056655665556')).text()).to.contain('non test (live) card')
    expect((await stripe.checkout.sessions.retrieve(id)).payment_intent).to.equal(null)
  })

  it('charges once when the form is sent twice', async () => {
    const { id, url } = await stripe.checkout.sessions.create(ORDER)
    const answers = await Promise.all([fillIn(url!, '4242424242424242'), fillIn(url!, '4242424242424242')])
    expect(answers.map(({ status }) => status)).to.deep.equal([303, 303])
    const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(id)
    expect((await stripe.charges.list({ payment_intent: String(intent) })).data).to.have.lengthOf(1)
  })

  it('expires a session on request and takes no money afterwards', async () => {
    const { id, url } = await stripe.checkout.sessions.create(ORDER)
    expect(await stripe.checkout.sessions.expire(id)).to.include({ status: 'expired' })
    expect((await fillIn(url!, '4242424242424242')).status).to.equal(410)
    await until(async () => eventsAbout(id).some(({ type }) => type === 'checkout.session.expired'))
    expect((await fault(stripe.checkout.sessions.expire(id))).message).to.contain('status of expired')
  })

  it('names the parameter that is missing, unknown or out of bounds', async () => {
    const { line_items: _lines, ...noLines } = ORDER
    expect(await fault(stripe.checkout.sessions.create(noLines))).to.include({ type: 'StripeInvalidRequestError', param: 'line_items' })
    expect(await fault(stripe.checkout.sessions.create({ ...ORDER, colour: 'red' } as never))).to.include({
      code: 'parameter_unknown',
      param: 'colour',
    })
    expect(await fault(stripe.checkout.sessions.create({ ...ORDER, expires_at: 1 }))).to.include({ param: 'expires_at' })
    expect(await fault(stripe.checkout.sessions.retrieve('cs_test_none'))).to.include({ statusCode: 404, code: 'resource_missing' })
  })
})

describe('Stripe payment intents and refunds', () => {
  const pay = (paymentMethod: string) =>
    stripe.paymentIntents.create({ amount: 5_000, currency: 'usd', payment_method: paymentMethod, confirm: true, metadata: { a: 'b' } })

  it('confirms by a test payment method', async () => {
    const intent = await stripe.paymentIntents.create({ amount: 5_000, currency: 'usd' })
    expect(intent.status).to.equal('requires_payment_method')
    expect(await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' })).to.include({
      status: 'succeeded',
      amount_received: 5_000,
    })
    expect((await fault(stripe.paymentIntents.cancel(intent.id))).code).to.equal('payment_intent_unexpected_state')
  })

  it('answers a declined card as a card error', async () => {
    const error = (await fault(pay('pm_card_visa_chargeDeclined'))) as Stripe.errors.StripeCardError
    expect(error).to.include({ type: 'StripeCardError', statusCode: 402, code: 'card_declined', decline_code: 'generic_decline' })
    expect(error.payment_intent).to.include({ status: 'requires_payment_method' })
    await until(async () => eventsAbout(error.payment_intent!.id).some(({ type }) => type === 'payment_intent.payment_failed'))
  })

  it('cancels an intent that was not paid', async () => {
    const { id } = await stripe.paymentIntents.create({ amount: 5_000, currency: 'usd' })
    expect(await stripe.paymentIntents.cancel(id)).to.include({ status: 'canceled' })
    await until(async () => eventsAbout(id).some(({ type }) => type === 'payment_intent.canceled'))
  })

  it('refunds in parts, never more than was paid, and says so by webhook', async () => {
    const intent = await pay('pm_card_visa')
    expect(await stripe.refunds.create({ payment_intent: intent.id, amount: 2_000 })).to.include({ status: 'succeeded', amount: 2_000 })
    expect((await fault(stripe.refunds.create({ payment_intent: intent.id, amount: 3_001 }))).message).to.contain('greater than unrefunded')
    await stripe.refunds.create({ payment_intent: intent.id, reason: 'requested_by_customer' })
    expect(await stripe.charges.retrieve(String(intent.latest_charge))).to.include({ amount_refunded: 5_000, refunded: true })
    expect((await fault(stripe.refunds.create({ payment_intent: intent.id }))).code).to.equal('charge_already_refunded')
    await until(async () => eventsAbout(intent.id).filter(({ type }) => type === 'charge.refunded').length === 2)
    const refunds = await stripe.refunds.list({ payment_intent: intent.id })
    expect(refunds.data.map(({ amount }) => amount)).to.deep.equal([3_000, 2_000])
  })
})

describe('Stripe requests', () => {
  const intentOf = (amount: number) => ({ amount, currency: 'usd' })

  it('refuses a wrong key and a missing one as authentication errors', async () => {
    expect(await fault(client('sk_test_wrong').paymentIntents.create(intentOf(100)))).to.include({
      type: 'StripeAuthenticationError',
      statusCode: 401,
    })
    const bare = await fetch(`${sandbox.url}/v1/events`)
    expect(bare.status).to.equal(401)
    expect(((await bare.json()) as { error: { type: string } }).error.type).to.equal('invalid_request_error')
  })

  it('answers the same key and body with the first answer, and refuses the same key with another body', async () => {
    const first = await stripe.paymentIntents.create(intentOf(700), { idempotencyKey: 'key-1' })
    const second = await stripe.paymentIntents.create(intentOf(700), { idempotencyKey: 'key-1' })
    expect(second.id).to.equal(first.id)
    expect(second.lastResponse.headers['idempotent-replayed']).to.equal('true')
    expect(await fault(stripe.paymentIntents.create(intentOf(800), { idempotencyKey: 'key-1' }))).to.include({
      type: 'StripeIdempotencyError',
      statusCode: 400,
    })
  })

  it('does not keep the answer to a request it could not read', async () => {
    await fault(stripe.paymentIntents.create(intentOf(1), { idempotencyKey: 'key-2' }))
    expect((await stripe.paymentIntents.create(intentOf(900), { idempotencyKey: 'key-2' })).amount).to.equal(900)
  })

  it('answers an unknown address with Stripe’s own error', async () => {
    expect((await fault(stripe.customers.create({}))).message).to.contain('Unrecognized request URL')
  })
})
