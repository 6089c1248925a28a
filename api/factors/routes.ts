import { asViewer } from '../../common/node/db.ts'
import { FactorChange, Factors, TotpSetup } from '../../common/wire-factors.ts'
import { findLabel } from '../accounts/queries.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import { refuseForeignOrigin } from '../http/cookies.ts'
import type { App, Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { requireFresh } from '../http/fresh.ts'
import { tightLimit } from '../http/security.ts'
import { closed } from '../http/validation.ts'
import { countCode, forgiveCodes } from './attempts.ts'
import { addFactor, removeFactor, renewCodes } from './change.ts'
import { Code, FactorProof, PROOF_ERRORS, proveFactor } from './proof.ts'
import { readFactors } from './queries.ts'
import { beginTotp, confirmTotp, removeTotp } from './totp.ts'

/** The authenticator app, the recovery codes, and a look at all factors. */
export const factorRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings } = deps
  const config = tightLimit(settings)
  authenticate(app, deps, { permission: 'account.use', enrolling: true })
  refuseForeignOrigin(app, settings)

  app.get('/auth/factors', { schema: { tags: ['Identity'], response: responses(Factors, 'UNAUTHENTICATED') } }, async (request) => {
    const { accountId } = signedIn(request)
    return answer(request, await asViewer(pool, { accountId }, (db) => readFactors(db, accountId)))
  })

  await app.register(async (fresh: App) => {
    requireFresh(fresh, deps)

    fresh.post(
      '/auth/totp',
      { config, schema: { tags: ['Identity'], response: responses(TotpSetup, 'UNAUTHENTICATED', 'CONFIRM_REQUIRED', 'FACTOR_EXISTS') } },
      async (request) => {
        const { accountId } = signedIn(request)
        const label = await findLabel(pool, accountId)
        const setup = await asViewer(pool, { accountId }, (db) => beginTotp(db, settings.encryptionKeys, accountId, label, clock()))
        return answer(request, setup)
      },
    )

    fresh.post(
      '/auth/totp/confirm',
      {
        config,
        schema: {
          tags: ['Identity'],
          body: closed({ code: Code }),
          response: responses(FactorChange, 'UNAUTHENTICATED', 'CONFIRM_REQUIRED', 'CODE_WRONG', 'UNKNOWN_FIELD'),
        },
      },
      async (request) => {
        const viewer = signedIn(request)
        await countCode(deps, viewer.accountId)
        const change = await addFactor(deps, viewer, async (db) => {
          await confirmTotp(db, settings.encryptionKeys, viewer.accountId, request.body.code, clock())
          await forgiveCodes(db, viewer.accountId)
          return { kind: 'totp_added' }
        })
        return answer(request, change)
      },
    )
  })

  // Of these the proof itself is part of the request: a session with a fresh factor isn't enough.
  const proven = {
    config,
    schema: {
      tags: ['Identity'],
      body: FactorProof,
      response: responses(FactorChange, 'UNAUTHENTICATED', 'NOT_FOUND', 'LAST_FACTOR', 'UNKNOWN_FIELD', ...PROOF_ERRORS),
    },
  }
  app.delete('/auth/totp', proven, async (request) => {
    const viewer = signedIn(request)
    await proveFactor(deps, viewer.accountId, request.body)
    const change = await removeFactor(deps, viewer, async (db) =>
      (await removeTotp(db, viewer.accountId)) ? { kind: 'totp_removed' } : undefined,
    )
    return answer(request, change)
  })

  app.post('/auth/recovery-codes', proven, async (request) => {
    const viewer = signedIn(request)
    await proveFactor(deps, viewer.accountId, request.body)
    return answer(request, await renewCodes(deps, viewer))
  })
}
