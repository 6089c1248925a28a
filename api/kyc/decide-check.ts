import type { Db } from '../../common/node/db.ts'
import { announce } from '../outbox/job.ts'

/** How long an approval is good for. */
const VALID_YEARS = 1

/** Ends an identity check; one that is decided stays as it is. The caller opens the transaction. */
export async function decideCheck(db: Db, kycCheckId: string, state: 'approved' | 'rejected', now: Date): Promise<void> {
  const expiresAt = new Date(now)
  expiresAt.setUTCFullYear(expiresAt.getUTCFullYear() + VALID_YEARS)
  const { rows } = await db.query<{ accountId: string }>(
    `update app.kyc_check set state = $2, decided_at = $3, expires_at = $4, due_at = null
     where id = $1 and state in ('started', 'in_review')
     returning account_id as "accountId"`,
    [kycCheckId, state, now, state === 'approved' ? expiresAt : null],
  )
  if (rows[0] && state === 'approved') await announce(db, 'account.approved', { accountId: rows[0].accountId })
}
