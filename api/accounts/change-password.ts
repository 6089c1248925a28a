import { AppError } from '../../common/errors.ts'
import { inTransaction } from '../../common/node/db.ts'
import type { SignedIn } from '../http/auth.ts'
import type { Deps } from '../http/deps.ts'
import { notifySecurity } from '../notifications/notify-security.ts'
import { forgiveLogins } from './lockout.ts'
import { loginHash } from './login.ts'
import { endLinks, lockLink } from './mailed-links.ts'
import { assertGoodPassword } from './password-rules.ts'
import { hashPassword } from './passwords.ts'
import { findEmail, noteProvenEmail, setPassword } from './queries.ts'
import { revokeOthers } from './sessions.ts'

/**
 * Gives a signed-in account another password and ends every other sign-in.
 * @returns how many sign-ins ended
 * @throws AppError STEP_ORDER for an account without an e-mail, PASSWORD_WEAK
 */
export async function changePassword(deps: Deps, { accountId, family }: SignedIn, password: string): Promise<number> {
  const email = await findEmail(deps.pool, accountId)
  if (email === null) throw new AppError('STEP_ORDER', 'Your account has no e-mail to sign in with, so it has no password')
  await assertGoodPassword(deps.isBreached, password, email)
  return writePassword(deps, await hashPassword(password), { findAccount: async () => accountId, keptFamily: family })
}

/**
 * Gives the account of a mailed link another password and ends every sign-in. The link is used up by that alone: a weak password may be
 * followed by a better one. Second factors stay.
 * @throws AppError LINK_EXPIRED, PASSWORD_WEAK
 */
export async function resetPassword(deps: Deps, token: string, password: string): Promise<void> {
  const { pool, clock, settings } = deps
  const { email } = await inTransaction(pool, (db) => lockLink(db, token, 'reset_password', clock()))
  await assertGoodPassword(deps.isBreached, password, email)
  // Hashed before the link is locked: a second request with the same link must not wait behind it for long.
  await writePassword(deps, await hashPassword(password), {
    findAccount: async (db) => (await lockLink(db, token, 'reset_password', clock())).accountId,
    keptFamily: null,
  })
  await forgiveLogins(pool, loginHash(settings, email), clock())
}

/** One transaction for the password and everything that was open by the former one. */
function writePassword(
  { pool, clock }: Deps,
  passwordHash: string,
  { findAccount, keptFamily }: { findAccount: (db: Parameters<typeof setPassword>[0]) => Promise<string>; keptFamily: string | null },
): Promise<number> {
  return inTransaction(pool, async (db) => {
    const accountId = await findAccount(db)
    await setPassword(db, accountId, passwordHash)
    await endLinks(db, accountId, 'reset_password', clock())
    // Only who reads the mailbox has such a link.
    if (keptFamily === null) await noteProvenEmail(db, accountId, clock())
    await notifySecurity(db, accountId, { kind: 'password_changed' }, clock())
    return revokeOthers(db, clock(), accountId, keptFamily)
  })
}
