import { AppError } from '../../common/errors.ts'
import type { Deps, Settings } from '../http/deps.ts'
import { deriveKey, sign } from '../http/tokens.ts'
import { countTry, forgiveLogins } from './lockout.ts'
import { verifyPassword } from './passwords.ts'
import { findEmail, findLogin } from './queries.ts'

/** What logins with an e-mail are counted under; nobody without the key can tell the e-mail. */
export function loginHash({ jwtSecret }: Settings, email: string): Buffer {
  return sign(deriveKey(jwtSecret, 'login attempts'), email.toLowerCase())
}

/** The account that this e-mail and password belong to. @throws AppError LOGIN_FAILED, TRY_LATER */
export async function login({ pool, clock, settings }: Deps, email: string, password: string): Promise<string> {
  const emailHash = loginHash(settings, email)
  await countTry(pool, emailHash, clock(), 'Too many wrong passwords.')
  const known = await findLogin(pool, email)
  if (!(await verifyPassword(known?.passwordHash, password))) throw new AppError('LOGIN_FAILED', 'E-mail or password is wrong')
  await forgiveLogins(pool, emailHash, clock())
  return known!.accountId
}

/** Checks the password of an account that is signed in, counted like a login. @throws AppError LOGIN_FAILED, TRY_LATER */
export async function provePassword(deps: Deps, accountId: string, password: string): Promise<void> {
  const email = await findEmail(deps.pool, accountId)
  if (email === null) throw new AppError('LOGIN_FAILED', 'Your account has no password. Confirm with your wallet')
  await login(deps, email, password)
}
