import { isDeepStrictEqual } from 'node:util'
import type { Db } from '../../common/node/db.ts'
import type { Facts } from './ask.ts'
import { decide, type Finding, type Rule } from './decide.ts'

/** A decision to keep: what was asked about, what was known, and what the rules answered. */
export interface Decision {
  subject: 'invest' | 'settle'
  order: { id: string; accountId: string; projectId: number }
  facts: Facts
  findings: readonly Finding[]
}

/** A decision as it is kept; its facts are missing where an older version kept none. */
export interface StoredDecision {
  facts: unknown
  /** JSON, the members of {@link Finding}. */
  findings: { code: string }[]
  decidedAt: Date
}

/** Keeps what the rules answered, and all that they looked at. */
export async function recordDecision(db: Db, { subject, order, facts, findings }: Decision, now: Date): Promise<void> {
  await db.query(
    `insert into app.decision (subject, account_id, project_id, investment_id, allowed, findings, facts, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      subject,
      order.accountId,
      order.projectId,
      order.id,
      findings.every(({ passed }) => passed),
      JSON.stringify(findings),
      factsToJson(facts),
      now,
    ],
  )
}

/** Every version of every rule. */
export async function listAllRules(db: Db): Promise<(Rule & { effectiveTo: Date | null })[]> {
  const { rows } = await db.query<Rule & { effectiveTo: Date | null }>(
    `select code, effective_from as "effectiveFrom", effective_to as "effectiveTo", value, citation from app.rule order by code, effective_from`,
  )
  return rows
}

/**
 * Decides once more over the facts that were kept, by the rules that were in force then.
 * Undefined when the answer is the same; `reason` says what differs, or that nothing was kept to decide over.
 */
export function replay(
  { facts, findings, decidedAt }: StoredDecision,
  rules: readonly (Rule & { effectiveTo: Date | null })[],
): { reason: string } | undefined {
  if (facts === null) return { reason: 'no facts were kept' }
  const inForce = rules
    .filter((rule) => rule.effectiveFrom <= decidedAt && (rule.effectiveTo === null || rule.effectiveTo > decidedAt))
    .map(({ effectiveTo: _, ...rule }) => rule)
  const again = decide(
    inForce,
    factsFromJson(JSON.stringify(facts)),
    decidedAt,
    findings.map(({ code }) => code),
  )
  const made = JSON.parse(JSON.stringify(again)) as { code: string }[]
  const different = findings.find((finding, at) => !isDeepStrictEqual(finding, made[at]))
  return different && { reason: `${different.code} answers otherwise` }
}

/** Amounts are kept as digits followed by n, times as ISO 8601. */
export function factsToJson(facts: Facts): string {
  return JSON.stringify(facts, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
}

const TIMES = new Set(['at', 'statedAt', 'takenAt', 'simulatedAt', 'sophisticatedUntil', 'closesAt', 'recordedAt', 'offeredAt'])

export function factsFromJson(json: string): Facts {
  return JSON.parse(json, (key, value) => {
    if (typeof value === 'string' && TIMES.has(key)) return new Date(value)
    return typeof value === 'string' && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value
  })
}
