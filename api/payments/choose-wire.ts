import { createHash } from 'node:crypto'
import { AppError } from '../../common/errors.ts'
import { asViewer, type Pool } from '../../common/node/db.ts'
import type { WireInstructions } from '../../common/wire-transfers.ts'

/** Banks take up to three working days over borders; a weekend and a holiday may lie between. */
const WIRE_RESERVED_MS = 7 * 24 * 3_600_000
/** Crockford's digits: none is taken for another when it is written by hand. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export interface ChooseWireDeps {
  pool: Pool
  clock: () => Date
  settings: { wirePayTo: Partial<Record<string, string>> }
}

/**
 * Lets an order be paid by bank transfer: gives it a reference and keeps its units for a week. Again gives the same, and no more time.
 * @throws AppError INVESTMENT_NOT_FOUND, STEP_ORDER, WIRE_NOT_OFFERED
 */
export async function chooseWire({ pool, clock, settings }: ChooseWireDeps, accountId: string, id: string): Promise<WireInstructions> {
  return asViewer(pool, { accountId }, async (db) => {
    const now = clock()
    const { rows } = await db.query<{
      amountCents: string
      currency: string
      reference: string | null
      isOpen: boolean
      reservedUntil: Date
    }>(
      `select amount_cents as "amountCents", currency, wire_reference as reference, reserved_until as "reservedUntil",
         state in ('awaiting_payment', 'payment_failed') and reserved_until > $3 as "isOpen"
       from app.investment
       where id = $1 and account_id = $2
       for update`,
      [id, accountId, now],
    )
    const order = rows[0]
    if (!order) throw new AppError('INVESTMENT_NOT_FOUND', 'You have no such investment')
    if (!order.isOpen) throw new AppError('STEP_ORDER', 'Only an order that waits for its payment can be paid by bank transfer')
    const payTo = settings.wirePayTo[order.currency]
    if (payTo === undefined)
      throw new AppError('WIRE_NOT_OFFERED', `Orders in ${order.currency} can't be paid by bank transfer here. Pay on the payment page`)
    const { amountCents, currency } = order
    if (order.reference !== null)
      return { reference: order.reference, amountCents, currency, payTo, payBefore: order.reservedUntil.toISOString() }
    const payBefore = new Date(now.getTime() + WIRE_RESERVED_MS)
    await db.query(
      `update app.investment set wire_reference = $2, reserved_until = $3, state = 'awaiting_payment', updated_at = $4 where id = $1`,
      [id, referenceOf(id), payBefore, now],
    )
    return { reference: referenceOf(id), amountCents, currency, payTo, payBefore: payBefore.toISOString() }
  })
}

/** 50 bits of the order's id: the same order has the same, and two orders practically never. */
function referenceOf(investmentId: string): string {
  const hash = createHash('sha256').update(`wire ${investmentId}`).digest()
  return `TL${[...hash.subarray(0, 10)].map((byte) => DIGITS[byte % 32]).join('')}`
}
