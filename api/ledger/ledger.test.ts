import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { inTransaction } from '../../common/node/db.ts'
import type { Buyer, Market } from '../investments/testing.ts'
import { refundInvestment } from '../payments/refund.ts'
import { checkPayment } from '../payments/settle.ts'
import { openTill, payByCard, booksOf as readBooks, type Till } from '../payments/testing.ts'
import { listUnbooked, settleBooks } from './book-payment.ts'
import { type Movement, postJournal } from './post-journal.ts'

const CENTS = 10_000n
/** What the provider keeps of it. */
const FEE = 320n
const kept = { 'vendor_fees:stripe': FEE }

describe('the ledger', () => {
  let till: Till
  let market: Market
  let worker: Till['worker']
  let buyer: Buyer
  let projectId: number
  before(async () => {
    till = await openTill()
    ;({ market, worker } = till)
    buyer = await market.addBuyer()
    projectId = await market.addProject({ unitsOffered: 100_000 })
  })
  after(() => till.close())

  /** An order with its payment, paid at the provider; the platform hasn't looked yet. */
  async function payOrder(): Promise<{ id: string; paymentId: string }> {
    const { id, checkoutUrl } = (await market.order(buyer, { projectId, amountCents: String(CENTS) })).json().data
    await payByCard(checkoutUrl)
    const { rows } = await market.api.db.admin.query('select id from app.payment where investment_id = $1', [id])
    return { id, paymentId: rows[0].id }
  }
  const booksOf = (paymentId: string) => readBooks(worker.pool, paymentId)
  const setState = (id: string, state: string) =>
    market.api.db.admin.query('update app.investment set state = $2 where id = $1', [id, state])
  const movements = (...amounts: bigint[]): Movement[] =>
    amounts.map((amountMinor, at) => ({ kind: 'issuer', owner: `somebody ${at}`, currency: 'USD', amountMinor }))
  const cause = () => ({ kind: 'test', causeType: 'test', causeId: crypto.randomUUID(), postedAt: worker.clock() })

  it('holds a payment in its project’s escrow, once, however often and however many at once look at it', async () => {
    const { paymentId } = await payOrder()
    await Promise.all(Array.from({ length: 8 }, () => checkPayment(worker, paymentId)))
    await checkPayment(worker, paymentId)
    expect(await booksOf(paymentId)).to.deep.equal({
      balances: { ...kept, 'provider:stripe': CENTS - FEE, [`escrow:${projectId}`]: -CENTS },
      journals: ['payment_received'],
    })
  })

  it('owes the investor what was paid for an order that was cancelled, until it is sent back', async () => {
    const { id, paymentId } = await payOrder()
    await market.api.call('POST', `investments/${id}/cancel`, undefined, buyer.accessToken)
    await checkPayment(worker, paymentId)
    expect((await booksOf(paymentId)).balances).to.deep.equal({
      ...kept,
      'provider:stripe': CENTS - FEE,
      [`investor:${buyer.user.id}`]: -CENTS,
    })
    await Promise.all([refundInvestment(worker, id), refundInvestment(worker, id)])
    expect(await booksOf(paymentId)).to.deep.equal({
      balances: { ...kept, 'provider:stripe': -FEE },
      journals: ['payment_received', 'payment_returned'],
    })
  })

  it('keeps money in suspense that does not fit its order, as much as there is', async () => {
    const { id, paymentId } = await payOrder()
    const session = await worker.stripe.checkout.sessions.create({
      mode: 'payment',
      client_reference_id: id,
      line_items: [{ quantity: 1, price_data: { currency: 'eur', unit_amount: 7_777, product_data: { name: 'x' } } }],
      payment_intent_data: { metadata: { investmentId: id } },
      success_url: 'http://localhost:3000/',
    })
    await payByCard(session.url!)
    await market.api.db.admin.query('update app.payment set session_ref = $2 where id = $1', [paymentId, session.id])
    await checkPayment(worker, paymentId)
    expect((await booksOf(paymentId)).balances).to.deep.equal({
      'provider:stripe': 7_521n,
      'suspense:': -7_777n,
      'vendor_fees:stripe': 256n,
    })
    const { rows } = await worker.pool.query('select distinct currency from app.ledger_line where cause_id = $1', [paymentId])
    expect(rows).to.deep.equal([{ currency: 'EUR' }])
  })

  it('books what went back in part, and leaves the rest to be looked at', async () => {
    const { paymentId } = await payOrder()
    await checkPayment(worker, paymentId)
    const { rows } = await worker.pool.query('select payment_ref as ref from app.payment where id = $1', [paymentId])
    await worker.stripe.refunds.create({ payment_intent: rows[0].ref, amount: 2_500 })
    await checkPayment(worker, paymentId)
    expect(await booksOf(paymentId)).to.deep.equal({
      balances: { ...kept, 'provider:stripe': 7_500n - FEE, 'suspense:': -7_500n },
      journals: ['payment_received', 'payment_returned'],
    })
  })

  it('makes up for a state that changed without its payment being read, once', async () => {
    const { id, paymentId } = await payOrder()
    await checkPayment(worker, paymentId)
    await setState(id, 'refund_due')
    expect(await listUnbooked(worker.pool)).to.deep.equal([paymentId])
    await Promise.all([1, 2, 3].map(() => settleBooks(worker.pool, paymentId, worker.clock())))
    expect(await booksOf(paymentId)).to.deep.equal({
      balances: { ...kept, 'provider:stripe': CENTS - FEE, [`investor:${buyer.user.id}`]: -CENTS },
      journals: ['payment_received', 'payment_moved'],
    })
    expect(await listUnbooked(worker.pool)).to.deep.equal([])
  })

  it('books nothing when the transaction that moved the money ends in nothing', async () => {
    const { paymentId } = await payOrder()
    await inTransaction(worker.pool, async (db) => {
      await postJournal(db, { ...cause(), causeId: paymentId }, movements(5n, -5n))
      throw new Error('power cut')
    }).catch(() => undefined)
    expect((await booksOf(paymentId)).journals).to.deep.equal([])
  })

  it('refuses a journal that does not sum to zero, in any of its currencies, and one that moves nothing', async () => {
    const post = (list: readonly Movement[]) =>
      inTransaction(worker.pool, (db) => postJournal(db, cause(), list)).then(
        () => 'posted',
        (error: Error) => error.message.replace(/\d+/g, 'n'),
      )
    const [, , ...rest] = movements(0n, 0n, 3n, -3n)
    expect(await post(movements(5n, -4n))).to.equal('journal n does not sum to zero')
    expect(await post([...rest, { kind: 'fees', owner: '', currency: 'EUR', amountMinor: 1n }])).to.equal('journal n does not sum to zero')
    expect(await post([])).to.equal('journal n moves nothing')
    expect(await post(movements(5n, -2n, -3n))).to.equal('posted')
    expect(await post(movements(9_000_000_000_000_000_000n, -9_000_000_000_000_000_000n))).to.equal('posted')
  })

  it('is appended to and never changed, by nobody', async () => {
    for (const table of ['ledger_account', 'journal', 'ledger_entry']) {
      for (const sql of [
        `delete from app.${table}`,
        `update app.${table} set ${table === 'ledger_entry' ? 'amount_minor = 1' : "kind = 'fees'"}`,
        `truncate app.${table} cascade`,
      ]) {
        expect(await market.api.db.admin.query(sql).catch((error: Error) => error.message), sql).to.match(/is append only/)
        expect(await worker.pool.query(sql).catch((error: Error) => error.message), sql).to.match(/permission denied/)
        expect(await market.api.deps.pool.query(sql).catch((error: Error) => error.message), sql).to.match(/permission denied/)
      }
    }
  })

  it('holds at the provider, to the cent, what is owed to everybody', async () => {
    const { rows } = await worker.pool.query(
      'select currency, sum(amount_minor)::text as sum from app.ledger_line group by currency order by currency',
    )
    expect(rows).to.deep.equal([
      { currency: 'EUR', sum: '0' },
      { currency: 'USD', sum: '0' },
    ])
    const { rows: held } = await worker.pool.query(
      `select (select sum(received_minor - returned_minor) from app.payment where coalesce(received_currency, currency) = 'USD') =
         (select sum(amount_minor) from app.ledger_line where account in ('provider', 'vendor_fees') and currency = 'USD') as same`,
    )
    expect(held[0].same).to.equal(true)
  })
})
