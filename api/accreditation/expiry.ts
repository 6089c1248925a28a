import { inTransaction, type Pool } from '../../common/node/db.ts'
import { notifyAccount } from '../notifications/notify-account.ts'
import type { Job } from '../outbox/job.ts'

/** How long before it runs out the owner is told. */
const TELL_MS = 14 * 24 * 3_600_000

/** Approved claims that run out soon, are the last of their owner, and whose owner wasn't told. $1 now, $2 until. */
const EXPIRING = `
  from app.accreditation a
  where a.is_approved and a.expires_at > $1 and a.expires_at <= $2
    and not exists (select from app.accreditation later where later.account_id = a.account_id and later.created_at > a.created_at and later.submitted_at is not null)
    and not exists (select from app.notification n where n.cause = 'accreditation_expiring:' || a.id)`

/** The worker's part: who is accredited is told before it runs out. What the rules count ends by itself. */
export function accreditationJobs({ pool, clock }: { pool: Pool; clock: () => Date }): Job[] {
  const period = () => [clock(), new Date(clock().getTime() + TELL_MS)]
  return [
    {
      topic: 'accreditation.expiry',
      async listOpen() {
        const { rows } = await pool.query<{ id: string }>(`select a.id ${EXPIRING} order by a.expires_at limit 100`, period())
        return rows.map(({ id }) => ({ accreditationId: id }))
      },
      async handle({ accreditationId = '' }) {
        await inTransaction(pool, async (db) => {
          const { rows } = await db.query<{ accountId: string; expiresAt: Date }>(
            `select a.account_id as "accountId", a.expires_at as "expiresAt" ${EXPIRING} and a.id = $3`,
            [...period(), accreditationId],
          )
          if (!rows[0]) return
          const { accountId, expiresAt } = rows[0]
          await notifyAccount(
            db,
            {
              accountId,
              path: '/account/accreditation',
              kind: 'accreditation_expiring',
              cause: `accreditation_expiring:${accreditationId}`,
              subject: `You are verified as an accredited investor until ${expiresAt.toISOString().slice(0, 10)}`,
              body: 'Send newer evidence on the page below to go on. What you hold stays yours either way.',
            },
            clock(),
          )
        })
      },
    },
  ]
}
