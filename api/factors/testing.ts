import { Secret, TOTP } from 'otpauth'
import type { Session } from '../../common/wire.ts'
import type { PendingSignIn, TotpSetup } from '../../common/wire-factors.ts'
import { TEST_PASSWORD, type TestApi } from '../testing.ts'

/** The code that an authenticator app with this secret shows at a moment. */
export function codeOf(secret: string, at: Date): string {
  return new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 }).generate({ timestamp: at.getTime() })
}

/** Sets an authenticator app up for a session; time moves on by a step, so that the next code is a new one. */
export async function addTotp(api: TestApi, accessToken: string): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = (await api.call('POST', 'auth/totp', undefined, accessToken)).json().data as TotpSetup
  const confirmed = await api.call('POST', 'auth/totp/confirm', { code: codeOf(secret, api.clock.now) }, accessToken)
  if (confirmed.statusCode !== 200) throw new Error(`Confirming answered ${confirmed.body}`)
  api.clock.pass(30_000)
  return { secret, recoveryCodes: confirmed.json().data.recoveryCodes }
}

/** The first step of a sign-in that will ask for a second. */
export async function beginSignIn(api: TestApi, email: string): Promise<PendingSignIn> {
  const response = await api.call('POST', 'users/login', { email, password: TEST_PASSWORD })
  if (response.statusCode !== 202) throw new Error(`The first step answered ${response.statusCode}`)
  return response.json().data
}

/** Both steps, the second with the app's code. */
export async function signInWithTotp(api: TestApi, email: string, secret: string): Promise<Session> {
  const { token } = await beginSignIn(api, email)
  const proof = { method: 'totp', code: codeOf(secret, api.clock.now) }
  const response = await api.call('POST', 'auth/factor', { token, proof })
  api.clock.pass(30_000)
  return response.json().data
}
