import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { inTransaction } from '../../common/node/db.ts'
import type { TestSandbox } from '../../common/node/testing-sandbox.ts'
import type { Buyer, Market } from '../investments/testing.ts'
import { bookPayment } from '../ledger/book-payment.ts'
import { refundInvestment } from './refund.ts'
import { checkPayment } from './settle.ts'
import { booksOf, openTill, payByCard, type Till } from './testing.ts'

const CENTS = 10_000n
/** Of a card payment of 100.00, and of any dispute. */
const FEE = 320n
const DISPUTE_FEE = 1_500n

describe('what becomes of a payment', () => {
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

  interface Paid {
    id: string
    paymentId: string
    intentRef: string
  }
  async function payOrder(card?: string): Promise<Paid> {
    const { id, checkoutUrl } = (await market.order(buyer, { projectId, amountCents: String(CENTS) })).json().data
    await payByCard(checkoutUrl, card)
    const { rows } = await market.api.db.admin.query('select id from app.payment where investment_id = $1', [id])
    await checkPayment(worker, rows[0].id)
    const { rows: read } = await market.api.db.admin.query('select payment_ref as ref from app.payment where id = $1', [rows[0].id])
    return { id, paymentId: rows[0].id, intentRef: read[0].ref }
  }
  /** As the mint loop leaves them. */
  async function sendUnits({ id }: Paid, intent: string, investment: string) {
    await market.api.db.admin.query(
      `insert into app.chain_intent
         (kind, subject, investment_id, account_id, wallet, to_address, call_data, state, chain_id, signer, nonce, tx_hash, block_number, block_hash,
          created_at, updated_at)
       select 'mint', chain_investment_id, id, account_id, wallet, wallet, '0x', $2, 31337, s.signer, s.nonce, s.hash, s.block, s.hash, now(), now()
       from app.investment
       left join lateral (
         select wallet as signer, (select coalesce(max(nonce), 0) + 1 from app.chain_intent) as nonce, chain_investment_id as hash, 7 as block
         where $2 <> 'created'
       ) s on true
       where id = $1`,
      [id, intent],
    )
    await market.api.db.admin.query('update app.investment set state = $2 where id = $1 and state <> $2', [id, investment])
  }
  async function dispute(paid: Paid): Promise<string> {
    const { id } = (await sandbox.control('stripe/disputes', { payment_intent: paid.intentRef })) as { id: string }
    await checkPayment(worker, paid.paymentId)
    return id
  }
  async function decide(paid: Paid, disputeRef: string, evidence: 'winning_evidence' | 'losing_evidence') {
    await worker.stripe.disputes.update(disputeRef, { evidence: { uncategorized_text: evidence } })
    await checkPayment(worker, paid.paymentId)
  }
  async function show({ id }: Paid) {
    const { rows } = await market.api.db.admin.query(
      `select i.state, i.review_reason as reason, p.dispute_state as dispute, c.state as intent
       from app.investment i join app.payment p on p.investment_id = i.id left join app.chain_intent c on c.investment_id = i.id
       where i.id = $1`,
      [id],
    )
    return rows[0]
  }
  const booked = (paid: Paid) => booksOf(worker.pool, paid.paymentId)

  it('books what the provider keeps, and what went back in parts, to the cent', async () => {
    const paid = await payOrder()
    for (const amount of [2_500, 1]) {
      await worker.stripe.refunds.create({ payment_intent: paid.intentRef, amount })
      await checkPayment(worker, paid.paymentId)
      await checkPayment(worker, paid.paymentId)
    }
    expect((await show(paid)).reason).to.equal('REFUNDED_IN_PART: 2500 of 10000 cents')
    expect(await booked(paid)).to.deep.equal({
      balances: { 'provider:stripe': 7_499n - FEE, 'suspense:': -7_499n, 'vendor_fees:stripe': FEE },
      journals: ['payment_received', 'payment_returned', 'payment_returned'],
    })
    const { rows } = await worker.pool.query(
      `select sum(settled_minor - fee_minor)::text as sum, count(*)::int as n from app.provider_entry where payment_id = $1`,
      [paid.paymentId],
    )
    const atStripe = await worker.stripe.balanceTransactions.list({ limit: 3 })
    expect(rows[0]).to.deep.equal({ sum: String(atStripe.data.reduce((sum, { net }) => sum + net, 0)), n: 3 })
  })

  it('lets the provider refuse a refund larger than the payment, and one of a disputed charge', async () => {
    const paid = await payOrder()
    const refuse = (amount: number) =>
      worker.stripe.refunds.create({ payment_intent: paid.intentRef, amount }).then(
        () => 'done',
        (error: Error) => error.message,
      )
    expect(await refuse(10_001)).to.equal('Refund amount ($100.01) is greater than unrefunded amount on charge ($100.00)')
    await dispute(paid)
    expect(await refuse(1)).to.match(/has been charged back; cannot issue a refund/)
  })

  it('stops a disputed investment before its units are sent, and lets it go on when the bank decides for us', async () => {
    const paid = await payOrder()
    await sendUnits(paid, 'created', 'paid')
    const disputeRef = await dispute(paid)
    expect(await show(paid)).to.deep.equal({
      state: 'review',
      reason: 'DISPUTED: the payer disputes the charge',
      dispute: 'open',
      intent: 'cancelled',
    })
    expect((await booked(paid)).balances).to.deep.equal({
      'disputes:stripe': CENTS,
      'provider:stripe': -FEE - DISPUTE_FEE,
      'suspense:': -CENTS,
      'vendor_fees:stripe': FEE + DISPUTE_FEE,
    })
    await decide(paid, disputeRef, 'winning_evidence')
    expect(await show(paid)).to.deep.equal({ state: 'paid', reason: null, dispute: 'won', intent: 'created' })
    expect(await booked(paid)).to.deep.equal({
      balances: { 'provider:stripe': CENTS - FEE - DISPUTE_FEE, [`escrow:${projectId}`]: -CENTS, 'vendor_fees:stripe': FEE + DISPUTE_FEE },
      journals: ['payment_received', 'payment_disputed', 'dispute_won'],
    })
  })

  it('ends a disputed investment without units when the bank decides for the payer', async () => {
    const paid = await payOrder('4000000000000259')
    expect((await show(paid)).state).to.equal('review')
    const [disputed] = (await worker.stripe.disputes.list({ payment_intent: paid.intentRef })).data
    await decide(paid, disputed!.id, 'losing_evidence')
    expect(await show(paid)).to.include({ state: 'refunded', dispute: 'lost' })
    expect((await booked(paid)).balances).to.deep.equal({ 'provider:stripe': -FEE - DISPUTE_FEE, 'vendor_fees:stripe': FEE + DISPUTE_FEE })
  })

  it('asks two people about the account when the units are out already, and returns to settled when the dispute is won', async () => {
    const paid = await payOrder()
    await sendUnits(paid, 'final', 'minting')
    await market.api.db.admin.query(`update app.investment set state = 'settled' where id = $1`, [paid.id])
    const disputeRef = await dispute(paid)
    await checkPayment(worker, paid.paymentId)
    expect(await show(paid)).to.include({ state: 'review', dispute: 'open', intent: 'final' })
    const { rows } = await market.api.db.admin.query(
      `select c.kind, c.account_id as account, c.evidence, p.four_eyes as "fourEyes" from app.review_case c join app.review_policy p using (kind) where c.subject = $1`,
      [`dispute ${disputeRef}`],
    )
    expect(rows).to.deep.equal([
      {
        kind: 'dispute',
        account: buyer.user.id,
        evidence: { investmentId: paid.id, paymentId: paid.paymentId, disputeRef, disputedMinor: String(CENTS) },
        fourEyes: ['hold', 'dismiss'],
      },
    ])
    await decide(paid, disputeRef, 'winning_evidence')
    expect(await show(paid)).to.include({ state: 'settled', reason: null, dispute: 'won' })
    expect((await booked(paid)).balances).to.deep.include({ [`escrow:${projectId}`]: -CENTS })
  })

  it('lets the investor owe what the bank took back after the units were out', async () => {
    const paid = await payOrder()
    await sendUnits(paid, 'mined', 'minting')
    const disputeRef = await dispute(paid)
    await decide(paid, disputeRef, 'losing_evidence')
    expect(await show(paid)).to.include({ state: 'minting', dispute: 'lost' })
    expect(await booked(paid)).to.deep.equal({
      balances: {
        'provider:stripe': -FEE - DISPUTE_FEE,
        [`investor:${buyer.user.id}`]: CENTS,
        [`escrow:${projectId}`]: -CENTS,
        'vendor_fees:stripe': FEE + DISPUTE_FEE,
      },
      journals: ['payment_received', 'payment_disputed', 'dispute_lost'],
    })
  })

  it('has a person look at a refund that the payer’s bank did not take', async () => {
    const paid = await payOrder()
    await market.api.call('POST', `investments/${paid.id}/cancel`, undefined, buyer.accessToken)
    await market.api.db.admin.query(`update app.investment set state = 'refund_due' where id = $1`, [paid.id])
    await refundInvestment(worker, paid.id)
    const [refund] = (await worker.stripe.refunds.list({ payment_intent: paid.intentRef })).data
    await sandbox.control('stripe/failed-refunds', { refund: refund!.id })
    await checkPayment(worker, paid.paymentId)
    expect(await show(paid)).to.include({ state: 'review', reason: 'REFUND_FAILED: the payer’s bank did not take the refund' })
    expect((await booked(paid)).balances).to.deep.equal({ 'provider:stripe': CENTS - FEE, 'suspense:': -CENTS, 'vendor_fees:stripe': FEE })
  })

  it('books both sides of an exchange that the provider made, at its rate', async () => {
    const paid = await payOrder()
    const { paymentId } = await payOrder()
    await worker.pool.query(
      `insert into app.provider_entry
         (provider, ref, payment_id, kind, amount_minor, currency, settled_minor, settled_currency, fee_minor, exchange_rate, occurred_at)
       values ('stripe', 'txn_exchanged', $1, 'refund', -1000, 'USD', -920, 'EUR', 0, 0.92, now())`,
      [paymentId],
    )
    await worker.pool.query('update app.payment set returned_minor = 1000 where id = $1', [paymentId])
    await inTransaction(worker.pool, (db) => bookPayment(db, paymentId, worker.clock()))
    const { rows } = await worker.pool.query(
      `select kind, currency, amount_minor as amount from app.payment_booked
       where payment_id = $1 and amount_minor <> 0 and kind in ('provider', 'conversion') order by kind, currency`,
      [paymentId],
    )
    expect(rows).to.deep.equal([
      { kind: 'conversion', currency: 'EUR', amount: '920' },
      { kind: 'conversion', currency: 'USD', amount: '-1000' },
      { kind: 'provider', currency: 'EUR', amount: '-920' },
      { kind: 'provider', currency: 'USD', amount: '9680' },
    ])
    expect((await booked(paid)).journals).to.deep.equal(['payment_received'])
  })
})
