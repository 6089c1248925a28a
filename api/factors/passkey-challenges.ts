import { randomBytes } from 'node:crypto'
import type { Db } from '../../common/node/db.ts'
import { hashToken } from '../http/tokens.ts'

/** How long a challenge may wait for the authenticator. */
const CHALLENGE_MS = 5 * 60_000

/** What a challenge may be used for, and by whom. */
export type ChallengeScope = { register: string } | { prove: string } | { signInFrom: string }

/** Issues a challenge, base64url. Throws away those that nobody answered. */
export async function issueChallenge(db: Db, scope: ChallengeScope, now: Date): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = new Uint8Array(randomBytes(32))
  await db.query('delete from app.passkey_challenge where expires_at < $1', [now])
  await db.query('insert into app.passkey_challenge (challenge_hash, scope_hash, expires_at) values ($1, $2, $3)', [
    hashToken(Buffer.from(challenge).toString('base64url')),
    hashScope(scope),
    new Date(now.getTime() + CHALLENGE_MS),
  ])
  return challenge
}

/** Uses a challenge up and says whether it was there: of many tries at once one succeeds. */
export async function consumeChallenge(db: Db, scope: ChallengeScope, challenge: string, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    'delete from app.passkey_challenge where challenge_hash = $1 and scope_hash = $2 and expires_at > $3',
    [hashToken(challenge), hashScope(scope), now],
  )
  return rowCount === 1
}

function hashScope(scope: ChallengeScope): Buffer {
  return hashToken(JSON.stringify(scope))
}
