import type { Db } from '../../common/node/db.ts'
import { notifyAccount } from '../notifications/notify-account.ts'

/** Decides a claim as its case was decided, once, and tells its owner. The caller opens the transaction. */
export async function decideClaim(db: Db, { claimId, caseId }: { claimId: string; caseId: string }, now: Date): Promise<void> {
  const { rows } = await db.query<{ accountId: string; isApproved: boolean; expiresAt: Date }>(
    `select owner as "accountId", approved as "isApproved", expires as "expiresAt" from app.decide_accreditation($1, $2, $3)`,
    [claimId, caseId, now],
  )
  const decided = rows[0]
  if (!decided) return
  const { accountId, isApproved, expiresAt } = decided
  await notifyAccount(
    db,
    {
      accountId,
      path: '/account/accreditation',
      kind: 'accreditation_decided',
      cause: `accreditation_decided:${claimId}`,
      subject: isApproved ? 'You are verified as an accredited investor' : 'We could not verify you as an accredited investor',
      body: isApproved
        ? `It holds until ${expiresAt.toISOString().slice(0, 10)}. What it is good for is on the page below.`
        : 'What you sent did not show it. You can send other evidence, or choose another path, on the page below.',
    },
    now,
  )
}
