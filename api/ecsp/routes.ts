import { type TSchema, Type } from 'typebox'
import { AppError, type ErrorCode } from '../../common/errors.ts'
import { asViewer, type Db } from '../../common/node/db.ts'
import { Nullable } from '../../common/wire.ts'
import { EcspStanding } from '../../common/wire-ecsp.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import type { Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { closed } from '../http/validation.ts'
import { bearableLossCents } from '../investments/ecsp-rules.ts'
import { meetCriteria, type SophisticationValue } from '../investments/sophistication.ts'
import { markTest, type Questions } from './mark-test.ts'
import {
  confirmSimulation,
  confirmWarning,
  findSimulation,
  findTest,
  recordSimulation,
  recordSophistication,
  recordTest,
} from './queries.ts'
import { readStanding, ruleAt } from './standing.ts'

/** Cents that fit a bigint with room to be multiplied. */
const Cents = Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$' })
const Count = Type.Integer({ minimum: 0, maximum: 100_000 })
const Id = Type.String({ maxLength: 40 })
const Test = closed({
  answers: Nullable(Type.Record(Id, Id, { description: 'Option by question; null to decline' })),
})
const Simulation = closed({
  annualIncomeCents: Cents,
  isIncomePermanent: Type.Boolean(),
  liquidAssetsCents: Cents,
  annualCommitmentsCents: Cents,
})
const Claim = closed({
  evidence: Type.Union([
    closed({
      kind: Type.Literal('person'),
      grossIncomeCents: Cents,
      portfolioCents: Cents,
      fewestTrades: Count,
      financeMonths: Count,
      executiveMonths: Count,
    }),
    closed({ kind: Type.Literal('entity'), ownFundsCents: Cents, turnoverCents: Cents, balanceSheetCents: Cents }),
  ]),
  acceptsLessProtection: Type.Literal(true),
})

/** What the European crowdfunding regulation asks of an investor; every route answers with where the investor stands then. */
export const ecspRoutes: Routes = async (app, deps) => {
  const { pool, clock } = deps
  authenticate(app, deps, { permission: 'investment.place' })
  const schema = (...codes: ErrorCode[]) => ({ tags: ['Identity'], response: responses(EcspStanding, 'UNAUTHENTICATED', ...codes) })
  const withBody = <T extends TSchema>(body: T, ...codes: ErrorCode[]) => ({ ...schema('UNKNOWN_FIELD', ...codes), body })
  /** Does `work` as the account, then tells where it stands. */
  const after = (accountId: string, work: (db: Db, now: Date) => Promise<void>) => {
    const now = clock()
    return asViewer(pool, { accountId }, async (db) => {
      await work(db, now)
      return readStanding(db, accountId, now)
    })
  }

  app.get('/users/ecsp', { schema: schema() }, async (request) => answer(request, await after(signedIn(request).accountId, async () => {})))

  app.post('/users/ecsp/test', { schema: withBody(Test) }, async (request) => {
    const { accountId } = signedIn(request)
    const { answers } = request.body
    return answer(
      request,
      await after(accountId, async (db, now) => {
        const { value, effectiveFrom } = await ruleAt<Questions>(db, 'ECSP_QUESTIONS', now)
        const mark = answers === null ? { rightCount: 0, isPassed: false } : markTest(value, answers)
        await recordTest(db, accountId, { questionsFrom: effectiveFrom, answers, ...mark }, now)
      }),
    )
  })

  app.post('/users/ecsp/test/acknowledge', { schema: schema('STEP_ORDER') }, async (request) => {
    const { accountId } = signedIn(request)
    return answer(
      request,
      await after(accountId, async (db, now) => {
        const test = await findTest(db, accountId)
        if (test === null || test.isPassed) throw new AppError('STEP_ORDER', 'There is no warning to confirm')
        await confirmWarning(db, accountId, now)
      }),
    )
  })

  app.post('/users/ecsp/simulation', { schema: withBody(Simulation) }, async (request) => {
    const { accountId } = signedIn(request)
    const { annualIncomeCents, liquidAssetsCents, annualCommitmentsCents } = request.body
    return answer(
      request,
      await after(accountId, async (db, now) => {
        const { value } = await ruleAt<{ bps: number }>(db, 'ECSP_LOSS', now)
        const netWorth = BigInt(annualIncomeCents) + BigInt(liquidAssetsCents) - BigInt(annualCommitmentsCents)
        const computed = { netWorthCents: String(netWorth), bearableLossCents: String(bearableLossCents(netWorth, value.bps)) }
        await recordSimulation(db, accountId, { ...request.body, ...computed }, now)
      }),
    )
  })

  app.post('/users/ecsp/simulation/acknowledge', { schema: schema('STEP_ORDER') }, async (request) => {
    const { accountId } = signedIn(request)
    return answer(
      request,
      await after(accountId, async (db, now) => {
        if ((await findSimulation(db, accountId)) === null) throw new AppError('STEP_ORDER', 'There is no result to confirm')
        await confirmSimulation(db, accountId, now)
      }),
    )
  })

  app.post('/users/ecsp/sophistication', { schema: withBody(Claim, 'NOT_SOPHISTICATED') }, async (request) => {
    const { accountId } = signedIn(request)
    const { evidence } = request.body
    return answer(
      request,
      await after(accountId, async (db, now) => {
        const { value } = await ruleAt<SophisticationValue>(db, 'ECSP_SOPHISTICATED', now)
        const { criteria, needed } = meetCriteria(value, evidence)
        if (criteria.length < needed)
          throw new AppError('NOT_SOPHISTICATED', `This meets ${criteria.length} of the criteria, and ${needed} are needed`, {
            details: { criteria, needed },
          })
        await recordSophistication(db, accountId, { evidence, criteria }, now)
      }),
    )
  })
}
