import { Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import { asViewer } from '../../common/node/db.ts'
import { Finances, Nullable } from '../../common/wire.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import type { Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { closed } from '../http/validation.ts'
import { findFinances, recordFinances } from './queries.ts'

/** Cents that fit a bigint with room to be multiplied. */
const Cents = Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$' })
const Statement = closed({
  annualIncomeCents: Cents,
  netWorthCents: Cents,
  isJoint: Type.Boolean(),
  outsideCents: Cents,
  spouseCommittedCents: Type.Optional(Nullable(Cents)),
})

/** What an investor says of income and net worth: offerings under some exemptions limit by them what may be invested. */
export const financesRoutes: Routes = async (app, deps) => {
  const { pool, clock } = deps
  authenticate(app, deps, { permission: 'investment.place' })

  app.get(
    '/users/finances',
    { schema: { tags: ['Identity'], response: responses(Nullable(Finances), 'UNAUTHENTICATED') } },
    async (request) => {
      const { accountId } = signedIn(request)
      return answer(request, await asViewer(pool, { accountId }, (db) => findFinances(db, accountId)))
    },
  )

  app.put(
    '/users/finances',
    { schema: { tags: ['Identity'], body: Statement, response: responses(Finances, 'UNAUTHENTICATED', 'UNKNOWN_FIELD') } },
    async (request) => {
      const { accountId } = signedIn(request)
      const now = clock()
      const stated = { ...request.body, spouseCommittedCents: request.body.spouseCommittedCents ?? null }
      if (stated.isJoint !== (stated.spouseCommittedCents !== null))
        throw new AppError('VALIDATION', 'What a spouse invested belongs to figures of a couple, and they need it', {
          details: { fields: ['spouseCommittedCents'] },
        })
      await asViewer(pool, { accountId }, (db) => recordFinances(db, accountId, stated, now))
      return answer(request, { ...stated, statedAt: now.toISOString() })
    },
  )
}
