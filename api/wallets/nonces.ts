import { randomBytes } from 'node:crypto'
import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import { hashToken } from '../http/tokens.ts'

/** How long a challenge may wait for its signature. */
export const NONCE_MS = 5 * 60_000

/** Issues a challenge that only the browser holding `browserToken` can answer. Throws away those that nobody answered. */
export async function issueNonce(db: Db, browserToken: string, now: Date): Promise<string> {
  const nonce = randomBytes(16).toString('hex')
  await db.query('delete from app.siwe_nonce where expires_at < $1', [new Date(now.getTime() - NONCE_MS)])
  await db.query('insert into app.siwe_nonce (nonce, browser_hash, expires_at) values ($1, $2, $3)', [
    nonce,
    hashToken(browserToken),
    new Date(now.getTime() + NONCE_MS),
  ])
  return nonce
}

/** Uses a challenge up, in one statement: of many tries at once one succeeds. @throws AppError SIWE_NONCE_UNKNOWN */
export async function consumeNonce(db: Db, nonce: string, browserToken: string | undefined, now: Date): Promise<void> {
  const { rowCount } = await db.query(
    `update app.siwe_nonce set used_at = $3
     where nonce = $1 and browser_hash = $2 and used_at is null and expires_at > $3
     returning nonce`,
    [nonce, hashToken(browserToken ?? ''), now],
  )
  if (rowCount !== 1) throw new AppError('SIWE_NONCE_UNKNOWN', 'This sign-in request was not found or was used already. Start again')
}
