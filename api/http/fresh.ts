import { AppError } from '../../common/errors.ts'
import { FRESH_MS } from './activity.ts'
import { type SignedIn, signedIn } from './auth.ts'
import type { App, Deps } from './deps.ts'

/**
 * Makes every route of this scope ask that the person was there lately: who has a second factor proved it within the last 30 minutes,
 * who has none used the session within them. To be called after `authenticate`.
 */
export function requireFresh(app: App, { clock }: Pick<Deps, 'clock'>): void {
  app.addHook('onRequest', async (request) => assertFresh(signedIn(request), clock()))
}

/** How long a proof is good for what can't be taken back. */
const PROOF_MS = 5 * 60_000

/**
 * Makes every route of this scope ask for a proof within the last five minutes: by the second factor of who has one, by password or wallet of who has
 * none. Signing in is a proof. To be called after `authenticate`.
 */
export function requireProof(app: App, { clock }: Pick<Deps, 'clock'>): void {
  app.addHook('onRequest', async (request) => {
    const { hasFactor, factorAt, provenAt } = signedIn(request)
    const since = hasFactor ? factorAt : provenAt
    if (since === null || clock().getTime() - since.getTime() > PROOF_MS) throw confirmFirst(hasFactor)
  })
}

/** @throws AppError CONFIRM_REQUIRED */
export function assertFresh({ hasFactor, factorAt, activeAt }: SignedIn, now: Date): void {
  const since = hasFactor ? factorAt : activeAt
  if (since !== null && now.getTime() - since.getTime() <= FRESH_MS) return
  throw confirmFirst(hasFactor)
}

function confirmFirst(withFactor: boolean): AppError {
  return new AppError('CONFIRM_REQUIRED', 'Confirm that it is you, then try again', { details: { withFactor } })
}
