import { type Static, Type } from 'typebox'
import { AppError, type ErrorCode } from '../../common/errors.ts'
import { unitsFor } from '../../common/money.ts'
import { asViewer } from '../../common/node/db.ts'
import { Cents, Eligibility, Investment, Uuid } from '../../common/wire.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import { makeCursor, readCursor } from '../http/cursor.ts'
import type { App, Deps, Routes } from '../http/deps.ts'
import { answer, created, responses } from '../http/envelope.ts'
import { requireFresh } from '../http/fresh.ts'
import { requireIdempotencyKey } from '../http/idempotency.ts'
import { deriveKey } from '../http/tokens.ts'
import { closed } from '../http/validation.ts'
import { cancelOrder } from './cancel.ts'
import { ensureCheckout } from './checkout.ts'
import { cancelUntilOf, decide } from './decide.ts'
import { listRules, readFacts, type Wish } from './facts.ts'
import { derivedInvestmentId } from './investment-id.ts'
import { placeOrder } from './place-order.ts'
import { findInvestment, listInvestments } from './queries.ts'

const ProjectId = Type.Integer({ minimum: 1, maximum: 16_777_215 })
const NewInvestment = closed({ projectId: ProjectId, amountCents: Cents, id: Type.Optional(Uuid), acceptedLossCents: Type.Optional(Cents) })
const Page = closed({
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
})
const ById = closed({ id: Uuid })

const REFUSALS: ErrorCode[] = [
  'KYC_REQUIRED',
  'WALLET_REQUIRED',
  'COUNTRY_BLOCKED',
  'FINANCES_REQUIRED',
  'ACCREDITED_ONLY',
  'KNOWLEDGE_TEST_REQUIRED',
  'LOSS_SIMULATION_REQUIRED',
  'RISK_WARNING_REQUIRED',
  'RELATIONSHIP_REQUIRED',
  'JUDGEMENT_REQUIRED',
  'PROJECT_NOT_FOUND',
  'NOT_OPEN',
  'LIMIT_MIN',
  'LIMIT_MAX',
  'LIMIT_REG_CF',
  'LIMIT_REG_A',
  'LIMIT_ISSUER',
  'LIMIT_PURCHASERS',
  'AMOUNT_NOT_WHOLE_UNITS',
  'SOLD_OUT',
]
const KEYED: ErrorCode[] = ['IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_IN_PROGRESS']
const SCOPE = 'investments'

