import type { Db } from '../../common/node/db.ts'

export interface NewCase {
  kind: 'sanctions' | 'kyc' | 'accreditation' | 'wallet_relink' | 'monitoring' | 'dispute'
  accountId: string
  /** Makes the same case impossible twice. */
  subject: string
  /** For staff, without names. */
  reason: string
  evidence: Record<string, unknown>
}

/** Puts things to decide on the desk, each once per subject. Their time begins now. The caller opens the transaction. */
export async function openCases(db: Db, cases: readonly NewCase[], now: Date): Promise<void> {
  if (cases.length === 0) return
  await db.query(
    `with opened as (
       insert into app.review_case (kind, account_id, subject, reason, evidence, opened_at, due_at)
       select c.kind, c."accountId", c.subject, c.reason, c.evidence, $2, $2::timestamptz + p.due_hours * interval '1 hour'
       from jsonb_to_recordset($1::jsonb) as c (kind text, "accountId" uuid, subject text, reason text, evidence jsonb)
       join app.review_policy p using (kind)
       on conflict (subject) do nothing
       returning id, version, reason
     )
     insert into app.review_step (case_id, version, at, deed, reason) select id, version, $2, 'opened', reason from opened`,
    [JSON.stringify(cases), now],
  )
}
