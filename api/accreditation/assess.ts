import type { AccreditationClaim, EvidenceKind } from '../../common/wire-accreditation.ts'

/** A row of the rule ACCREDITATION; cents as text. */
export interface AccreditationRule {
  /** How old evidence may be when it is submitted, and for how long it is good from its own day on. */
  freshDays: number
  validDays: number
  income: { aloneCents: string; jointCents: string; evidence: EvidenceKind[]; jointEvidence: EvidenceKind[] }
  netWorth: { aboveCents: string; evidence: EvidenceKind[]; jointEvidence: EvidenceKind[] }
  licence: { series: string[]; evidence: EvidenceKind[] }
  entity: { assetsAboveCents: string; investmentsAboveCents: string; familyOfficeAboveCents: string; evidence: EvidenceKind[] }
  letter: { writers: string[]; evidence: EvidenceKind[] }
  minimum: { personCents: string; entityCents: string; ownerCents: string; fewerOwnersThan: number; evidence: EvidenceKind[] }
}

export interface Assessment {
  /** Null when the figures fulfil the path; else what they lack, for people. */
  problem: string | null
  evidence: EvidenceKind[]
  /** As the chain counts: 1 accredited, 2 institution. */
  class: 1 | 2
  /** The smallest order that the path is good for; null where it is good for any. */
  minimumCents: bigint | null
}

/** Measures a claim by the rule: 17 CFR 230.501(a) and, for the minimum investment, the SEC's staff letter of March 2025. Pure. */
export function assess(rule: AccreditationRule, claim: AccreditationClaim): Assessment {
  switch (claim.path) {
    case 'income': {
      const needed = BigInt(claim.isJoint ? rule.income.jointCents : rule.income.aloneCents)
      const isEnough = BigInt(claim.lastYearCents) > needed && BigInt(claim.yearBeforeCents) > needed
      return person(rule.income, claim.isJoint, isEnough ? null : 'The income of each of the two last years must be above the threshold')
    }
    case 'net_worth': {
      const isEnough = BigInt(claim.assetsCents) - BigInt(claim.liabilitiesCents) > BigInt(rule.netWorth.aboveCents)
      return person(rule.netWorth, claim.isJoint, isEnough ? null : 'Net worth without the home must be above the threshold')
    }
    case 'licence':
      return person(rule.licence, false, rule.licence.series.includes(claim.series) ? null : 'Another licence is needed')
    case 'letter':
      return person(rule.letter, false, rule.letter.writers.includes(claim.writer) ? null : 'Somebody else has to write the letter')
    case 'entity':
      return { problem: entityProblem(rule.entity, claim), evidence: rule.entity.evidence, class: 2, minimumCents: null }
    case 'minimum_investment':
      return minimumInvestment(rule.minimum, claim)
  }
}

type Claim<P extends AccreditationClaim['path']> = Extract<AccreditationClaim, { path: P }>

function person(
  { evidence, jointEvidence = [] }: { evidence: EvidenceKind[]; jointEvidence?: EvidenceKind[] },
  isJoint: boolean,
  problem: string | null,
): Assessment {
  return { problem, evidence: isJoint ? [...evidence, ...jointEvidence] : evidence, class: 1, minimumCents: null }
}

function entityProblem(rule: AccreditationRule['entity'], { basis, amountCents, isFormedForThis }: Claim<'entity'>): string | null {
  const amount = BigInt(amountCents)
  if (basis === 'owners' || basis === 'regulated') return null
  if (isFormedForThis) return 'An entity that was formed to buy these securities counts only by its owners'
  const above = { assets: rule.assetsAboveCents, investments: rule.investmentsAboveCents, family_office: rule.familyOfficeAboveCents }
  return amount > BigInt(above[basis]) ? null : 'The amount must be above the threshold'
}

function minimumInvestment(rule: AccreditationRule['minimum'], { as, ownerCount }: Claim<'minimum_investment'>): Assessment {
  const whole = { problem: null, evidence: rule.evidence, class: as === 'person' ? 1 : 2 } as const
  if (as === 'person') return { ...whole, minimumCents: BigInt(rule.personCents) }
  if (as === 'entity' || ownerCount >= rule.fewerOwnersThan) return { ...whole, minimumCents: BigInt(rule.entityCents) }
  const problem = ownerCount === 0 ? 'Say how many natural persons own the entity' : null
  return { ...whole, problem, minimumCents: BigInt(rule.ownerCents) * BigInt(ownerCount) }
}
