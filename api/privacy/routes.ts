import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { ERASE_PHRASE } from '../../common/erase-phrase.ts'
import { asViewer } from '../../common/node/db.ts'
import { Consent, ConsentKind } from '../../common/wire-privacy.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import { clearCookie, REFRESH_COOKIE, refuseForeignOrigin } from '../http/cookies.ts'
import type { App, Routes } from '../http/deps.ts'
import { answer, failures, responses } from '../http/envelope.ts'
import { requireProof } from '../http/fresh.ts'
import { tightLimit } from '../http/security.ts'
import { closed } from '../http/validation.ts'
import { choose, listConsents } from './consents.ts'
import { eraseAccount } from './erase.ts'
import { exportPerson } from './export-person.ts'

const tags = ['Privacy']

/** What the law gives a person: their data to take along, choices about it, and the end of the account. */
export const privacyRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings } = deps
  authenticate(app, deps, { permission: 'account.use' })
  refuseForeignOrigin(app, settings)

  app.get('/users/consents', { schema: { tags, response: responses(Type.Array(Consent), 'UNAUTHENTICATED') } }, async (request) => {
    const { accountId } = signedIn(request)
    return answer(request, await asViewer(pool, { accountId }, (db) => listConsents(db, accountId, clock())))
  })

  app.put(
    '/users/consents/:kind',
    {
      schema: {
        tags,
        params: closed({ kind: ConsentKind }),
        body: closed({ isGiven: Type.Boolean() }),
        response: responses(Type.Array(Consent), 'UNAUTHENTICATED', 'UNKNOWN_FIELD'),
      },
    },
    async (request) => {
      const { accountId } = signedIn(request)
      const { params, body } = request
      const consents = await asViewer(pool, { accountId }, async (db) => {
        await choose(db, accountId, params.kind, body.isGiven, clock())
        return listConsents(db, accountId, clock())
      })
      return answer(request, consents)
    },
  )

  await app.register(async (proven: App) => {
    requireProof(proven, deps)
    const config = tightLimit(settings)

    proven.get(
      '/users/export',
      { config, schema: { tags, response: { 200: Type.Unsafe<unknown>({}), ...failures(['UNAUTHENTICATED', 'CONFIRM_REQUIRED']) } } },
      async (request, reply) => {
        const { accountId } = signedIn(request)
        reply.header('content-disposition', 'attachment; filename="terra-lumina-data.json"').header('cache-control', 'no-store')
        return reply.type('application/json').send(Readable.from(exportPerson(pool, accountId, clock())))
      },
    )

    proven.delete(
      '/users',
      {
        config,
        schema: {
          tags,
          body: closed({ phrase: Type.Literal(ERASE_PHRASE) }),
          response: responses(
            Type.Object({ erased: Type.Literal(true) }),
            'UNAUTHENTICATED',
            'CONFIRM_REQUIRED',
            'RETENTION_HOLD',
            'CSRF',
            'UNKNOWN_FIELD',
          ),
        },
      },
      async (request, reply) => {
        await eraseAccount(pool, signedIn(request).accountId, clock())
        clearCookie(reply, REFRESH_COOKIE)
        return answer(request, { erased: true as const })
      },
    )
  })
}
