import { after, afterEach, before, test } from 'node:test'
import { expect } from 'chai'
import type { TestSandbox } from '../../common/node/testing-sandbox.ts'
import type { Investment } from '../../common/wire.ts'
import type { Buyer, Market } from '../investments/testing.ts'
import { closeCheckout, listToClose } from './expire.ts'
import { listRefundsDue, refundInvestment } from './refund.ts'
import { checkPayment, listDuePayments } from './settle.ts'
import { openTill, payByCard, type Till } from './testing.ts'

const DECLINED = '4000000000009995'

let till: Till
let sandbox: TestSandbox
let market: Market
let worker: Till['worker']
let buyer: Buyer
let projectId: number
before(async () => {
  till = await openTill()
  ;({ sandbox, market, worker } = till)
  buyer = await market.addBuyer()
  projectId = await market.addProject({ unitsOffered: 100_000 })
})
after(() => till.close())
// Sign-ins and the provider's clock do not follow: time goes back after each test.
let passedMs = 0
function pass(ms: number): void {
  passedMs += ms
  market.api.clock.pass(ms)
}
afterEach(() => pass(-passedMs))

test('a payment on the provider’s page makes the investment paid, once', async () => {
  const { id, checkoutUrl } = await order()
  await payByCard(checkoutUrl!)
  await check(id)
  await check(id)
  expect(await show(id)).to.include({ state: 'paid', progress: 'paid', checkoutUrl: null, failureCode: null })
  const { rows } = await market.api.db.admin.query(
    `select count(*)::int as n from app.outbox where topic = 'investment.paid' and payload->>'investmentId' = $1`,
    [id],
  )
  expect(rows[0].n).to.equal(1)
})

test('opening the success page without paying changes nothing', async () => {
  const { id } = await order()
  await check(id)
  expect((await show(id)).state).to.equal('awaiting_payment')
})

test('a declined card is told with its code, and another card on the same page pays', async () => {
  const { id, checkoutUrl } = await order()
  await payByCard(checkoutUrl!, DECLINED)
  await check(id)
  expect(await show(id)).to.include({
    state: 'payment_failed',
    progress: 'awaiting_payment',
    failureCode: 'insufficient_funds',
    checkoutUrl,
  })
  await payByCard(checkoutUrl!)
  await check(id)
  expect(await show(id)).to.include({ state: 'paid', failureCode: null })
})

test('a payment that arrives after the order was cancelled is refunded in full, once', async () => {
  const { id, checkoutUrl } = await order()
  await payByCard(checkoutUrl!)
  await market.api.call('POST', `investments/${id}/cancel`, undefined, buyer.accessToken)
  expect(await listToClose(worker.pool, worker.clock())).to.include(id)
  await closeCheckout(worker, id)
  expect((await show(id)).state).to.equal('refund_due')
  await Promise.all([refundInvestment(worker, id), refundInvestment(worker, id)])
  await refundInvestment(worker, id)
  expect((await show(id)).state).to.equal('refunded')
  const refunds = await refundsOf(id)
  expect(refunds.map(({ amount }) => amount)).to.deep.equal([10_000])
  expect(await listRefundsDue(worker.pool)).not.to.include(id)
})

test('a refund that the provider did not answer stays due and is made once', async () => {
  const { id, checkoutUrl } = await order()
  await payByCard(checkoutUrl!)
  await market.api.call('POST', `investments/${id}/cancel`, undefined, buyer.accessToken)
  await closeCheckout(worker, id)
  await sandbox.control('faults', { path: '/v1/refunds', method: 'POST', count: 5, status: 500 })
  const failure = await refundInvestment(worker, id).then(
    () => null,
    (error: Error) => error,
  )
  expect(failure).to.be.instanceOf(Error)
  expect(await listRefundsDue(worker.pool)).to.include(id)
  await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'DELETE' })
  await refundInvestment(worker, id)
  expect(await refundsOf(id)).to.have.length(1)
})

test('a reservation that ran out is closed at the provider: nobody can pay it any more', async () => {
  const { id, checkoutUrl } = await order()
  pass(30 * 60_000)
  expect(await listToClose(worker.pool, worker.clock())).to.include(id)
  await closeCheckout(worker, id)
  expect(await show(id)).to.include({ state: 'expired', progress: 'stopped', checkoutUrl: null })
  const session = await worker.stripe.checkout.sessions.retrieve(checkoutUrl!.split('/').at(-1)!)
  expect(session.status).to.equal('expired')
  expect(await listToClose(worker.pool, worker.clock())).not.to.include(id)
})

test('paid in time but heard of late: the units are kept while nobody else took them', async () => {
  const small = await market.addProject({ unitsOffered: 10 })
  const { id, checkoutUrl } = await order({ projectId: small })
  await payByCard(checkoutUrl!)
  pass(30 * 60_000)
  await closeCheckout(worker, id)
  expect((await show(id)).state).to.equal('paid')
})