/** Investing: order, pay on the provider's page, watch, take back. */
export const investmentRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings } = deps
  const cursorKey = deriveKey(settings.jwtSecret, 'cursor')

  await app.register(async (own: App) => {
    authenticate(own, deps, { permission: 'investment.place' })

    await own.register(async (keyed: App) => {
      requireFresh(keyed, deps)
      requireIdempotencyKey(keyed, deps)
      keyed.post(
        '/investments',
        {
          schema: {
            tags: ['Investments'],
            body: NewInvestment,
            response: created(
              Investment,
              'UNAUTHENTICATED',
              'CONFIRM_REQUIRED',
              'UNKNOWN_FIELD',
              'PAYMENT_UNAVAILABLE',
              ...REFUSALS,
              ...KEYED,
            ),
          },
        },
        async (request, reply) => {
          const { accountId } = signedIn(request)
          reply.code(201)
          return answer(request, await invest(deps, accountId, request.idempotencyKey, request.body))
        },
      )
    })

    own.get(
      '/investments',
      {
        schema: { tags: ['Investments'], querystring: Page, response: responses(Type.Array(Investment), 'UNAUTHENTICATED', 'BAD_CURSOR') },
      },
      async (request) => {
        const { accountId } = signedIn(request)
        const { cursor, limit } = request.query
        const after = cursor === undefined ? undefined : readCursor(cursorKey, SCOPE, cursor)
        const rows = await asViewer(pool, { accountId }, (db) => listInvestments(db, accountId, { after, limit: limit + 1 }, clock()))
        const last = rows.length > limit ? rows[limit - 1] : undefined
        return answer(request, rows.slice(0, limit), {
          nextCursor: last ? makeCursor(cursorKey, SCOPE, { key: last.createdAt, id: last.id }) : null,
        })
      },
    )

    own.get(
      '/investments/:id',
      { schema: { tags: ['Investments'], params: ById, response: responses(Investment, 'UNAUTHENTICATED', 'INVESTMENT_NOT_FOUND') } },
      async (request) => answer(request, await readOne(deps, signedIn(request).accountId, request.params.id)),
    )

    own.post(
      '/investments/:id/cancel',
      {
        schema: {
          tags: ['Investments'],
          params: ById,
          response: responses(Investment, 'UNAUTHENTICATED', 'INVESTMENT_NOT_FOUND', 'STEP_ORDER'),
        },
      },
      async (request) => {
        const { accountId } = signedIn(request)
        await cancelOrder(deps, accountId, request.params.id)
        return answer(request, await readOne(deps, accountId, request.params.id))
      },
    )

    own.get(
      '/projects/:id/eligibility',
      {
        schema: {
          tags: ['Investments'],
          params: closed({ id: ProjectId }),
          querystring: closed({ amountCents: Cents, acceptedLossCents: Type.Optional(Cents) }),
          response: responses(Eligibility, 'UNAUTHENTICATED', 'PROJECT_NOT_FOUND'),
        },
      },
      async (request) => {
        const { amountCents, acceptedLossCents } = request.query
        const wish = { accountId: signedIn(request).accountId, projectId: request.params.id, amountCents: BigInt(amountCents) }
        return answer(request, await preview(deps, { ...wish, acceptedLossCents: maybeCents(acceptedLossCents) }))
      },
    )
  })
}

async function invest(deps: Deps, accountId: string, key: string, body: Static<typeof NewInvestment>): Promise<Investment> {
  const id = body.id ?? derivedInvestmentId(accountId, key)
  const acceptedLossCents = maybeCents(body.acceptedLossCents)
  await placeOrder(deps, { id, accountId, projectId: body.projectId, amountCents: BigInt(body.amountCents), acceptedLossCents })
  await ensureCheckout(deps, accountId, id)
  return readOne(deps, accountId, id)
}

async function readOne({ pool, clock }: Deps, accountId: string, id: string): Promise<Investment> {
  const found = await asViewer(pool, { accountId }, (db) => findInvestment(db, accountId, id, clock()))
  if (!found) throw new AppError('INVESTMENT_NOT_FOUND', 'You have no such investment')
  return found
}

async function preview({ pool, clock }: Deps, wish: Wish): Promise<Eligibility> {
  const at = clock()
  const { accountId, projectId, amountCents } = wish
  const { facts, rules, findings } = await asViewer(pool, { accountId }, async (db) => {
    const { facts } = await readFacts(db, wish, at)
    const rules = await listRules(db, at)
    return { facts, rules, findings: decide(rules, facts, at) }
  })
  if (!facts.project) throw new AppError('PROJECT_NOT_FOUND', 'There is no such project')
  return {
    allowed: findings.every(({ passed }) => passed),
    projectId,
    amountCents: amountCents.toString(),
    units: unitsFor(amountCents, facts.project.unitPriceCents)?.toString() ?? null,
    findings: findings.map(({ code, passed, message, citation, effectiveFrom }) => ({
      code,
      passed,
      message,
      citation,
      effectiveFrom: effectiveFrom.toISOString(),
      unconfirmed: rules.find((rule) => rule.code === code)?.unconfirmed ?? null,
    })),
    cancelUntil: cancelUntilOf(findings)?.toISOString() ?? null,
  }
}

function maybeCents(text: string | undefined): bigint | undefined {
  return text === undefined ? undefined : BigInt(text)
}
