import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import { asViewer } from '../../common/node/db.ts'
import { LOCK_MS, MAX_FAILURES } from '../accounts/lockout.ts'
import type { Deps } from '../http/deps.ts'
import { notifySecurity } from '../notifications/notify-security.ts'

/**
 * Counts a code before it is looked at, so that guesses sent at once are all counted, and refuses the sixth in 15 minutes. Whoever gets
 * here knows the password: the owner is told when the codes are locked.
 * @throws AppError TRY_LATER with the seconds left
 */
export async function countCode({ pool, clock }: Deps, accountId: string): Promise<void> {
  const now = clock()
  const { failures, lastAt } = await asViewer(pool, { accountId }, async (db) => {
    const { rows } = await db.query<{ failures: number; lastAt: Date }>(
      `insert into app.factor_attempt as a (account_id, failures, last_at) values ($1, 1, $2)
       on conflict (account_id) do update set
         failures = case when a.last_at <= $3 then 1 else a.failures + 1 end,
         last_at = case when a.last_at > $3 and a.failures >= $4 then a.last_at else excluded.last_at end
       returning failures, last_at as "lastAt"`,
      [accountId, now, new Date(now.getTime() - LOCK_MS), MAX_FAILURES],
    )
    if (rows[0]!.failures === MAX_FAILURES + 1) await notifySecurity(db, accountId, { kind: 'codes_locked' }, now)
    return rows[0]!
  })
  if (failures <= MAX_FAILURES) return
  const retryAfterSeconds = Math.ceil((lastAt.getTime() + LOCK_MS - now.getTime()) / 1000)
  throw new AppError('TRY_LATER', `Too many wrong codes. Try again in ${Math.ceil(retryAfterSeconds / 60)} minutes`, {
    details: { retryAfterSeconds },
  })
}

/** Forgets the wrong codes after a right one. */
export async function forgiveCodes(db: Db, accountId: string): Promise<void> {
  await db.query('delete from app.factor_attempt where account_id = $1', [accountId])
}
