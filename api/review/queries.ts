import type { Db } from '../../common/node/db.ts'
import type { ReviewCase } from '../../common/wire-review.ts'
import type { Position } from '../http/cursor.ts'

export interface CaseFilter {
  /** 'waiting': open or proposed. */
  state?: 'waiting' | 'decided' | undefined
  kind?: string | undefined
  assignee?: string | undefined
}

type Row = Omit<ReviewCase, 'openedAt' | 'dueAt' | 'decision'> & {
  openedAt: Date
  dueAt: Date
  decision: (Omit<NonNullable<ReviewCase['decision']>, 'at'> & { at: string }) | null
}

const STAFF = (column: string, alias: string) =>
  `case when ${column} is null then null else jsonb_build_object('id', ${column}, 'email', ${alias}.email) end`

const CASES = `
  select c.id, c.kind, p.title, c.account_id as "accountId", a.investor_id as "investorId", a.country, c.reason, c.state, c.version,
    ${STAFF('c.assignee', 's')} as assignee, c.opened_at as "openedAt", c.due_at as "dueAt", p.outcomes, p.four_eyes as "fourEyes",
    case when c.state = 'proposed' then jsonb_build_object('outcome', c.proposed_outcome, 'reason', c.proposed_reason,
      'by', ${STAFF('c.proposed_by', 'o')}) end as proposal,
    case when c.state = 'decided' then jsonb_build_object('outcome', c.outcome, 'reason', c.decided_reason,
      'by', ${STAFF('c.decided_by', 'd')}, 'at', c.decided_at) end as decision
  from app.review_case c
  join app.review_policy p using (kind)
  join app.account a on a.id = c.account_id
  left join app.account s on s.id = c.assignee
  left join app.account o on o.id = c.proposed_by
  left join app.account d on d.id = c.decided_by`

/** Cases by the time they are due, the most urgent first; those that wait unless told otherwise. */
export async function listCases(
  db: Db,
  { state = 'waiting', kind, assignee }: CaseFilter,
  page: { after: Position | undefined; limit: number },
): Promise<ReviewCase[]> {
  const { rows } = await db.query<Row>(
    `${CASES}
     where (c.state = 'decided') = $1 and ($2::text is null or c.kind = $2) and ($3::uuid is null or c.assignee = $3)
       and ($4::timestamptz is null or (c.due_at, c.id) > ($4, $5::uuid))
     order by c.due_at, c.id
     limit $6`,
    [state === 'decided', kind ?? null, assignee ?? null, page.after?.key ?? null, page.after?.id ?? null, page.limit],
  )
  return rows.map(toWire)
}

export async function countCases(db: Db, { state = 'waiting', kind, assignee }: CaseFilter): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from app.review_case
     where (state = 'decided') = $1 and ($2::text is null or kind = $2) and ($3::uuid is null or assignee = $3)`,
    [state === 'decided', kind ?? null, assignee ?? null],
  )
  return rows[0]!.count
}

export async function findCase(db: Db, id: string): Promise<ReviewCase | undefined> {
  const { rows } = await db.query<Row>(`${CASES} where c.id = $1`, [id])
  return rows[0] && toWire(rows[0])
}

/** What a case is decided on besides: evidence, who the account says it is (sealed), and what was done so far. */
export async function findCaseFile(db: Db, id: string) {
  const { rows } = await db.query<{ evidence: Record<string, unknown>; sealed: Buffer | null }>(
    `select c.evidence, i.sealed from app.review_case c left join app.identity i using (account_id) where c.id = $1`,
    [id],
  )
  const steps = await db.query<{
    at: Date
    actor: { id: string; email: string | null } | null
    deed: string
    outcome: string | null
    reason: string | null
  }>(
    `select t.at, ${STAFF('t.actor', 's')} as actor, t.deed, t.outcome, t.reason
     from app.review_step t
     left join app.account s on s.id = t.actor
     where t.case_id = $1
     order by t.version`,
    [id],
  )
  return { ...rows[0]!, steps: steps.rows.map((step) => ({ ...step, at: step.at.toISOString() })) }
}

function toWire({ decision, ...row }: Row): ReviewCase {
  return {
    ...row,
    openedAt: row.openedAt.toISOString(),
    dueAt: row.dueAt.toISOString(),
    decision: decision && { ...decision, at: new Date(decision.at).toISOString() },
  }
}
