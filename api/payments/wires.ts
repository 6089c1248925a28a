import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import type { Wire } from '../../common/wire-transfers.ts'
import { announce } from '../outbox/job.ts'

export interface NewWire {
  direction: 'in' | 'out'
  bankRef: string
  reference: string
  amountMinor: bigint
  currency: string
  bookedOn: string
}

const LARGEST = 2n ** 63n - 1n

/**
 * Puts a movement on the bank account down, for somebody else to confirm. The same again by anybody gives the first.
 * The caller opens the transaction.
 * @throws AppError VALIDATION, WIRE_REFERENCE_UNKNOWN, WIRE_KNOWN, REFUND_EXCEEDS, FORBIDDEN
 */
export async function proposeWire(db: Db, actor: string, wire: NewWire, now: Date): Promise<Wire> {
  const { direction, bankRef, reference, amountMinor, currency, bookedOn } = wire
  if (amountMinor > LARGEST)
    throw new AppError('VALIDATION', 'The amount is too large', { details: { fields: { amountMinor: `is above ${LARGEST}` } } })
  const target = await findTarget(db, reference)
  if (target.accountId === actor) throw new AppError('FORBIDDEN', 'Nobody puts down transfers for their own orders')
  // One at a time for an order: what may still be sent back is counted and taken.
  await db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`wire ${target.investmentId}`])
  const known = (await readWires(db, `w.bank_ref = $1 and w.state <> 'returned'`, [bankRef]))[0]
  if (known) {
    const isSame =
      known.direction === direction &&
      known.reference === reference &&
      known.amountMinor === String(amountMinor) &&
      known.currency === currency &&
      known.bookedOn === bookedOn
    if (isSame) return known
    throw new AppError('WIRE_KNOWN', 'A transfer with this bank reference was put down with other figures. Look at it, or return it first')
  }
  const { returnableMinor } = await findTarget(db, reference)
  if (direction === 'out' && amountMinor > returnableMinor)
    throw new AppError('REFUND_EXCEEDS', `The refund is larger than what is left of the payment: ${returnableMinor}`, {
      details: { returnableMinor: String(returnableMinor) },
    })
  const { rows } = await db.query<{ id: string }>(
    `insert into app.wire (direction, bank_ref, investment_id, reference, amount_minor, currency, booked_on, proposed_by, proposed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     returning id`,
    [direction, bankRef, target.investmentId, reference, amountMinor, currency, bookedOn, actor, now],
  )
  return findWire(db, rows[0]!.id)
}

/** Confirms what somebody else put down, or returns what is a mistake. The same again changes nothing. @throws AppError NOT_FOUND, FOUR_EYES, WIRE_DECIDED */
export async function decideWire(db: Db, actor: string, id: string, state: 'confirmed' | 'returned', now: Date): Promise<Wire> {
  await db.query('select from app.wire where id = $1 for update', [id])
  const wire = await findWire(db, id)
  if (wire.decidedBy === actor && (wire.state === state || (state === 'confirmed' && wire.state === 'booked'))) return wire
  if (wire.state !== 'proposed')
    throw new AppError('WIRE_DECIDED', `This transfer was decided already: ${wire.state}`, { details: { state: wire.state } })
  if (state === 'confirmed' && wire.proposedBy === actor)
    throw new AppError('FOUR_EYES', 'You put this transfer down yourself: somebody else has to confirm it')
  await db.query('update app.wire set state = $2, decided_by = $3, decided_at = $4 where id = $1', [id, state, actor, now])
  if (state === 'confirmed') await announce(db, 'wire.confirmed', { wireId: id })
  return findWire(db, id)
}

/** The newest first; those that wait unless told otherwise. At most a hundred. */
export function listWires(db: Db, state: Wire['state'] = 'proposed'): Promise<Wire[]> {
  return readWires(db, 'w.state = $1 order by w.proposed_at desc limit 100', [state])
}

async function findWire(db: Db, id: string): Promise<Wire> {
  const wire = (await readWires(db, 'w.id = $1', [id]))[0]
  if (!wire) throw new AppError('NOT_FOUND', 'There is no such transfer')
  return wire
}

async function findTarget(db: Db, reference: string) {
  const { rows } = await db.query<{ investmentId: string; accountId: string; returnableMinor: string }>(
    `select investment_id as "investmentId", account_id as "accountId", returnable_minor as "returnableMinor" from app.wire_target($1)`,
    [reference],
  )
  if (!rows[0])
    throw new AppError('WIRE_REFERENCE_UNKNOWN', 'No order has this reference. Compare it with the bank statement, or ask the payer')
  return { ...rows[0], returnableMinor: BigInt(rows[0].returnableMinor) }
}

async function readWires(db: Db, rest: string, values: unknown[]): Promise<Wire[]> {
  const { rows } = await db.query<Omit<Wire, 'proposedAt'> & { proposedAt: Date }>(
    `select w.id, w.direction, w.bank_ref as "bankRef", w.reference, w.investment_id as "investmentId", w.amount_minor::text as "amountMinor",
       w.currency, w.booked_on::text as "bookedOn", w.state, w.proposed_by as "proposedBy", w.proposed_at as "proposedAt",
       w.decided_by as "decidedBy"
     from app.wire w
     where ${rest}`,
    values,
  )
  return rows.map(({ proposedAt, ...row }) => ({ ...row, proposedAt: proposedAt.toISOString() }))
}
