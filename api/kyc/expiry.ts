import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import type { Log } from '../../common/node/log.ts'
import { notifyAccount } from '../notifications/notify-account.ts'
import type { Job } from '../outbox/job.ts'
import { RENEW_MS } from './queries.ts'

interface ExpiryDeps {
  pool: Pool
  clock: () => Date
  log: Log
}

/** The worker's part of approvals that run out: their owner is told before, and when it is so. */
export function expiryJobs(deps: ExpiryDeps): Job[] {
  return [
    {
      topic: 'kyc.expiry',
      handle: ({ kycCheckId = '' }) => seeToExpiry(deps, kycCheckId),
      listOpen: async () => (await listExpiring(deps.pool, deps.clock())).map((kycCheckId) => ({ kycCheckId })),
    },
  ]
}

/** `k` was renewed. */
const IS_FOLLOWED = `exists (
  select from app.kyc_check later where later.account_id = k.account_id and later.created_at > k.created_at and later.state = 'approved')`

/** Approvals that have run out, or will soon and whose owner wasn't told; those that were followed by another are left alone. */
export async function listExpiring(db: Db, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select k.id from app.kyc_check k
     where k.state = 'approved' and k.expires_at <= $2
       and (
         k.expires_at <= $1
         or not exists (select from app.notification n where n.cause = 'kyc_expiring:' || k.id) and not ${IS_FOLLOWED}
       )
     order by k.expires_at
     limit 100`,
    [now, new Date(now.getTime() + RENEW_MS)],
  )
  return rows.map(({ id }) => id)
}

/** Tells the owner that an approval will run out, or ends it and tells that. Safe to repeat. */
export async function seeToExpiry({ pool, clock, log }: ExpiryDeps, kycCheckId: string): Promise<void> {
  const now = clock()
  await inTransaction(pool, async (db) => {
    const { rows } = await db.query<{ accountId: string; expiresAt: Date; isFollowed: boolean }>(
      `select k.account_id as "accountId", k.expires_at as "expiresAt",
         ${IS_FOLLOWED} as "isFollowed"
       from app.kyc_check k
       where k.id = $1 and k.state = 'approved'
       for update`,
      [kycCheckId],
    )
    const check = rows[0]
    if (!check) return
    const { accountId, expiresAt, isFollowed } = check
    const isOver = expiresAt <= now
    if (isOver) await db.query(`update app.kyc_check set state = 'expired' where id = $1`, [kycCheckId])
    if (!isFollowed)
      await notifyAccount(
        db,
        {
          accountId,
          path: '/account',
          ...(isOver
            ? {
                kind: 'kyc_expired',
                cause: `kyc_expired:${kycCheckId}`,
                subject: 'Your identity check has run out',
                body: 'You keep what you have, but can neither invest nor receive units until your identity was checked again. It takes a few minutes on the page below.',
              }
            : {
                kind: 'kyc_expiring',
                cause: `kyc_expiring:${kycCheckId}`,
                subject: `Your identity check runs out on ${expiresAt.toISOString().slice(0, 10)}`,
                body: 'Renew it on the page below; it takes a few minutes. Until then nothing changes for you.',
              }),
        },
        now,
      )
    log.info({ accountId, kycCheckId, isOver }, 'An identity check runs out')
  })
}
