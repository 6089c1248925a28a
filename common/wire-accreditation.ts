import { type Static, Type } from 'typebox'
import { literals, Nullable, Time, Uint, Uuid } from './wire.ts'

/** A calendar day, YYYY-MM-DD. */
const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })
/** US cents that fit a bigint with room to be added. */
const Cents = Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$' })
const closed = { additionalProperties: false }

/** What an investor states, by the path of 17 CFR 230.501(a) or 230.506(c) that it claims. Amounts are US cents. */
export const AccreditationClaim = Type.Union([
  Type.Object(
    {
      path: Type.Literal('income'),
      lastYearCents: Cents,
      yearBeforeCents: Cents,
      expectsThisYear: Type.Literal(true, { description: 'At least as much is expected for the year that runs' }),
      isJoint: Type.Boolean({ description: 'Together with a spouse or spousal equivalent' }),
    },
    closed,
  ),
  Type.Object(
    {
      path: Type.Literal('net_worth'),
      /** Without the home lived in. */
      assetsCents: Cents,
      liabilitiesCents: Cents,
      isJoint: Type.Boolean(),
    },
    closed,
  ),
  Type.Object(
    { path: Type.Literal('licence'), series: literals('7', '65', '82'), crdNumber: Type.String({ pattern: '^[0-9]{1,10}$' }) },
    closed,
  ),
  Type.Object(
    {
      path: Type.Literal('entity'),
      basis: literals('assets', 'investments', 'family_office', 'owners', 'regulated'),
      /** Assets, investments or assets under management; 0 where the basis is another. */
      amountCents: Cents,
      isFormedForThis: Type.Boolean({ description: 'Whether it was formed to buy these securities' }),
    },
    closed,
  ),
  Type.Object(
    {
      path: Type.Literal('letter'),
      writer: literals('broker_dealer', 'investment_adviser', 'attorney', 'accountant'),
      writerName: Type.String({ minLength: 2, maxLength: 200 }),
    },
    closed,
  ),
  Type.Object(
    {
      path: Type.Literal('minimum_investment'),
      /** owners: an entity that is accredited only because all of its owners are. */
      as: literals('person', 'entity', 'owners'),
      ownerCount: Type.Integer({ minimum: 0, maximum: 10_000, description: 'Natural persons who own the entity; 0 for a person' }),
      isAccredited: Type.Literal(true),
      isNotFinanced: Type.Literal(true, { description: 'No third party finances it for the purpose of this investment' }),
    },
    closed,
  ),
])
export type AccreditationClaim = Static<typeof AccreditationClaim>

export const EVIDENCE_KINDS = [
  'tax_forms',
  'asset_statements',
  'credit_report',
  'spouse_statement',
  'licence_record',
  'entity_papers',
  'letter',
] as const
export const EvidenceKind = literals(...EVIDENCE_KINDS)
export type EvidenceKind = Static<typeof EvidenceKind>

export const AccreditationFile = Type.Object({
  id: Uuid,
  kind: EvidenceKind,
  name: Type.String(),
  mediaType: Type.String(),
  sha256: Type.String(),
  bytes: Type.Integer(),
})
export type AccreditationFile = Static<typeof AccreditationFile>

export const Accreditation = Type.Object({
  id: Uuid,
  state: literals('draft', 'submitted', 'approved', 'rejected', 'expired'),
  claim: AccreditationClaim,
  asOf: Day,
  /** For how long it is good once approved. */
  expiresAt: Time,
  /** The smallest order it is good for; null for any. */
  minimumCents: Nullable(Uint),
  files: Type.Array(AccreditationFile),
  /** Kinds of evidence that are still to come before it can be submitted. */
  missing: Type.Array(EvidenceKind),
})
export type Accreditation = Static<typeof Accreditation>

/** Where an investor stands: the newest claim, and what is in force whatever became of it. */
export const AccreditationStanding = Type.Object({
  newest: Nullable(Accreditation),
  /** Until when the investor counts as accredited for every offering; null when it doesn't. */
  accreditedUntil: Nullable(Time),
  /** From which size on orders under Rule 506(c) are taken; null when by none. */
  verifiedFromCents: Nullable(Uint),
  citation: Type.String(),
})
export type AccreditationStanding = Static<typeof AccreditationStanding>

/** A submitted claim as the desk reads it. */
export const AccreditationAtDesk = Type.Object({
  claim: AccreditationClaim,
  asOf: Day,
  expiresAt: Time,
  files: Type.Array(AccreditationFile),
})
export type AccreditationAtDesk = Static<typeof AccreditationAtDesk>
