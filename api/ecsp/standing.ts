import type { Db } from '../../common/node/db.ts'
import type { EcspStanding } from '../../common/wire-ecsp.ts'
import { monthsBefore } from '../investments/ask.ts'
import { listRules } from '../investments/facts.ts'
import type { Questions } from './mark-test.ts'
import { findSimulation, findSophistication, findTest } from './queries.ts'

/** A rule's value in force at `at`. @throws Error when there is none */
export async function ruleAt<T>(db: Db, code: string, at: Date): Promise<{ value: T; effectiveFrom: Date; citation: string }> {
  const rule = (await listRules(db, at)).find((one) => one.code === code)
  if (!rule) throw new Error(`No rule ${code} is in force`)
  return { value: rule.value as T, effectiveFrom: rule.effectiveFrom, citation: rule.citation }
}

/** Where the account stands, and the questions of the day without their right answers. */
export async function readStanding(db: Db, accountId: string, at: Date): Promise<EcspStanding> {
  const asked = await ruleAt<Questions>(db, 'ECSP_QUESTIONS', at)
  const knowledge = await ruleAt<{ months: number; warning: string }>(db, 'ECSP_KNOWLEDGE', at)
  const loss = await ruleAt<{ months: number }>(db, 'ECSP_LOSS', at)
  const test = await findTest(db, accountId)
  const simulation = await findSimulation(db, accountId)
  const request = await findSophistication(db, accountId)
  return {
    questionsFrom: asked.effectiveFrom.toISOString(),
    questions: asked.value.questions.map(({ id, text, options }) => ({ id, text, options })),
    questionCount: asked.value.questions.filter(({ right }) => right !== undefined).length,
    citation: asked.citation,
    warning: knowledge.value.warning,
    test: test && {
      result: test.isPassed ? 'passed' : test.answers === null ? 'declined' : 'not_passed',
      rightCount: test.rightCount,
      takenAt: test.takenAt.toISOString(),
      warnedAt: test.warnedAt?.toISOString() ?? null,
      validUntil: monthsBefore(test.takenAt, -knowledge.value.months).toISOString(),
    },
    simulation: simulation && {
      ...simulation,
      simulatedAt: simulation.simulatedAt.toISOString(),
      acknowledgedAt: simulation.acknowledgedAt?.toISOString() ?? null,
      validUntil: monthsBefore(simulation.simulatedAt, -loss.value.months).toISOString(),
    },
    sophistication: request && {
      state:
        request.decidedAt === null
          ? 'requested'
          : request.validUntil === null
            ? 'refused'
            : request.validUntil > at
              ? 'approved'
              : 'expired',
      criteria: request.criteria,
      requestedAt: request.requestedAt.toISOString(),
      validUntil: request.validUntil?.toISOString() ?? null,
    },
  }
}
