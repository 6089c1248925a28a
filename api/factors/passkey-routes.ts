import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import { asViewer } from '../../common/node/db.ts'
import { Uuid } from '../../common/wire.ts'
import { FactorChange, Factors } from '../../common/wire-factors.ts'
import { findLabel } from '../accounts/queries.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import { refuseForeignOrigin } from '../http/cookies.ts'
import type { App, Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { requireFresh } from '../http/fresh.ts'
import { tightLimit } from '../http/security.ts'
import { closed } from '../http/validation.ts'
import { addFactor, removeFactor } from './change.ts'
import { deletePasskey, insertPasskey, renamePasskey } from './passkey-queries.ts'
import { offerRegistration, verifyRegistration } from './passkeys.ts'
import { CeremonyOptions, FactorProof, PROOF_ERRORS, proveFactor } from './proof.ts'
import { readFactors } from './queries.ts'

const Name = Type.String({ minLength: 1, maxLength: 60, pattern: '^[^\\x00-\\x1f\\x7f\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069]+$' })
const ById = closed({ id: Uuid })
const Attestation = Type.Object({
  id: Type.String({ maxLength: 2_048 }),
  rawId: Type.String({ maxLength: 2_048 }),
  type: Type.Literal('public-key'),
  response: Type.Object({
    clientDataJSON: Type.String({ maxLength: 8_192 }),
    attestationObject: Type.String({ maxLength: 65_536 }),
    transports: Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 10 })),
  }),
  clientExtensionResults: Type.Object({}),
})

/** The passkeys of an account. */
export const passkeyRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings } = deps
  const config = tightLimit(settings)
  authenticate(app, deps, { permission: 'account.use', enrolling: true })
  refuseForeignOrigin(app, settings)

  await app.register(async (fresh: App) => {
    requireFresh(fresh, deps)

    fresh.post(
      '/auth/passkeys/options',
      { config, schema: { tags: ['Identity'], response: responses(CeremonyOptions, 'UNAUTHENTICATED', 'CONFIRM_REQUIRED') } },
      async (request) => {
        const { accountId } = signedIn(request)
        return answer(request, { options: await offerRegistration(deps, accountId, await findLabel(pool, accountId)) })
      },
    )

    fresh.post(
      '/auth/passkeys',
      {
        config,
        schema: {
          tags: ['Identity'],
          body: closed({ name: Name, passkey: Attestation }),
          response: responses(FactorChange, 'UNAUTHENTICATED', 'CONFIRM_REQUIRED', 'PASSKEY_REFUSED', 'FACTOR_EXISTS', 'UNKNOWN_FIELD'),
        },
      },
      async (request) => {
        const viewer = signedIn(request)
        const { name, passkey } = request.body
        const { accountId } = viewer
        const verified = await verifyRegistration(deps, accountId, passkey as RegistrationResponseJSON)
        const change = await addFactor(deps, viewer, async (db) => {
          const isNew = await insertPasskey(db, { accountId, name, ...verified }, clock())
          if (!isNew) throw new AppError('FACTOR_EXISTS', 'This passkey is known already')
          return { kind: 'passkey_added', name }
        })
        return answer(request, change)
      },
    )
  })

  app.put(
    '/auth/passkeys/:id',
    {
      schema: {
        tags: ['Identity'],
        params: ById,
        body: closed({ name: Name }),
        response: responses(Factors, 'UNAUTHENTICATED', 'NOT_FOUND', 'UNKNOWN_FIELD'),
      },
    },
    async (request) => {
      const { accountId } = signedIn(request)
      const factors = await asViewer(pool, { accountId }, async (db) => {
        if (!(await renamePasskey(db, accountId, request.params.id, request.body.name)))
          throw new AppError('NOT_FOUND', 'There is no such passkey')
        return readFactors(db, accountId)
      })
      return answer(request, factors)
    },
  )

  app.delete(
    '/auth/passkeys/:id',
    {
      config,
      schema: {
        tags: ['Identity'],
        params: ById,
        body: FactorProof,
        response: responses(FactorChange, 'UNAUTHENTICATED', 'NOT_FOUND', 'LAST_FACTOR', 'UNKNOWN_FIELD', ...PROOF_ERRORS),
      },
    },
    async (request) => {
      const viewer = signedIn(request)
      await proveFactor(deps, viewer.accountId, request.body)
      const change = await removeFactor(deps, viewer, async (db) => {
        const name = await deletePasskey(db, viewer.accountId, request.params.id)
        return name === undefined ? undefined : { kind: 'passkey_removed', name }
      })
      return answer(request, change)
    },
  )
}
