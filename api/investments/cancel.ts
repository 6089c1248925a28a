import { AppError } from '../../common/errors.ts'
import { asViewer, type Pool } from '../../common/node/db.ts'
import { announce } from '../outbox/job.ts'

/**
 * Takes back an order that was not paid, or one that may be taken back without a reason still; again is no error. The worker closes
 * the checkout; money that arrived or arrives all the same is sent back.
 * @throws AppError INVESTMENT_NOT_FOUND, STEP_ORDER
 */
export async function cancelOrder({ pool, clock }: { pool: Pool; clock: () => Date }, accountId: string, id: string): Promise<void> {
  await asViewer(pool, { accountId }, async (db) => {
    const { rows } = await db.query<{ state: string; cancelUntil: Date | null; paymentId: string | null; isMinted: boolean }>(
      `select i.state, i.cancel_until as "cancelUntil",
         (select y.id from app.payment y where y.investment_id = i.id order by y.created_at desc limit 1) as "paymentId",
         exists (select from app.chain_intent c where c.investment_id = i.id) as "isMinted"
       from app.investment i
       where id = $1 and account_id = $2
       for update`,
      [id, accountId],
    )
    const order = rows[0]
    if (order === undefined) throw new AppError('INVESTMENT_NOT_FOUND', 'You have no such investment')
    const { state, cancelUntil, paymentId, isMinted } = order
    if (state === 'cancelled') return
    const now = clock()
    const isPaid = state === 'paid' && cancelUntil !== null && now < cancelUntil && !isMinted
    if (state !== 'awaiting_payment' && state !== 'payment_failed' && !isPaid)
      throw new AppError(
        'STEP_ORDER',
        cancelUntil === null
          ? 'Only an investment that waits for its payment can be cancelled'
          : 'The time in which this investment could be cancelled is over',
        { details: { state, cancelUntil } },
      )
    await db.query(`update app.investment set state = 'cancelled', updated_at = $2 where id = $1`, [id, now])
    // What the provider says of a payment that was made leads to its refund.
    if (isPaid && paymentId !== null) await announce(db, 'payment.check', { paymentId })
    else await announce(db, 'checkout.close', { investmentId: id })
  })
}
