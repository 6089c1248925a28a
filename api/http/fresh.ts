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

/** @throws AppError CONFIRM_REQUIRED */
export function assertFresh({ hasFactor, factorAt, activeAt }: SignedIn, now: Date): void {
  const since = hasFactor ? factorAt : activeAt
  if (since !== null && now.getTime() - since.getTime() <= FRESH_MS) return
  throw new AppError('CONFIRM_REQUIRED', 'Confirm that it is you, then try again', { details: { withFactor: hasFactor } })
}
