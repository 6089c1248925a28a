import { type Db, inTransaction } from '../../common/node/db.ts'
import type { InvestmentState } from '../../common/wire.ts'
import { bookPayment } from '../ledger/book-payment.ts'
import { hasRoom, type InvestmentRow, lockInvestment, moveInvestment, type PaymentDeps } from './settle.ts'
import { nextState, type Truth } from './verdict.ts'

interface WireRow {
  id: string
  direction: 'in' | 'out'
  state: string
  bankRef: string
  investmentId: string
  amountMinor: string
  currency: string
}

const PAID_TWICE = 'PAID_TWICE: the order was paid in another way too'

/** Transfers that two people stand for and that aren't booked, and booked ones whose order was taken back since. */
export async function listUnsettledWires(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select w.id from app.wire w where w.state = 'confirmed'
     union all
     select w.id from app.wire w
     join app.investment i on i.id = w.investment_id
     where w.state = 'booked' and w.direction = 'in' and i.state in ('cancelled', 'expired')
     limit 100`,
  )
  return rows.map(({ id }) => id)
}

/** Books a confirmed transfer, once, and moves its investment by what it says. Safe to repeat. */
export async function settleWire({ pool, clock, log }: Pick<PaymentDeps, 'pool' | 'clock' | 'log'>, wireId: string): Promise<void> {
  await inTransaction(pool, async (db) => {
    const { rows } = await db.query<WireRow>(
      `select id, direction, state, bank_ref as "bankRef", investment_id as "investmentId", amount_minor as "amountMinor", currency
       from app.wire
       where id = $1 and state in ('confirmed', 'booked')
       for update`,
      [wireId],
    )
    const wire = rows[0]
    if (!wire || (wire.state === 'booked' && wire.direction === 'out')) return
    const investment = await lockInvestment(db, wire.investmentId)
    const now = clock()
    const truth = wire.direction === 'in' ? await readWire(db, wire, investment) : await sendBack(db, wire, now)
    const held = { isForDispute: false, units: investment.sent }
    const end =
      truth.kind === 'refunded'
        ? await afterSendingBack(db, wire, investment)
        : nextState(investment.state, truth, await hasRoom(db, investment, now), held)
    const paymentId = wire.direction === 'in' ? await putDown(db, wire, now) : await paymentOf(db, wire)
    if (end) await moveInvestment(db, wire.investmentId, investment.state, end, truth, now)
    await db.query(`update app.wire set state = 'booked' where id = $1 and state = 'confirmed'`, [wire.id])
    if (paymentId !== null) await bookPayment(db, paymentId, now)
    log.info({ wireId, investmentId: wire.investmentId, from: investment.state, to: end ?? investment.state }, 'Settled a bank transfer')
  })
}

/**
 * Where an investment goes when a transfer went back whole. Money that another payment brought is still there: then the order stands as
 * that payment left it, if nothing else was wrong with it.
 */
async function afterSendingBack(db: Db, wire: WireRow, { state, sent, reviewReason }: InvestmentRow): Promise<InvestmentState | null> {
  const { rowCount } = await db.query('select from app.payment where investment_id = $1 and received_minor > returned_minor limit 1', [
    wire.investmentId,
  ])
  if (rowCount === 0 && state === 'review' && sent === 'none') return 'refunded'
  if (rowCount === 0) return nextState(state, { kind: 'refunded' }, true, { isForDispute: false, units: sent })
  if (state !== 'review' || reviewReason !== PAID_TWICE) return null
  return sent === 'none' ? 'paid' : sent
}

/** Paid only when everything fits to the cent, and nothing else paid the order. */
async function readWire(db: Db, wire: WireRow, order: InvestmentRow): Promise<Truth> {
  if (wire.currency !== order.currency) return mismatch(`CURRENCY_MISMATCH: ${wire.currency} instead of ${order.currency}`)
  if (wire.amountMinor !== order.amountCents)
    return mismatch(`AMOUNT_MISMATCH: ${wire.amountMinor} instead of ${order.amountCents} cents were received`)
  const { rowCount } = await db.query(
    `select from app.payment
     where investment_id = $1 and received_minor > returned_minor and not (provider = 'wire' and session_ref = $2)`,
    [wire.investmentId, wire.bankRef],
  )
  return rowCount === 0 ? { kind: 'paid' } : mismatch(PAID_TWICE)
}

function mismatch(reason: string): Truth {
  return { kind: 'mismatch', reason }
}

async function putDown(db: Db, wire: WireRow, now: Date): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(
    `insert into app.payment
       (investment_id, provider, session_ref, payment_ref, amount_cents, currency, state, received_minor, received_currency, created_at, updated_at)
     values ($1, 'wire', $2, $2, $3, $4, 'succeeded', $3, $4, $5, $5)
     on conflict (provider, session_ref) do nothing
     returning id`,
    [wire.investmentId, wire.bankRef, wire.amountMinor, wire.currency, now],
  )
  return rows[0]?.id ?? null
}

async function paymentOf(db: Db, wire: WireRow): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(
    `select id from app.payment where investment_id = $1 and provider = 'wire' order by updated_at desc limit 1`,
    [wire.investmentId],
  )
  return rows[0]?.id ?? null
}

/** What went back by the bank: the whole of a payment, or a part. @throws Error when more would go back than came */
async function sendBack(db: Db, wire: WireRow, now: Date): Promise<Truth> {
  const { rows } = await db.query<{ isWhole: boolean }>(
    `update app.payment
     set returned_minor = returned_minor + $2, updated_at = $3,
       state = case when returned_minor + $2 = received_minor then 'refunded' else state end
     where id = (
       select id from app.payment
       where investment_id = $1 and provider = 'wire' and currency = $4 and received_minor - returned_minor >= $2
       order by created_at limit 1
     )
     returning returned_minor = received_minor as "isWhole"`,
    [wire.investmentId, wire.amountMinor, now, wire.currency],
  )
  if (!rows[0]) throw new Error(`The wire ${wire.id} sends back more than came by one transfer`)
  return rows[0].isWhole ? { kind: 'refunded' } : mismatch(`REFUNDED_IN_PART: ${wire.amountMinor} cents went back by bank transfer`)
}
