import { AppError } from '../../common/errors.ts'
import { asViewer, type Db } from '../../common/node/db.ts'
import type { FactorChange } from '../../common/wire-factors.ts'
import { noteProof } from '../http/activity.ts'
import type { SignedIn } from '../http/auth.ts'
import type { Deps } from '../http/deps.ts'
import { notifySecurity, type SecurityNews } from '../notifications/notify-security.ts'
import { readFactors } from './queries.ts'
import { removeRecoveryCodes, renewRecoveryCodes } from './recovery-codes.ts'

/** Adds a factor that was proven by adding it. The first one of an account brings its recovery codes. */
export function addFactor(deps: Deps, viewer: SignedIn, add: (db: Db) => Promise<SecurityNews>): Promise<FactorChange> {
  return changeFactors(deps, viewer, async (db) => {
    const news = await add(db)
    await noteProof(db, viewer.family, true, deps.clock())
    const { recoveryCodesLeft } = await readFactors(db, viewer.accountId)
    return { news, recoveryCodes: recoveryCodesLeft === 0 ? await renewRecoveryCodes(db, viewer.accountId) : [] }
  })
}

/** Removes a factor; with the last one the recovery codes go. @throws AppError NOT_FOUND, LAST_FACTOR */
export function removeFactor(deps: Deps, viewer: SignedIn, remove: (db: Db) => Promise<SecurityNews | undefined>): Promise<FactorChange> {
  return changeFactors(deps, viewer, async (db) => {
    const news = await remove(db)
    if (!news) throw new AppError('NOT_FOUND', 'There is no such factor')
    if (!(await hasFactor(db, viewer))) {
      const { isRequired } = await readFactors(db, viewer.accountId)
      if (isRequired) throw new AppError('LAST_FACTOR', 'Your role must have a second factor. Add another one first')
      await removeRecoveryCodes(db, viewer.accountId)
    }
    return { news, recoveryCodes: [] }
  })
}

/** Gives the account ten new recovery codes. @throws AppError NOT_FOUND */
export function renewCodes(deps: Deps, viewer: SignedIn): Promise<FactorChange> {
  return changeFactors(deps, viewer, async (db) => {
    if (!(await hasFactor(db, viewer))) throw new AppError('NOT_FOUND', 'Recovery codes stand in for a second factor. Set one up first')
    return { news: { kind: 'recovery_codes_renewed' }, recoveryCodes: await renewRecoveryCodes(db, viewer.accountId) }
  })
}

/** One transaction for the change and the message about it. */
async function changeFactors(
  { pool, clock }: Deps,
  { accountId }: SignedIn,
  work: (db: Db) => Promise<{ news: SecurityNews; recoveryCodes: string[] }>,
): Promise<FactorChange> {
  return asViewer(pool, { accountId }, async (db) => {
    // One change after the other: two at once must not both remove the last but one.
    await db.query('select from app.account where id = $1 for update', [accountId])
    const { news, recoveryCodes } = await work(db)
    await notifySecurity(db, accountId, news, clock())
    return { factors: await readFactors(db, accountId), recoveryCodes }
  })
}

async function hasFactor(db: Db, { accountId }: SignedIn): Promise<boolean> {
  const { totpSince, passkeys } = await readFactors(db, accountId)
  return totpSince !== null || passkeys.length > 0
}