test('paid in time but heard of late, and the units are gone: the money goes back', async () => {
  const small = await market.addProject({ unitsOffered: 10 })
  const { id, checkoutUrl } = await order({ projectId: small })
  await payByCard(checkoutUrl!)
  pass(30 * 60_000)
  const other = await order({ projectId: small })
  expect(other.state).to.equal('awaiting_payment')
  await closeCheckout(worker, id)
  expect((await show(id)).state).to.equal('refund_due')
  await refundInvestment(worker, id)
  expect((await show(id)).state).to.equal('refunded')
})

test('a payment of another order or of another amount goes to review and is never minted', async () => {
  for (const [amount, orderRef, reason] of [
    [9_999, 'own', 'AMOUNT_MISMATCH'],
    [10_000, 'other', 'ORDER_MISMATCH'],
  ] as const) {
    const { id } = await order()
    const name = orderRef === 'own' ? id : 'f47ac10b-58cc-4372-a567-0e02b2c3d479'
    const session = await worker.stripe.checkout.sessions.create({
      mode: 'payment',
      client_reference_id: name,
      line_items: [{ quantity: 1, price_data: { currency: 'usd', unit_amount: amount, product_data: { name: 'x' } } }],
      payment_intent_data: { metadata: { investmentId: name } },
      success_url: 'http://localhost:3000/',
    })
    await payByCard(session.url!)
    await market.api.db.admin.query('update app.payment set session_ref = $2 where investment_id = $1', [id, session.id])
    await check(id)
    expect((await show(id)).state).to.equal('review')
    const { rows } = await market.api.db.admin.query('select review_reason as reason from app.investment where id = $1', [id])
    expect(rows[0].reason).to.contain(reason)
  }
})

test('money given back by hand before the mint ends the investment and cancels what was queued', async () => {
  const { id, checkoutUrl } = await order()
  await payByCard(checkoutUrl!)
  await check(id)
  await queueIntent(id, 'created')
  await refundByHand(id)
  await check(id)
  expect((await show(id)).state).to.equal('refunded')
  expect(await intentOf(id)).to.equal('cancelled')
})

test('money given back by hand after units were sent goes to review', async () => {
  const { id, checkoutUrl } = await order()
  await payByCard(checkoutUrl!)
  await check(id)
  await market.api.db.admin.query(`update app.investment set state = 'minting' where id = $1`, [id])
  await refundByHand(id)
  await check(id)
  expect((await show(id)).state).to.equal('review')
})

test('while the provider is away nothing changes and the payment stays due', async () => {
  const { id, checkoutUrl } = await order()
  await payByCard(checkoutUrl!)
  await market.api.db.admin.query('update app.payment set due_at = $2 where investment_id = $1', [id, worker.clock()])
  await sandbox.control('faults', { path: '/v1/checkout/sessions', method: 'GET', count: 5, status: 502 })
  const failure = await check(id).then(
    () => null,
    (error: Error) => error,
  )
  expect(failure).to.be.instanceOf(Error)
  await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'DELETE' })
  expect((await show(id)).state).to.equal('awaiting_payment')
  const { rows } = await market.api.db.admin.query('select id from app.payment where investment_id = $1', [id])
  expect(await listDuePayments(worker.pool, worker.clock())).to.include(rows[0].id)
})

test('a payment whose webhooks were all lost is found by reading it again after a minute', async () => {
  const { id, checkoutUrl } = await order()
  await payByCard(checkoutUrl!)
  pass(60_000)
  for (const paymentId of await listDuePayments(worker.pool, worker.clock())) await checkPayment(worker, paymentId)
  expect((await show(id)).state).to.equal('paid')
})

async function order(options: { projectId?: number } = {}): Promise<Investment> {
  const response = await market.order(buyer, { projectId: options.projectId ?? projectId, amountCents: '10000' })
  if (response.statusCode !== 201) throw new Error(response.body)
  return response.json().data
}

async function check(id: string): Promise<void> {
  const { rows } = await market.api.db.admin.query('select id from app.payment where investment_id = $1', [id])
  await checkPayment(worker, rows[0].id)
}

async function show(id: string): Promise<Investment> {
  return (await market.api.call('GET', `investments/${id}`, undefined, buyer.accessToken)).json().data
}

async function refundsOf(id: string) {
  const { rows } = await market.api.db.admin.query('select payment_ref as ref from app.payment where investment_id = $1', [id])
  return (await worker.stripe.refunds.list({ payment_intent: rows[0].ref })).data
}

async function refundByHand(id: string): Promise<void> {
  const { rows } = await market.api.db.admin.query('select payment_ref as ref from app.payment where investment_id = $1', [id])
  await worker.stripe.refunds.create({ payment_intent: rows[0].ref })
}

async function queueIntent(id: string, state: string): Promise<void> {
  await market.api.db.admin.query(
    `insert into app.chain_intent (kind, subject, investment_id, account_id, wallet, to_address, call_data, state, chain_id, created_at, updated_at)
     select 'mint', chain_investment_id, id, account_id, wallet, wallet, '0x', $2, 31337, now(), now() from app.investment where id = $1`,
    [id, state],
  )
}

async function intentOf(id: string): Promise<string> {
  const { rows } = await market.api.db.admin.query('select state from app.chain_intent where investment_id = $1', [id])
  return rows[0].state
}
