import type { Db } from '../../common/node/db.ts'
import type { Accreditation, AccreditationStanding } from '../../common/wire-accreditation.ts'
import { ruleAt } from '../ecsp/standing.ts'
import { type AccreditationRule, assess } from './assess.ts'
import { type ClaimRow, findClaim, findInForce } from './queries.ts'

/** The rule of the day. @throws Error when none is in force */
export function accreditationRuleAt(db: Db, at: Date) {
  return ruleAt<AccreditationRule>(db, 'ACCREDITATION', at)
}

/** Where the account stands at a moment. */
export async function readAccreditation(db: Db, accountId: string, at: Date): Promise<AccreditationStanding> {
  const { value, citation } = await accreditationRuleAt(db, at)
  const newest = await findClaim(db, accountId)
  const { until, fromCents } = await findInForce(db, accountId, at)
  return {
    newest: newest && toWire(value, newest, at),
    accreditedUntil: until?.toISOString() ?? null,
    verifiedFromCents: fromCents,
    citation,
  }
}

/** Kinds of evidence that a claim still lacks. */
export function missingEvidence(rule: AccreditationRule, { claim, files }: Pick<ClaimRow, 'claim' | 'files'>) {
  return assess(rule, claim).evidence.filter((kind) => !files.some((file) => file.kind === kind))
}

function toWire(rule: AccreditationRule, row: ClaimRow, at: Date): Accreditation {
  const { id, claim, asOf, expiresAt, minimumCents, files } = row
  return {
    id,
    state: stateOf(row, at),
    claim,
    asOf,
    expiresAt: expiresAt.toISOString(),
    minimumCents,
    files,
    missing: missingEvidence(rule, row),
  }
}

function stateOf({ submittedAt, isApproved, expiresAt }: ClaimRow, at: Date): Accreditation['state'] {
  if (submittedAt === null) return 'draft'
  if (isApproved === null) return 'submitted'
  if (!isApproved) return 'rejected'
  return expiresAt > at ? 'approved' : 'expired'
}
