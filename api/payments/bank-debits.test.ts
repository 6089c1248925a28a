import { after, before, test } from 'node:test'
import { expect } from 'chai'
import type { TestSandbox } from '../../common/node/testing-sandbox.ts'
import type { Investment } from '../../common/wire.ts'
import type { Buyer, Market } from '../investments/testing.ts'
import { closeCheckout, listToClose } from './expire.ts'
import { checkPayment, listDuePayments } from './settle.ts'
import { booksOf, openTill, payByDebit, type Till } from './testing.ts'

const HOUR_MS = 3_600_000

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
  projectId = await market.addProject({ unitsOffered: 20 })
})
after(() => till.close())

async function debit(account?: string): Promise<{ id: string; paymentId: string }> {
  const { id, checkoutUrl } = (await market.order(buyer, { projectId, amountCents: '10000' })).json().data
  await payByDebit(checkoutUrl, account)
  const { rows } = await market.api.db.admin.query('select id from app.payment where investment_id = $1', [id])
  await checkPayment(worker, rows[0].id)
  return { id, paymentId: rows[0].id }
}
const show = async (id: string): Promise<Investment> =>
  (await market.api.call('GET', `investments/${id}`, undefined, buyer.accessToken)).json().data
const bankAnswers = async ({ paymentId }: { paymentId: string }) => {
  await sandbox.control('stripe/settle-debits', {})
  await checkPayment(worker, paymentId)
}

test('a debit keeps the units for days, books nothing before the bank has answered, and then is paid', async () => {
  const order = await debit()
  const shown = await show(order.id)
  expect(shown).to.include({ state: 'awaiting_payment', progress: 'processing', checkoutUrl: null })
  expect(new Date(shown.reservedUntil).getTime() - market.api.clock.now.getTime()).to.equal(24 * HOUR_MS)
  expect(await booksOf(worker.pool, order.paymentId)).to.deep.equal({ balances: {}, journals: [] })
  // Two days, looked at every hour.
  for (let hour = 0; hour < 48; hour += 12) {
    market.api.clock.pass(12 * HOUR_MS)
    expect(await listToClose(worker.pool, worker.clock())).not.to.include(order.id)
    expect(await listDuePayments(worker.pool, worker.clock())).to.include(order.paymentId)
    await checkPayment(worker, order.paymentId)
  }
  await bankAnswers(order)
  // Sign-ins don't follow.
  market.api.clock.pass(-48 * HOUR_MS)
  expect(await show(order.id)).to.include({ state: 'paid', progress: 'paid' })
  expect((await booksOf(worker.pool, order.paymentId)).balances).to.deep.equal({
    'provider:stripe': 9_920n,
    [`escrow:${projectId}`]: -10_000n,
    'vendor_fees:stripe': 80n,
  })
})

test('a debit that the bank refuses after days frees the units and says why, once', async () => {
  const order = await debit('000222222227')
  await bankAnswers(order)
  await checkPayment(worker, order.paymentId)
  expect(await show(order.id)).to.include({ state: 'expired', progress: 'stopped', failureCode: 'insufficient_funds' })
  const { rows } = await market.api.db.admin.query(`select kind, subject from app.notification where cause like '%' || $1`, [order.id])
  expect(rows).to.deep.equal([{ kind: 'debit_failed', subject: 'Your bank did not pay for project-2' }])
  const { rows: taken } = await market.api.db.admin.query('select app.units_taken($1, $2)::int as taken', [projectId, worker.clock()])
  expect(taken[0].taken).to.equal(10)
})

test('a debit for an order that is taken back meanwhile leads to a refund when it arrives', async () => {
  const order = await debit()
  await market.api.call('POST', `investments/${order.id}/cancel`, undefined, buyer.accessToken)
  await closeCheckout(worker, order.id)
  expect((await show(order.id)).state).to.equal('cancelled')
  await bankAnswers(order)
  expect((await show(order.id)).state).to.equal('refund_due')
})

test('a debit that the payer takes to the bank later is disputed like a card payment', async () => {
  const order = await debit('000555555559')
  await bankAnswers(order)
  expect((await show(order.id)).state).to.equal('review')
  expect((await booksOf(worker.pool, order.paymentId)).balances).to.include({ 'disputes:stripe': 10_000n, 'suspense:': -10_000n })
})
