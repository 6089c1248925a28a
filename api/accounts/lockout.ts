import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'

/** Wrong passwords in a row, or mails asked for, that lock an e-mail. */
export const MAX_FAILURES = 5
/** How long it stays locked, and after how long old failures are forgotten. */
export const LOCK_MS = 15 * 60_000

/**
 * Counts a try before what it brought is looked at, so that guesses sent at once are all counted, and refuses the sixth with `sentence`.
 * Counts by e-mail, known or not: the answer tells nobody which exist.
 * @throws AppError TRY_LATER with the seconds left
 */
export async function countTry(db: Db, emailHash: Buffer, now: Date, sentence: string): Promise<void> {
  const { rows } = await db.query<{ failures: number; lastAt: Date }>(
    `insert into app.login_attempt as a (email_hash, failures, last_at) values ($1, 1, $2)
     on conflict (email_hash) do update set
       failures = case when a.last_at <= $3 then 1 else a.failures + 1 end,
       last_at = case when a.last_at > $3 and a.failures >= $4 then a.last_at else excluded.last_at end
     returning failures, last_at as "lastAt"`,
    [emailHash, now, new Date(now.getTime() - LOCK_MS), MAX_FAILURES],
  )
  const { failures, lastAt } = rows[0]!
  if (failures <= MAX_FAILURES) return
  const retryAfterSeconds = Math.ceil((lastAt.getTime() + LOCK_MS - now.getTime()) / 1000)
  throw new AppError('TRY_LATER', `${sentence} Try again in ${Math.ceil(retryAfterSeconds / 60)} minutes`, {
    details: { retryAfterSeconds },
  })
}

/** Forgets the failures after the right password. */
export async function forgiveLogins(db: Db, emailHash: Buffer, now: Date): Promise<void> {
  await db.query('delete from app.login_attempt where email_hash = $1 or last_at < $2', [emailHash, new Date(now.getTime() - 2 * LOCK_MS)])
}
