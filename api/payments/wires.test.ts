import { after, before, beforeEach, describe, it } from 'node:test'
import { expect } from 'chai'
import type { Investment, Session } from '../../common/wire.ts'
import type { Wire, WireInstructions } from '../../common/wire-transfers.ts'
import { addTotp } from '../factors/testing.ts'
import type { Buyer, Market } from '../investments/testing.ts'
import { closeCheckout, listToClose } from './expire.ts'
import { listRefundsDue } from './refund.ts'
import { checkPayment } from './settle.ts'
import { listUnsettledWires, settleWire } from './settle-wire.ts'
import { booksOf, openTill, payByCard, type Till } from './testing.ts'

const DAY_MS = 86_400_000

describe('bank transfers', () => {
  let till: Till
  let market: Market
  let worker: Till['worker']
  let buyer: Buyer
  let teller: Session
  let checker: Session
  let projectId: number
  let count = 0
  before(async () => {
    till = await openTill()
    ;({ market, worker } = till)
    buyer = await market.addBuyer()
    projectId = await market.addProject({ unitsOffered: 100_000 })
    teller = await addTeller('teller')
    checker = await addTeller('checker')
  })
  after(() => till.close())
  beforeEach(() =>
    market.api.db.admin.query('update app.sign_in set factor_at = $1, active_at = $1 where factor_at is not null', [market.api.clock.now]),
  )

  async function addTeller(name: string): Promise<Session> {
    const session = await market.api.register(`${name}@staff.example`)
    await addTotp(market.api, session.accessToken)
    await market.api.db.admin.query(`update app.account set role = 'operator' where id = $1`, [session.user.id])
    return session
  }
  type Order = Investment & WireInstructions
  async function order(): Promise<Order> {
    const placed = (await market.order(buyer, { projectId, amountCents: '10000' })).json().data as Investment
    return { ...placed, ...(await choose(placed.id)).json().data }
  }
  const choose = (id: string, who: Session = buyer) => market.api.call('POST', `investments/${id}/wire`, undefined, who.accessToken)
  const propose = (wire: object, who = teller) =>
    market.api.call(
      'POST',
      'wires',
      { direction: 'in', bankRef: `bank ${++count}`, amountMinor: '10000', currency: 'USD', bookedOn: '2026-11-20', ...wire },
      who.accessToken,
    )
  const decide = (id: string, what: 'confirm' | 'return', who = checker) =>
    market.api.call('POST', `wires/${id}/${what}`, undefined, who.accessToken)
  /** Put down by one, confirmed by the other, booked by the worker. */
  async function book(wire: object): Promise<void> {
    const { id } = (await propose(wire)).json().data as Wire
    expect((await decide(id, 'confirm')).statusCode).to.equal(200)
    await Promise.all([settleWire(worker, id), settleWire(worker, id)])
    await settleWire(worker, id)
  }
  async function show(id: string) {
    const { rows } = await market.api.db.admin.query('select state, review_reason as reason from app.investment where id = $1', [id])
    return rows[0]
  }
  async function booksOfWire(id: string) {
    const { rows } = await market.api.db.admin.query(`select id from app.payment where investment_id = $1 and provider = 'wire'`, [id])
    return booksOf(worker.pool, rows[0].id)
  }
  const refusal = async (response: Promise<{ json(): { error?: { code: string; message: string } } }>) => {
    const { error } = (await response).json()
    return error && `${error.code}: ${error.message}`
  }

  it('keep an order’s units for a week under a reference, the same however often it is asked', async () => {
    const placed = await order()
    expect(placed.reference).to.match(/^TL[0-9A-HJKMNP-TV-Z]{10}$/)
    expect(placed).to.include({ amountCents: '10000', currency: 'USD', payTo: 'Terra Lumina Inc.\nTest Bank\n000123456789' })
    expect(new Date(placed.payBefore).getTime() - market.api.clock.now.getTime()).to.equal(7 * DAY_MS)
    market.api.clock.pass(60_000)
    expect((await choose(placed.id)).json().data).to.deep.include({ reference: placed.reference, payBefore: placed.payBefore })
    // The payment page closes; the order waits on.
    const { rows } = await market.api.db.admin.query('select id, session_ref as ref from app.payment where investment_id = $1', [placed.id])
    await worker.stripe.checkout.sessions.expire(rows[0].ref)
    await checkPayment(worker, rows[0].id)
    expect((await show(placed.id)).state).to.equal('awaiting_payment')
    market.api.clock.pass(7 * DAY_MS)
    expect(await listToClose(worker.pool, worker.clock())).to.include(placed.id)
    await closeCheckout(worker, placed.id)
    market.api.clock.pass(-7 * DAY_MS - 60_000)
    expect((await show(placed.id)).state).to.equal('expired')
    expect(await refusal(choose(placed.id))).to.equal('STEP_ORDER: Only an order that waits for its payment can be paid by bank transfer')
  })

  it('are offered to the order’s owner only, and in currencies with an account', async () => {
    const placed = (await market.order(buyer, { projectId, amountCents: '10000' })).json().data as Investment
    const stranger = await market.addBuyer()
    expect(await refusal(choose(placed.id, stranger))).to.equal('INVESTMENT_NOT_FOUND: You have no such investment')
    await market.api.db.admin.query(`update app.investment set currency = 'EUR' where id = $1`, [placed.id])
    expect(await refusal(choose(placed.id))).to.equal(
      "WIRE_NOT_OFFERED: Orders in EUR can't be paid by bank transfer here. Pay on the payment page",
    )
  })

  it('pay an order once two people stand for them, and are booked to the cent', async () => {
    const { id, reference } = await order()
    const wire = (await propose({ reference })).json().data as Wire
    expect(wire).to.include({ state: 'proposed', investmentId: id, proposedBy: teller.user.id, decidedBy: null })
    await settleWire(worker, wire.id)
    expect((await show(id)).state).to.equal('awaiting_payment')
    expect(await refusal(decide(wire.id, 'confirm', teller))).to.equal(
      'FOUR_EYES: You put this transfer down yourself: somebody else has to confirm it',
    )
    expect((await decide(wire.id, 'confirm')).json().data).to.include({ state: 'confirmed', decidedBy: checker.user.id })
    expect((await decide(wire.id, 'confirm')).statusCode).to.equal(200)
    expect(await refusal(decide(wire.id, 'return'))).to.equal('WIRE_DECIDED: This transfer was decided already: confirmed')
    expect(await listUnsettledWires(worker.pool)).to.deep.equal([wire.id])
    await Promise.all([1, 2, 3].map(() => settleWire(worker, wire.id)))
    expect((await show(id)).state).to.equal('paid')
    expect(await booksOfWire(id)).to.deep.equal({
      balances: { 'provider:wire': 10_000n, [`escrow:${projectId}`]: -10_000n },
      journals: ['payment_received'],
    })
    expect(await listUnsettledWires(worker.pool)).to.deep.equal([])
  })

  it('refuse what the bank statement cannot say, each with its code', async () => {
    const { reference } = await order()
    for (const amountMinor of ['0', '-1', '10.5', '1e3', '', '01', '10000000000000000000'])
      expect(await refusal(propose({ reference, amountMinor })), amountMinor).to.match(/^VALIDATION: /)
    expect(await refusal(propose({ reference, amountMinor: '9223372036854775808' }))).to.equal('VALIDATION: The amount is too large')
    expect(await refusal(propose({ reference, currency: 'JPY' }))).to.match(/^VALIDATION: /)
    expect(await refusal(propose({ reference, bookedOn: '2026-02-30' }))).to.match(/^VALIDATION: /)
    expect(await refusal(propose({ reference: 'TL0000000000' }))).to.equal(
      'WIRE_REFERENCE_UNKNOWN: No order has this reference. Compare it with the bank statement, or ask the payer',
    )
    const bankRef = 'the same'
    const first = (await propose({ reference, bankRef })).json().data as Wire
    expect((await propose({ reference, bankRef }, checker)).json().data.id).to.equal(first.id)
    expect(await refusal(propose({ reference, bankRef, amountMinor: '9999' }))).to.equal(
      'WIRE_KNOWN: A transfer with this bank reference was put down with other figures. Look at it, or return it first',
    )
    await decide(first.id, 'return')
    expect((await propose({ reference, bankRef, amountMinor: '9999' })).json().data.state).to.equal('proposed')
    expect(await refusal(propose({ reference }, buyer))).to.match(/^FORBIDDEN: /)
  })

  it('that do not fit the order are looked at and kept in suspense, and are sent back whole', async () => {
    for (const [wire, reason] of [
      [{ amountMinor: '9999' }, 'AMOUNT_MISMATCH: 9999 instead of 10000 cents were received'],
      [{ currency: 'EUR' }, 'CURRENCY_MISMATCH: EUR instead of USD'],
    ] as const) {
      const { id, reference } = await order()
      await book({ reference, ...wire })
      expect(await show(id)).to.deep.equal({ state: 'review', reason })
      const amount = 'amountMinor' in wire ? 9_999n : 10_000n
      expect((await booksOfWire(id)).balances).to.deep.equal({ 'provider:wire': amount, 'suspense:': -amount })
      await book({ reference, direction: 'out', amountMinor: String(amount), ...('currency' in wire && { currency: wire.currency }) })
      expect(await show(id)).to.deep.equal({ state: 'refunded', reason: null })
      expect(await booksOfWire(id)).to.deep.equal({ balances: {}, journals: ['payment_received', 'payment_returned'] })
    }
  })

  it('for an order that was taken back are owed to the payer until they are sent back, never more than came', async () => {
    const { id, reference } = await order()
    await market.api.call('POST', `investments/${id}/cancel`, undefined, buyer.accessToken)
    await book({ reference })
    expect((await show(id)).state).to.equal('refund_due')
    expect(await listRefundsDue(worker.pool)).not.to.include(id)
    expect((await booksOfWire(id)).balances).to.deep.equal({ 'provider:wire': 10_000n, [`investor:${buyer.user.id}`]: -10_000n })
    const out = { reference, direction: 'out' }
    expect(await refusal(propose({ ...out, amountMinor: '10001' }))).to.equal(
      'REFUND_EXCEEDS: The refund is larger than what is left of the payment: 10000',
    )
    const part = (await propose({ ...out, amountMinor: '4000' })).json().data as Wire
    expect(await refusal(propose({ ...out, amountMinor: '6001' }))).to.equal(
      'REFUND_EXCEEDS: The refund is larger than what is left of the payment: 6000',
    )
    await decide(part.id, 'return')
    await book({ ...out, amountMinor: '10000' })
    expect((await show(id)).state).to.equal('refunded')
    expect((await booksOfWire(id)).balances).to.deep.equal({})
  })

  it('for an order that a card paid already are looked at, and going back they end nothing that the card paid', async () => {
    const { id, reference, checkoutUrl } = await order()
    await payByCard(checkoutUrl!)
    const { rows } = await market.api.db.admin.query('select id from app.payment where investment_id = $1', [id])
    await checkPayment(worker, rows[0].id)
    expect((await show(id)).state).to.equal('paid')
    await book({ reference })
    expect(await show(id)).to.deep.equal({ state: 'review', reason: 'PAID_TWICE: the order was paid in another way too' })
    await book({ reference, direction: 'out' })
    expect((await show(id)).state).to.equal('paid')
    expect((await booksOf(worker.pool, rows[0].id)).balances).to.deep.include({ [`escrow:${projectId}`]: -10_000n })
    expect((await booksOfWire(id)).balances).to.deep.equal({})
  })

  it('cannot be decided by one person, changed or taken out, by any writer', async () => {
    const { reference } = await order()
    const { id } = (await propose({ reference })).json().data as Wire
    const fail = (sql: string) => market.api.db.admin.query(sql, [id]).catch((error: Error) => error.message)
    expect(await fail(`update app.wire set state = 'confirmed', decided_by = proposed_by, decided_at = now() where id = $1`)).to.match(
      /violates check constraint/,
    )
    expect(await fail('update app.wire set amount_minor = 1 where id = $1')).to.match(/only forward/)
    expect(await worker.pool.query('delete from app.wire').catch((error: Error) => error.message)).to.match(/permission denied/)
    const waiting = (await market.api.call('GET', 'wires', undefined, checker.accessToken)).json().data as Wire[]
    expect(waiting.map((wire) => wire.id)).to.include(id)
  })
})
