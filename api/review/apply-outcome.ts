import type { Db } from '../../common/node/db.ts'
import { decideClaim } from '../accreditation/decide-claim.ts'
import { decideCheck } from '../kyc/decide-check.ts'
import { freezeAccount, liftFreeze } from '../sanctions/freeze.ts'

/** What a decision leads to, in the transaction that made it. */
export async function applyOutcome(
  db: Db,
  { id, kind, accountId, evidence }: { id: string; kind: string; accountId: string; evidence: Record<string, unknown> },
  outcome: string,
  now: Date,
): Promise<void> {
  switch (`${kind} ${outcome}`) {
    case 'sanctions confirm':
      return freezeAccount(db, { accountId, reason: 'Sanctions list', cause: `case ${id}` }, now)
    case 'dispute hold':
      return freezeAccount(db, { accountId, reason: 'Disputed payment', cause: `case ${id}` }, now)
    case 'sanctions dismiss':
      return liftFreeze(db, accountId, now)
    case 'kyc approve':
    case 'kyc reject':
      return decideCheck(db, String(evidence.kycCheckId), outcome === 'approve' ? 'approved' : 'rejected', now)
    case 'accreditation approve':
    case 'accreditation reject':
      return decideClaim(db, { claimId: String(evidence.accreditationId), caseId: id }, now)
  }
}
