import type { Facts } from '../api/investments/ask.ts'
import { decide, investRules } from '../api/investments/decide.ts'
import { ALLOWED, inForce, readSeededRules } from '../api/investments/testing-rules.ts'
import type { Exemption } from '../common/wire.ts'

/**
 * How many orders a second the rules decide on one core: the rows of the migrations, every exemption, no database. What is measured
 * is what an order costs besides reading its facts. Processor time counts, so that neighbours on the machine don't; its threads that collect
 * garbage and compile are in it.
 */
const TARGET = 50_000
const AT = new Date('2026-11-28T12:00:00Z')
const ROUNDS_MS = 2_000
const rules = inForce(await readSeededRules(), AT)

const finances = { annualIncomeCents: 15_000_000n, netWorthCents: 9_000_000n, outsideCents: 10_000n, statedAt: AT }
const commitments = Array.from({ length: 5 }, (_, month) => ({
  amountCents: 10_000n,
  at: new Date(AT.getTime() - month * 30 * 86_400_000),
}))
const orders: Facts[] = (['reg_cf', 'reg_d_506b', 'reg_d_506c', 'reg_a_tier_2', 'reg_s', 'ecsp', null] as (Exemption | null)[]).map(
  (exemption) => ({
    ...ALLOWED,
    country: exemption === 'reg_s' ? 'DE' : 'US',
    finances,
    regCfCommitments: commitments,
    project: { ...ALLOWED.project!, exemption, closesAt: new Date(AT.getTime() + 30 * 86_400_000) },
    amountCents: 100_000n,
    ecsp: {
      test: { isPassed: true, isWarned: false, takenAt: AT },
      simulation: { netWorthCents: 5_000_000n, isAcknowledged: true, simulatedAt: AT },
      sophisticatedUntil: null,
      acceptedLossCents: null,
    },
    privateOffer: { recordedAt: AT, offeredAt: AT, judgement: 'alone', otherPurchases: commitments },
  }),
)

run(ROUNDS_MS / 4)
const { decisions, findings, seconds, cpuSeconds } = run(ROUNDS_MS)
const perSecond = Math.round(decisions / cpuSeconds)
const result = {
  perWallSecond: Math.round(decisions / seconds),
  perSecond,
  target: TARGET,
  rulesInForce: rules.length,
  rulesPerDecision: findings / decisions,
  findingsPerSecond: Math.round(findings / cpuSeconds),
}
if (process.argv.includes('--json')) console.log(JSON.stringify(result))
else
  console.log(
    `${perSecond.toLocaleString('en-US')} decisions a second of processor time (target ${TARGET.toLocaleString('en-US')}): ${rules.length} rules in force, ` +
      `${result.rulesPerDecision.toFixed(1)} applied to a decision, ${result.findingsPerSecond.toLocaleString('en-US')} answers a second; ${result.perWallSecond.toLocaleString('en-US')} decisions by the clock on the wall`,
  )
if (perSecond < TARGET) process.exitCode = 1

/** Decides on the orders in turn for so long. */
function run(ms: number): { decisions: number; findings: number; seconds: number; cpuSeconds: number } {
  let [decisions, findings] = [0, 0]
  const start = performance.now()
  const before = process.cpuUsage()
  while (performance.now() - start < ms)
    for (const facts of orders) {
      findings += decide(rules, facts, AT, investRules(facts)).length
      decisions++
    }
  const { user, system } = process.cpuUsage(before)
  return { decisions, findings, seconds: (performance.now() - start) / 1_000, cpuSeconds: (user + system) / 1e6 }
}
