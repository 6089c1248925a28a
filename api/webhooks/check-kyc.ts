import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import type { Log } from '../../common/node/log.ts'
import { decideCheck } from '../kyc/decide-check.ts'
import type { KycProviders } from '../kyc/provider.ts'
import { openCases } from '../review/open-cases.ts'

/** An undecided check is read again this often even when no webhook comes. */
const RECHECK_MS = 60_000

/** Identity checks that are due to be read at the provider. */
export async function listDueChecks(db: Db, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select id from app.kyc_check where due_at <= $1 order by due_at limit 100', [now])
  return rows.map(({ id }) => id)
}

interface CheckRow {
  accountId: string
  provider: string
  applicantRef: string
  checkRef: string
  dueAt: Date | null
}

/**
 * Reads an identity check at the provider and notes what was decided there; a decision is never taken back by a late answer.
 * A check that is somebody else's there approves nobody: it goes to the review desk.
 * @throws when the provider cannot be read; the check stays due
 */
export async function checkKyc(deps: { pool: Pool; kyc: KycProviders; clock: () => Date; log: Log }, kycCheckId: string): Promise<void> {
  const { pool, kyc, clock, log } = deps
  const { rows } = await pool.query<CheckRow>(
    `select account_id as "accountId", provider, applicant_ref as "applicantRef", check_ref as "checkRef", due_at as "dueAt"
     from app.kyc_check
     where id = $1 and state in ('started', 'in_review') and check_ref is not null`,
    [kycCheckId],
  )
  const row = rows[0]
  if (!row) {
    await pool.query(`update app.kyc_check set due_at = null where id = $1 and state in ('approved', 'rejected', 'expired')`, [kycCheckId])
    return
  }
  const provider = kyc.all.find(({ name }) => name === row.provider)
  if (!provider) throw new Error(`The provider ${row.provider} is not configured`)
  const { state, applicantRef } = await provider.readCheck(row)
  const now = clock()
  if (applicantRef !== row.applicantRef) return putAside(deps, kycCheckId, row, applicantRef, now)
  await inTransaction(pool, async (db) => {
    if (state === 'approved' || state === 'rejected') return decideCheck(db, kycCheckId, state, now)
    await db.query(
      `update app.kyc_check set state = $2, due_at = case when due_at is not distinct from $3 then $4 else due_at end
       where id = $1 and state in ('started', 'in_review')`,
      [kycCheckId, state, row.dueAt, new Date(now.getTime() + RECHECK_MS)],
    )
  })
  if (state === 'approved' || state === 'rejected') log.info({ accountId: row.accountId, state }, 'An identity check was decided')
}

async function putAside(
  { pool, log }: { pool: Pool; log: Log },
  kycCheckId: string,
  row: CheckRow,
  foundApplicant: string,
  now: Date,
): Promise<void> {
  await inTransaction(pool, async (db) => {
    await db.query(`update app.kyc_check set state = 'in_review', due_at = null where id = $1 and state in ('started', 'in_review')`, [
      kycCheckId,
    ])
    await openCases(
      db,
      [
        {
          kind: 'kyc',
          accountId: row.accountId,
          subject: `kyc ${kycCheckId}`,
          reason: 'The provider names another applicant than the one who was sent there',
          evidence: { kycCheckId, provider: row.provider, expectedApplicant: row.applicantRef, foundApplicant },
        },
      ],
      now,
    )
  })
  log.error({ accountId: row.accountId, kycCheckId }, 'An identity check is of another applicant')
}
