import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import { applyOutcome } from './apply-outcome.ts'

export interface Decision {
  caseId: string
  /** Who decides: an account of staff. */
  actor: string
  /** The version of the case that was looked at. */
  version: number
  reason: string
}

export interface CaseRow {
  id: string
  kind: string
  accountId: string
  evidence: Record<string, unknown>
  state: 'open' | 'proposed' | 'decided'
  version: number
  outcomes: string[]
  fourEyes: string[]
  proposedOutcome: string | null
  proposedBy: string | null
  proposedReason: string | null
  outcome: string | null
  decidedBy: string | null
}

/**
 * Says how a case ends. Where the policy asks for two people it waits for another to confirm it; else it is decided.
 * The same again by the same person changes nothing. The caller opens the transaction.
 * @throws AppError NOT_FOUND, FORBIDDEN, OUTCOME_UNKNOWN, CASE_DECIDED, CASE_CHANGED, FOUR_EYES
 */
export async function proposeOutcome(db: Db, decision: Decision & { outcome: string }, now: Date): Promise<void> {
  const row = await lockCase(db, decision)
  const { outcome, actor, reason } = decision
  if (!row.outcomes.includes(outcome))
    throw new AppError('OUTCOME_UNKNOWN', `A case of this kind ends in one of: ${row.outcomes.join(', ')}`, {
      details: { outcomes: row.outcomes },
    })
  if (row.state === 'decided' && row.outcome === outcome && (row.decidedBy === actor || row.proposedBy === actor)) return
  if (row.state === 'proposed' && row.proposedBy === actor && row.proposedOutcome === outcome && row.proposedReason === reason) return
  assertUndecided(row)
  assertCurrent(row, decision)
  if (row.state === 'proposed' && row.proposedBy !== actor)
    throw new AppError('FOUR_EYES', 'Somebody else proposed an outcome. Confirm it, or return the case first')
  if (!row.fourEyes.includes(outcome)) return finish(db, row, decision, outcome, now)
  await db.query(
    `update app.review_case
     set state = 'proposed', version = version + 1, proposed_outcome = $2, proposed_by = $3, proposed_reason = $4
     where id = $1`,
    [row.id, outcome, actor, reason],
  )
  await recordStep(db, row, { actor, deed: 'proposed', outcome, reason }, now)
}

/** Confirms what somebody else proposed: that is final. @throws AppError as above */
export async function confirmOutcome(db: Db, decision: Decision, now: Date): Promise<void> {
  const row = await lockCase(db, decision)
  if (row.state === 'decided' && row.decidedBy === decision.actor) return
  assertUndecided(row)
  assertCurrent(row, decision)
  if (row.state !== 'proposed' || row.proposedOutcome === null)
    throw new AppError('CASE_CHANGED', 'Nothing is proposed in this case. Read it again', { details: { version: row.version } })
  if (row.proposedBy === decision.actor)
    throw new AppError('FOUR_EYES', 'You proposed this outcome yourself: somebody else has to confirm it')
  await finish(db, row, decision, row.proposedOutcome, now)
}

/** Takes a proposal back: the case is open again. Also for who made it. @throws AppError as above */
export async function returnCase(db: Db, decision: Decision, now: Date): Promise<void> {
  const row = await lockCase(db, decision)
  assertUndecided(row)
  if (row.state === 'open') return
  assertCurrent(row, decision)
  await db.query(
    `update app.review_case
     set state = 'open', version = version + 1, proposed_outcome = null, proposed_by = null, proposed_reason = null
     where id = $1`,
    [row.id],
  )
  await recordStep(db, row, { actor: decision.actor, deed: 'returned', outcome: null, reason: decision.reason }, now)
}

/** Says who sees to a case; null is nobody. Doesn't count as a change of what is decided on. @throws AppError NOT_FOUND, CASE_DECIDED */
export async function assignCase(
  db: Db,
  { caseId, actor, assignee }: { caseId: string; actor: string; assignee: string | null },
  now: Date,
): Promise<void> {
  const row = await lockCase(db, { caseId, actor })
  assertUndecided(row)
  const { rowCount } = await db.query(
    'update app.review_case set assignee = $2, version = version + 1 where id = $1 and assignee is distinct from $2',
    [caseId, assignee],
  )
  if (rowCount === 1) await recordStep(db, row, { actor, deed: 'assigned', outcome: null, reason: assignee }, now)
}

async function lockCase(db: Db, { caseId, actor }: { caseId: string; actor: string }): Promise<CaseRow> {
  const { rows } = await db.query<CaseRow>(
    `select c.id, c.kind, c.account_id as "accountId", c.evidence, c.state, c.version, p.outcomes, p.four_eyes as "fourEyes",
       c.proposed_outcome as "proposedOutcome", c.proposed_by as "proposedBy", c.proposed_reason as "proposedReason", c.outcome,
       c.decided_by as "decidedBy"
     from app.review_case c
     join app.review_policy p using (kind)
     where c.id = $1
     for update of c`,
    [caseId],
  )
  const row = rows[0]
  if (!row) throw new AppError('NOT_FOUND', 'There is no such case')
  if (row.accountId === actor) throw new AppError('FORBIDDEN', 'Nobody decides on a case about themselves')
  return row
}

async function finish(db: Db, row: CaseRow, { actor, reason }: Decision, outcome: string, now: Date): Promise<void> {
  await db.query(
    `update app.review_case
     set state = 'decided', version = version + 1, outcome = $2, decided_by = $3, decided_reason = $4, decided_at = $5
     where id = $1`,
    [row.id, outcome, actor, reason, now],
  )
  await recordStep(db, row, { actor, deed: 'decided', outcome, reason }, now)
  await applyOutcome(db, row, outcome, now)
}

async function recordStep(
  db: Db,
  { id, version }: CaseRow,
  step: { actor: string; deed: string; outcome: string | null; reason: string | null },
  now: Date,
): Promise<void> {
  await db.query('insert into app.review_step (case_id, version, at, actor, deed, outcome, reason) values ($1, $2, $3, $4, $5, $6, $7)', [
    id,
    version + 1,
    now,
    step.actor,
    step.deed,
    step.outcome,
    step.reason,
  ])
}

function assertUndecided({ state, outcome }: CaseRow): void {
  if (state === 'decided') throw new AppError('CASE_DECIDED', `This case was decided: ${outcome}. That is final`, { details: { outcome } })
}

function assertCurrent(row: CaseRow, { version }: Decision): void {
  if (row.version !== version)
    throw new AppError('CASE_CHANGED', 'The case changed since you read it. Read it again, then decide', {
      details: { version: row.version },
    })
}
