import { type Db, inTransaction } from '../../common/node/db.ts'
import { bookPayment } from '../ledger/book-payment.ts'
import { notify } from '../notifications/notify.ts'
import type { PaymentDeps } from './settle.ts'

/** Investments whose money must go back. */
export async function listRefundsDue(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from app.investment i
     where state = 'refund_due'
       and exists (select from app.payment p where p.investment_id = i.id and p.provider = 'stripe' and p.received_minor > p.returned_minor)
     order by updated_at
     limit 100`,
  )
  return rows.map(({ id }) => id)
}

/**
 * Sends the whole payment back and notes it. The idempotency key is the investment's own, so that however often this is begun,
 * the provider refunds once; one that was refunded by hand meanwhile counts as done.
 * @throws when the provider refuses or cannot be reached; the refund stays due
 */
export async function refundInvestment({ pool, stripe, clock, log }: PaymentDeps, investmentId: string): Promise<void> {
  const { rows } = await pool.query<{ paymentRef: string }>(
    `select p.payment_ref as "paymentRef"
     from app.investment i
     join app.payment p on p.investment_id = i.id
     where i.id = $1 and i.state = 'refund_due' and p.provider = 'stripe' and p.payment_ref is not null and p.received_minor > p.returned_minor`,
    [investmentId],
  )
  const payment = rows[0]
  if (!payment) return
  const refundRef = await stripe.refunds
    .create(
      { payment_intent: payment.paymentRef, reason: 'requested_by_customer', metadata: { investmentId } },
      { idempotencyKey: `refund-${investmentId}` },
    )
    .then(
      ({ id, status }) => {
        if (status === 'failed' || status === 'canceled') throw new Error(`The refund ${id} is ${status}`)
        return id
      },
      (error: { code?: string }) => {
        if (error.code === 'charge_already_refunded') return null
        throw error
      },
    )
  const now = clock()
  await inTransaction(pool, async (db) => {
    const { rowCount } = await db.query(
      `update app.investment set state = 'refunded', updated_at = $2 where id = $1 and state = 'refund_due'`,
      [investmentId, now],
    )
    if (rowCount !== 1) return
    const { rows: returned } = await db.query<{ id: string }>(
      `update app.payment
       set state = 'refunded', refund_ref = coalesce($2, refund_ref), returned_minor = received_minor, due_at = $3, updated_at = $3
       where investment_id = $1 and payment_ref = $4
       returning id`,
      [investmentId, refundRef, now, payment.paymentRef],
    )
    for (const { id } of returned) await bookPayment(db, id, now)
    await notify(db, { kind: 'investment_refunded', investmentId, now })
  })
  log.info({ investmentId, refundRef }, 'Refunded an investment')
}
