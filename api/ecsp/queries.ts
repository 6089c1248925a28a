import type { Db } from '../../common/node/db.ts'
import type { EcspFacts } from '../investments/ask.ts'
import type { Evidence } from '../investments/sophistication.ts'

export interface TestRow {
  answers: Record<string, string> | null
  rightCount: number
  isPassed: boolean
  takenAt: Date
  warnedAt: Date | null
}

export interface SimulationRow {
  annualIncomeCents: string
  isIncomePermanent: boolean
  liquidAssetsCents: string
  annualCommitmentsCents: string
  netWorthCents: string
  bearableLossCents: string
  simulatedAt: Date
  acknowledgedAt: Date | null
}

export interface SophisticationRow {
  criteria: string[]
  requestedAt: Date
  decidedAt: Date | null
  validUntil: Date | null
}

/** What the rules look at. */
export async function readEcspFacts(db: Db, accountId: string): Promise<Omit<EcspFacts, 'acceptedLossCents'>> {
  const [test, simulation] = [await findTest(db, accountId), await findSimulation(db, accountId)]
  const { rows } = await db.query<{ until: Date | null }>(
    'select max(valid_until) as until from app.sophistication where account_id = $1',
    [accountId],
  )
  return {
    test: test && { isPassed: test.isPassed, isWarned: test.warnedAt !== null, takenAt: test.takenAt },
    simulation: simulation && {
      netWorthCents: BigInt(simulation.netWorthCents),
      isAcknowledged: simulation.acknowledgedAt !== null,
      simulatedAt: simulation.simulatedAt,
    },
    sophisticatedUntil: rows[0]!.until,
  }
}

/** The account's newest entry knowledge test, or null. */
export async function findTest(db: Db, accountId: string): Promise<TestRow | null> {
  const { rows } = await db.query<TestRow>(
    `select answers, right_count as "rightCount", is_passed as "isPassed", taken_at as "takenAt", warned_at as "warnedAt"
     from app.knowledge_test
     where account_id = $1
     order by taken_at desc, id desc
     limit 1`,
    [accountId],
  )
  return rows[0] ?? null
}

/** The account's newest simulation, or null. */
export async function findSimulation(db: Db, accountId: string): Promise<SimulationRow | null> {
  const { rows } = await db.query<SimulationRow>(
    `select annual_income_cents as "annualIncomeCents", is_income_permanent as "isIncomePermanent",
       liquid_assets_cents as "liquidAssetsCents", annual_commitments_cents as "annualCommitmentsCents",
       net_worth_cents as "netWorthCents", bearable_loss_cents as "bearableLossCents",
       simulated_at as "simulatedAt", acknowledged_at as "acknowledgedAt"
     from app.loss_simulation
     where account_id = $1
     order by simulated_at desc, id desc
     limit 1`,
    [accountId],
  )
  return rows[0] ?? null
}

/** The account's newest request to be treated as sophisticated, or null. */
export async function findSophistication(db: Db, accountId: string): Promise<SophisticationRow | null> {
  const { rows } = await db.query<SophisticationRow>(
    `select criteria, requested_at as "requestedAt", decided_at as "decidedAt", valid_until as "validUntil"
     from app.sophistication
     where account_id = $1
     order by requested_at desc, id desc
     limit 1`,
    [accountId],
  )
  return rows[0] ?? null
}

export async function recordTest(
  db: Db,
  accountId: string,
  test: { questionsFrom: Date; answers: Record<string, string> | null; rightCount: number; isPassed: boolean },
  now: Date,
): Promise<void> {
  await db.query(
    `insert into app.knowledge_test (account_id, questions_from, answers, right_count, is_passed, taken_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [accountId, test.questionsFrom, test.answers, test.rightCount, test.isPassed, now],
  )
}

export async function recordSimulation(
  db: Db,
  accountId: string,
  simulated: Omit<SimulationRow, 'simulatedAt' | 'acknowledgedAt'>,
  now: Date,
): Promise<void> {
  await db.query(
    `insert into app.loss_simulation
       (account_id, annual_income_cents, is_income_permanent, liquid_assets_cents, annual_commitments_cents,
        net_worth_cents, bearable_loss_cents, simulated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      accountId,
      simulated.annualIncomeCents,
      simulated.isIncomePermanent,
      simulated.liquidAssetsCents,
      simulated.annualCommitmentsCents,
      simulated.netWorthCents,
      simulated.bearableLossCents,
      now,
    ],
  )
}

export async function recordSophistication(
  db: Db,
  accountId: string,
  { evidence, criteria }: { evidence: Evidence; criteria: string[] },
  now: Date,
): Promise<void> {
  await db.query('insert into app.sophistication (account_id, evidence, criteria, requested_at) values ($1, $2, $3, $4)', [
    accountId,
    evidence,
    criteria,
    now,
  ])
}

/** Notes that the warning after the newest test was confirmed; the first time counts. */
export async function confirmWarning(db: Db, accountId: string, now: Date): Promise<void> {
  await db.query(
    `update app.knowledge_test set warned_at = coalesce(warned_at, $2)
     where id = (select id from app.knowledge_test where account_id = $1 order by taken_at desc, id desc limit 1)`,
    [accountId, now],
  )
}

/** Notes that the result of the newest simulation was confirmed; the first time counts. */
export async function confirmSimulation(db: Db, accountId: string, now: Date): Promise<void> {
  await db.query(
    `update app.loss_simulation set acknowledged_at = coalesce(acknowledged_at, $2)
     where id = (select id from app.loss_simulation where account_id = $1 order by simulated_at desc, id desc limit 1)`,
    [accountId, now],
  )
}
