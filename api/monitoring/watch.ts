import { formatMinor } from '../../common/money.ts'
import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import type { Log } from '../../common/node/log.ts'
import { listRules } from '../investments/facts.ts'
import type { Job } from '../outbox/job.ts'
import { openCases } from '../review/open-cases.ts'
import { findPatterns, MONITOR_RULES, type Movement, type Pattern } from './find-patterns.ts'

export interface MonitorDeps {
  pool: Pool
  clock: () => Date
  log: Log
}

/** How far back payments are read: longer than the window of any rule, so that the first of a run is among them. */
const READ_DAYS = 62
/** For so long the same pattern of the same account makes no second case: what is found then is the rest of the first. */
const QUIET_DAYS = 30

const WORDS: Record<string, string> = {
  MONITOR_STRUCTURING: 'Several payments just below a threshold',
  MONITOR_VELOCITY: 'Many payments, or much money, within a day',
  MONITOR_ROUND_TRIP: 'Money that was paid in and taken back',
}

/** The worker's part: each account whose payments changed is looked at again. */
export function monitoringJobs(deps: MonitorDeps): Job[] {
  return [
    {
      topic: 'monitoring.look',
      handle: ({ accountId = '' }) => lookAtAccount(deps, accountId),
      listOpen: async () => (await listChanged(deps.pool)).map((accountId) => ({ accountId })),
    },
  ]
}

/** Accounts with a payment that changed since they were looked at. */
export async function listChanged(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ accountId: string }>(
    `select i.account_id as "accountId"
     from app.payment p
     join app.investment i on i.id = p.investment_id
     left join app.monitor_scan s on s.account_id = i.account_id
     where p.state in ('succeeded', 'refunded')
     group by i.account_id, s.seen_until
     having max(p.updated_at) > coalesce(s.seen_until, '-infinity')
     limit 100`,
  )
  return rows.map(({ accountId }) => accountId)
}

/** Looks for patterns in what an account paid, and opens a case for each that is new. Safe to repeat, and beside another. */
export async function lookAtAccount({ pool, clock, log }: MonitorDeps, accountId: string): Promise<void> {
  const now = clock()
  await inTransaction(pool, async (db) => {
    await db.query(`select pg_advisory_xact_lock(hashtextextended('monitor ' || $1, 0))`, [accountId])
    const rules = (await listRules(db, now)).filter(({ code }) => MONITOR_RULES.includes(code))
    const { movements, seenUntil } = await readMovements(db, accountId, now)
    if (seenUntil === null) return
    const told = await listTold(db, accountId, now)
    const patterns = rules.flatMap((rule) => {
      // What was in a case of this rule is not found again, and so hides nothing that came later.
      const known = new Set(told.filter((one) => one.rule === rule.code).flatMap(({ paymentIds }) => paymentIds))
      const fresh = movements.filter(({ paymentId }) => !known.has(paymentId))
      return findPatterns([rule], fresh).map((pattern) => ({ pattern, rule }))
    })
    for (const { pattern, rule } of patterns) {
      if (told.some((one) => one.isQuiet && one.rule === pattern.code && one.currency === pattern.currency)) continue
      const reason = WORDS[pattern.code] ?? pattern.code
      const subject = `monitoring ${pattern.code} ${accountId} ${pattern.paymentIds.at(-1)}`
      await openCases(db, [{ kind: 'monitoring', accountId, subject, reason, evidence: evidenceOf(pattern, rule) }], now)
      log.info({ accountId, rule: pattern.code, payments: pattern.paymentIds.length }, 'Found an unusual pattern of payments')
    }
    await db.query(
      `insert into app.monitor_scan (account_id, seen_until, scanned_at) values ($1, $2, $3)
       on conflict (account_id) do update set seen_until = excluded.seen_until, scanned_at = excluded.scanned_at`,
      [accountId, seenUntil, now],
    )
  })
}

/** What was paid in the time that is looked at. Paid is when the payment was begun: within the hour in which it can be. */
async function readMovements(db: Db, accountId: string, now: Date): Promise<{ movements: Movement[]; seenUntil: Date | null }> {
  const { rows } = await db.query<Omit<Movement, 'amountCents'> & { amountCents: string; isRecent: boolean; seenUntil: Date }>(
    `select p.id as "paymentId", p.amount_cents as "amountCents", p.currency, p.created_at as "paidAt",
       case when p.state = 'refunded' then p.updated_at end as "refundedAt",
       p.created_at > $2 as "isRecent", max(p.updated_at) over () as "seenUntil"
     from app.payment p
     join app.investment i on i.id = p.investment_id
     where i.account_id = $1 and p.state in ('succeeded', 'refunded')
     order by p.created_at, p.id`,
    [accountId, new Date(now.getTime() - READ_DAYS * 86_400_000)],
  )
  const movements = rows
    .filter(({ isRecent }) => isRecent)
    .map(({ isRecent: _, seenUntil: __, ...row }) => ({ ...row, amountCents: BigInt(row.amountCents) }))
  return { movements, seenUntil: rows[0]?.seenUntil ?? null }
}

/** The cases of an account so far. While one is quiet, its pattern makes no other. */
async function listTold(
  db: Db,
  accountId: string,
  now: Date,
): Promise<{ rule: string; currency: string; paymentIds: string[]; isQuiet: boolean }[]> {
  const { rows } = await db.query<{ rule: string; currency: string; paymentIds: string[]; isQuiet: boolean }>(
    `select evidence ->> 'rule' as rule, evidence ->> 'currency' as currency, evidence -> 'paymentNumbers' as "paymentIds",
       state <> 'decided' or opened_at > $2 as "isQuiet"
     from app.review_case
     where kind = 'monitoring' and account_id = $1 and evidence ? 'paymentNumbers'`,
    [accountId, new Date(now.getTime() - QUIET_DAYS * 86_400_000)],
  )
  return rows
}

function evidenceOf({ code, currency, sumCents, paymentIds, from, to }: Pattern, rule: { effectiveFrom: Date; citation: string }) {
  return {
    rule: code,
    ruleFrom: rule.effectiveFrom.toISOString().slice(0, 10),
    citation: rule.citation,
    payments: paymentIds.length,
    sum: `${formatMinor(sumCents, 2)} ${currency}`,
    currency,
    from: from.toISOString(),
    to: to.toISOString(),
    paymentNumbers: paymentIds,
  }
}
