import { jwtVerify, SignJWT } from 'jose'
import { AppError } from '../../common/errors.ts'
import type { Deps } from '../http/deps.ts'
import { deriveKey } from '../http/tokens.ts'

/** Seconds between the first step of a sign-in and the second. */
export const PENDING_SECONDS = 300

const AUDIENCE = 'terra-lumina-second-step'

/** Says that the first step of a sign-in was right. It opens nothing: the second step uses up a proof of its own. */
export async function signPending({ settings, clock }: Deps, accountId: string): Promise<string> {
  const now = Math.floor(clock().getTime() / 1000)
  return new SignJWT({ typ: 'pending' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(accountId)
    .setIssuer(settings.publicUrl.origin)
    .setAudience(AUDIENCE)
    .setIssuedAt(now)
    .setExpirationTime(now + PENDING_SECONDS)
    .sign(deriveKey(settings.jwtSecret, 'pending sign-in'))
}

/** The account whose first step a token says was right. @throws AppError SIGN_IN_EXPIRED */
export async function readPending({ settings, clock }: Deps, token: string): Promise<string> {
  try {
    const { payload } = await jwtVerify(token, deriveKey(settings.jwtSecret, 'pending sign-in'), {
      algorithms: ['HS256'],
      issuer: settings.publicUrl.origin,
      audience: AUDIENCE,
      currentDate: clock(),
    })
    if (payload.typ !== 'pending' || typeof payload.sub !== 'string') throw new Error('not a pending sign-in')
    return payload.sub
  } catch (cause) {
    throw new AppError('SIGN_IN_EXPIRED', 'This sign-in has waited too long. Begin again', { cause })
  }
}
