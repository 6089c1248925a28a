import { CheckStatus, type DefaultApi } from '@onfido/api'
import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import type { Log } from '../../common/node/log.ts'
import { announce } from '../outbox/job.ts'

/** How long an approval is good for. */
const VALID_YEARS = 1
/** An undecided check is read again this often even when no webhook comes. */
const RECHECK_MS = 60_000

/** Identity checks that are due to be read at the provider. */
export async function listDueChecks(db: Db, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select id from app.kyc_check where due_at <= $1 order by due_at limit 100', [now])
  return rows.map(({ id }) => id)
}

interface CheckRow {
  accountId: string
  applicantRef: string
  checkRef: string
  dueAt: Date | null
}

/**
 * Reads an identity check at the provider and notes what was decided there; a decision is never taken back by a late answer.
 * @throws when the provider cannot be read; the check stays due
 */
export async function checkKyc(deps: { pool: Pool; onfido: DefaultApi; clock: () => Date; log: Log }, kycCheckId: string): Promise<void> {
  const { pool, onfido, clock, log } = deps
  const { rows } = await pool.query<CheckRow>(
    `select account_id as "accountId", applicant_ref as "applicantRef", check_ref as "checkRef", due_at as "dueAt"
     from app.kyc_check
     where id = $1 and state in ('started', 'in_review') and check_ref is not null`,
    [kycCheckId],
  )
  const row = rows[0]
  if (!row) {
    await pool.query(`update app.kyc_check set due_at = null where id = $1 and state in ('approved', 'rejected', 'expired')`, [kycCheckId])
    return
  }
  const state = stateOf(await readCheck(onfido, row.checkRef), row.applicantRef)
  const now = clock()
  const isDecided = state === 'approved' || state === 'rejected'
  const expiresAt = new Date(now)
  expiresAt.setUTCFullYear(expiresAt.getUTCFullYear() + VALID_YEARS)
  await inTransaction(pool, async (db) => {
    const { rowCount } = await db.query(
      `update app.kyc_check
       set state = $2, decided_at = $3, expires_at = $4, due_at = case when $5 then null when due_at is not distinct from $6 then $7 else due_at end
       where id = $1 and state in ('started', 'in_review')`,
      [
        kycCheckId,
        state,
        isDecided ? now : null,
        state === 'approved' ? expiresAt : null,
        isDecided,
        row.dueAt,
        new Date(now.getTime() + RECHECK_MS),
      ],
    )
    if (rowCount === 1 && state === 'approved') await announce(db, 'account.approved', { accountId: row.accountId })
  })
  if (isDecided) log.info({ accountId: row.accountId, state }, 'An identity check was decided')
}

interface Check {
  status: string
  result: string | null
  applicantRef: string
}

async function readCheck(onfido: DefaultApi, checkRef: string): Promise<Check> {
  try {
    const { data } = await onfido.findCheck(checkRef)
    return { status: data.status ?? '', result: data.result ?? null, applicantRef: data.applicant_id }
  } catch (cause) {
    // The SDK's errors carry the request with the API token: only the status goes on.
    const { response, code } = cause as { response?: { status?: number }; code?: string }
    throw new Error(`Onfido answered ${response?.status ?? code ?? 'nothing'}`)
  }
}

function stateOf(check: Check, applicantRef: string): 'started' | 'in_review' | 'approved' | 'rejected' {
  // A check of somebody else approves nobody.
  if (check.applicantRef !== applicantRef) return 'in_review'
  if (check.status === CheckStatus.Withdrawn) return 'rejected'
  if (check.status === CheckStatus.Complete) return check.result === 'clear' ? 'approved' : 'rejected'
  return check.status === CheckStatus.AwaitingApplicant ? 'started' : 'in_review'
}
