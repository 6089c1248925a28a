import type { Db } from '../../common/node/db.ts'
import type { SignedIn } from './auth.ts'

/** How long a proven second factor, and a sign-in that isn't used, are good for money and staff actions. */
export const FRESH_MS = 30 * 60_000
/** Uses closer to each other than this are noted once. */
const NOTE_MS = 60_000

/** Notes that a sign-in is in use. One that was idle for too long stays so, whatever is read with it, until the person confirms. */
export async function keepActive(db: Db, { family, activeAt }: SignedIn, now: Date): Promise<void> {
  const idleMs = now.getTime() - activeAt.getTime()
  if (idleMs < NOTE_MS || idleMs > FRESH_MS) return
  await db.query('update app.sign_in set active_at = $2 where family = $1 and active_at < $2', [family, now])
}

/** Notes that the person of a sign-in proved who they are, by a second factor or otherwise. */
export async function noteProof(db: Db, family: string, isFactor: boolean, now: Date): Promise<void> {
  await db.query(
    'update app.sign_in set active_at = $2, proven_at = $2, factor_at = case when $3 then $2 else factor_at end where family = $1',
    [family, now, isFactor],
  )
}
