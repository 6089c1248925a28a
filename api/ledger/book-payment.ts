import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import { type Movement, postJournal } from './post-journal.ts'

/** What happened, by how the money moved. */
export type PaymentJournal =
  | 'payment_received'
  | 'payment_returned'
  | 'payment_moved'
  | 'payment_disputed'
  | 'dispute_won'
  | 'dispute_lost'
  | 'fee_charged'

/** Payments whose money is not where the ledger says. */
export async function listUnbooked(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select distinct payment_id as id from app.payment_unbooked limit 100')
  return rows.map(({ id }) => id)
}

/**
 * Brings the ledger to where a payment's money is now, by what is missing: said twice it books once, and a step that was left out is made
 * up for by the next. The caller opens the transaction.
 */
export async function bookPayment(db: Db, paymentId: string, now: Date): Promise<void> {
  // One booking of a payment after the other: two at once would both find the same missing.
  await db.query('select from app.payment where id = $1 for update', [paymentId])
  const { rows } = await db.query<Omit<Movement, 'amountMinor'> & { amountMinor: string }>(
    `select kind, owner, currency, amount_minor as "amountMinor" from app.payment_unbooked where payment_id = $1`,
    [paymentId],
  )
  if (rows.length === 0) return
  const movements = rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }))
  await postJournal(db, { kind: kindOf(movements), causeType: 'payment', causeId: paymentId, postedAt: now }, movements)
}

/** The same, in a transaction of its own. */
export function settleBooks(pool: Pool, paymentId: string, now: Date): Promise<void> {
  return inTransaction(pool, (db) => bookPayment(db, paymentId, now))
}

function kindOf(movements: readonly Movement[]): PaymentJournal {
  const of = (kind: Movement['kind']) =>
    movements.filter((movement) => movement.kind === kind).reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  const [atProvider, disputed] = [of('provider'), of('disputes')]
  if (disputed > 0n) return 'payment_disputed'
  if (disputed < 0n) return atProvider > 0n ? 'dispute_won' : 'dispute_lost'
  if (atProvider > 0n) return 'payment_received'
  if (atProvider === 0n) return 'payment_moved'
  return atProvider + of('vendor_fees') === 0n ? 'fee_charged' : 'payment_returned'
}
