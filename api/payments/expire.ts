import { type Db, inTransaction } from '../../common/node/db.ts'
import { checkPayment, type PaymentDeps } from './settle.ts'

/** Investments whose reservation is over or that were cancelled, while their payment may still be made. */
export async function listToClose(db: Db, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select i.id
     from app.investment i
     where i.state in ('awaiting_payment', 'payment_failed') and i.reserved_until <= $1
       or i.state in ('cancelled', 'expired')
         and exists (select from app.payment p where p.investment_id = i.id and p.provider = 'stripe' and p.state in ('open', 'failed'))
     order by i.reserved_until
     limit 100`,
    [now],
  )
  return rows.map(({ id }) => id)
}

/**
 * Closes the checkout of such an investment at the provider, then believes what the provider says: expired, or, when the payer was
 * faster, paid. Only a checkout that is closed for good lets the units go for good.
 * @throws when the provider cannot be reached; it stays to be closed
 */
export async function closeCheckout(deps: PaymentDeps, investmentId: string): Promise<void> {
  const { pool, stripe, clock, log } = deps
  const { rows } = await pool.query<{ id: string; sessionRef: string }>(
    `select id, session_ref as "sessionRef" from app.payment where investment_id = $1 and provider = 'stripe' and state in ('open', 'failed')`,
    [investmentId],
  )
  for (const { id, sessionRef } of rows) {
    await stripe.checkout.sessions.expire(sessionRef).catch((error: { type?: string }) => {
      // Refused when it is complete or expired already: reading it says which.
      if (error.type !== 'StripeInvalidRequestError') throw error
    })
    await checkPayment(deps, id)
  }
  if (rows.length > 0) return
  // The provider never gave us a checkout, or it closed while a transfer was awaited: nobody can pay it any more.
  const now = clock()
  const expired = await inTransaction(pool, (db) =>
    db.query(
      `update app.investment i set state = 'expired', updated_at = $2
       where id = $1 and state in ('awaiting_payment', 'payment_failed') and reserved_until <= $2
         and not exists (select from app.payment p where p.investment_id = i.id and p.state not in ('cancelled', 'failed'))`,
      [investmentId, now],
    ),
  )
  if (expired.rowCount === 1) log.info({ investmentId }, 'A reservation without a checkout expired')
}
