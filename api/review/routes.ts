import { Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import { type Db, inTransaction } from '../../common/node/db.ts'
import { Nullable, Uuid } from '../../common/wire.ts'
import { CaseKind, ReviewCase, ReviewCaseDetail } from '../../common/wire-review.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import { makeCursor, readCursor } from '../http/cursor.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { requireFresh } from '../http/fresh.ts'
import { deriveKey } from '../http/tokens.ts'
import { closed } from '../http/validation.ts'
import { openIdentity } from '../sanctions/identity.ts'
import { assignCase, confirmOutcome, proposeOutcome, returnCase } from './decide-case.ts'
import { countCases, findCase, findCaseFile, listCases } from './queries.ts'

const Query = Type.Object({
  state: Type.Optional(Type.Union([Type.Literal('waiting'), Type.Literal('decided')])),
  kind: Type.Optional(CaseKind),
  assignee: Type.Optional(Uuid),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
})
const ById = Type.Object({ id: Uuid })
const Reason = Type.String({ minLength: 10, maxLength: 2_000, description: 'Kept with the decision for ever' })
const Seen = Type.Integer({ minimum: 1, description: 'The version of the case that was looked at' })
const DECISION_ERRORS = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'CONFIRM_REQUIRED',
  'NOT_FOUND',
  'UNKNOWN_FIELD',
  'CASE_DECIDED',
  'CASE_CHANGED',
  'FOUR_EYES',
] as const

/** The desk where staff reads cases. */
export const reviewRoutes: Routes = async (app, deps) => {
  const { pool, settings } = deps
  authenticate(app, deps, { permission: 'review.work' })
  const secret = Buffer.from(deriveKey(settings.jwtSecret, 'cursor'))

  app.get(
    '/review/cases',
    {
      schema: {
        tags: ['Review'],
        querystring: Query,
        response: responses(Type.Array(ReviewCase), 'UNAUTHENTICATED', 'FORBIDDEN', 'BAD_CURSOR'),
      },
    },
    async (request) => {
      const { cursor, limit, ...filter } = request.query
      const scope = `review ${JSON.stringify([filter.state, filter.kind, filter.assignee])}`
      const after = cursor === undefined ? undefined : readCursor(secret, scope, cursor)
      const rows = await listCases(pool, filter, { after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      const nextCursor = rows.length > limit && last ? makeCursor(secret, scope, { key: last.dueAt, id: last.id }) : null
      return answer(request, items, { nextCursor, total: await countCases(pool, filter) })
    },
  )

  app.get(
    '/review/cases/:id',
    { schema: { tags: ['Review'], params: ById, response: responses(ReviewCaseDetail, 'UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND') } },
    async (request) => answer(request, await readCase(deps, request.params.id)),
  )

  // The prefix is in the scope already.
  await app.register(decisionRoutes, { ...deps, prefix: '' })
}

/** Deciding: only for who was there within the last half hour. */
const decisionRoutes: Routes = async (app, deps) => {
  const { clock } = deps
  requireFresh(app, deps)
  const schema = { tags: ['Review'], params: ById, response: responses(ReviewCaseDetail, ...DECISION_ERRORS) }
  const change = changer(deps)

  app.post('/review/cases/:id/assign', { schema: { ...schema, body: closed({ assignee: Nullable(Uuid) }) } }, async (request) => {
    const { assignee } = request.body
    const actor = signedIn(request).accountId
    const found = await change(request.params.id, async (db) => {
      if (assignee !== null) await assertDesk(db, assignee, clock())
      await assignCase(db, { caseId: request.params.id, actor, assignee }, clock())
    })
    return answer(request, found)
  })

  app.post(
    '/review/cases/:id/propose',
    {
      schema: {
        ...schema,
        response: responses(ReviewCaseDetail, ...DECISION_ERRORS, 'OUTCOME_UNKNOWN'),
        body: closed({ version: Seen, outcome: Type.String({ maxLength: 40 }), reason: Reason }),
      },
    },
    async (request) => {
      const decision = { ...request.body, caseId: request.params.id, actor: signedIn(request).accountId }
      return answer(request, await change(request.params.id, (db) => proposeOutcome(db, decision, clock())))
    },
  )

  for (const [path, work] of [
    ['confirm', confirmOutcome],
    ['return', returnCase],
  ] as const) {
    app.post(`/review/cases/:id/${path}`, { schema: { ...schema, body: closed({ version: Seen, reason: Reason }) } }, async (request) => {
      const decision = { ...request.body, caseId: request.params.id, actor: signedIn(request).accountId }
      return answer(request, await change(request.params.id, (db) => work(db, decision, clock())))
    })
  }
}

/** Changes a case in one transaction and answers with how it stands then. */
function changer(deps: Deps) {
  return async (id: string, work: (db: Db) => Promise<void>) => {
    await inTransaction(deps.pool, work)
    return readCase(deps, id)
  }
}

async function readCase({ pool, settings }: Deps, id: string): Promise<ReviewCaseDetail> {
  const found = await findCase(pool, id)
  if (!found) throw new AppError('NOT_FOUND', 'There is no such case')
  const { sealed, ...file } = await findCaseFile(pool, id)
  const identity = sealed === null ? null : openIdentity(settings.encryptionKeys, found.accountId, sealed)
  const person = identity && { name: `${identity.firstName} ${identity.lastName}`.trim(), birthDate: identity.birthDate }
  return { ...found, ...file, person }
}

async function assertDesk(db: Db, accountId: string, now: Date): Promise<void> {
  const { rowCount } = await db.query('select where $3 = any(app.permissions_of($1, $2))', [accountId, now, 'review.work'])
  if (rowCount === 0)
    throw new AppError('VALIDATION', 'A case goes to somebody of the staff', {
      details: { fields: { assignee: 'is nobody of the staff' } },
    })
}
