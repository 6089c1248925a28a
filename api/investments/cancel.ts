import { AppError } from '../../common/errors.ts'
import { asViewer, type Pool } from '../../common/node/db.ts'
import { announce } from '../outbox/job.ts'

/**
 * Takes back an order that was not paid; again is no error. The worker closes the checkout; money that arrives all the same is sent back.
 * @throws AppError INVESTMENT_NOT_FOUND, STEP_ORDER
 */
export async function cancelOrder({ pool, clock }: { pool: Pool; clock: () => Date }, accountId: string, id: string): Promise<void> {
  await asViewer(pool, { accountId }, async (db) => {
    const { rows } = await db.query<{ state: string }>('select state from app.investment where id = $1 and account_id = $2 for update', [
      id,
      accountId,
    ])
    const state = rows[0]?.state
    if (state === undefined) throw new AppError('INVESTMENT_NOT_FOUND', 'You have no such investment')
    if (state === 'cancelled') return
    if (state !== 'awaiting_payment' && state !== 'payment_failed') {
      throw new AppError('STEP_ORDER', 'Only an investment that waits for its payment can be cancelled', { details: { state } })
    }
    await db.query(`update app.investment set state = 'cancelled', updated_at = $2 where id = $1`, [id, clock()])
    await announce(db, 'checkout.close', { investmentId: id })
  })
}
