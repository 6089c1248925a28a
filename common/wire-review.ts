import { type Static, Type } from 'typebox'
import { Country, Nullable, Time, Uint, Uuid } from './wire.ts'

export const CaseKind = Type.Union([
  Type.Literal('sanctions'),
  Type.Literal('kyc'),
  Type.Literal('accreditation'),
  Type.Literal('wallet_relink'),
  Type.Literal('monitoring'),
  Type.Literal('dispute'),
])
export type CaseKind = Static<typeof CaseKind>
export const CaseState = Type.Union([Type.Literal('open'), Type.Literal('proposed'), Type.Literal('decided')])

const Staff = Type.Object({ id: Uuid, email: Nullable(Type.String()) })

/** Something that staff has to decide. */
export const ReviewCase = Type.Object({
  id: Uuid,
  kind: CaseKind,
  /** What cases of this kind are called. */
  title: Type.String(),
  accountId: Uuid,
  investorId: Uint,
  country: Nullable(Country),
  reason: Type.String(),
  state: CaseState,
  /** Counts changes; a decision names the one it was made on. */
  version: Type.Integer(),
  assignee: Nullable(Staff),
  openedAt: Time,
  dueAt: Time,
  outcomes: Type.Array(Type.String()),
  /** Outcomes that one person proposes and another confirms. */
  fourEyes: Type.Array(Type.String()),
  proposal: Nullable(Type.Object({ outcome: Type.String(), reason: Type.String(), by: Staff })),
  decision: Nullable(Type.Object({ outcome: Type.String(), reason: Nullable(Type.String()), by: Staff, at: Time })),
})
export type ReviewCase = Static<typeof ReviewCase>

export const ReviewStep = Type.Object({
  at: Time,
  actor: Nullable(Staff),
  deed: Type.String(),
  outcome: Nullable(Type.String()),
  reason: Nullable(Type.String()),
})

/** The same with everything it is decided on. */
export const ReviewCaseDetail = Type.Intersect([
  ReviewCase,
  Type.Object({
    evidence: Type.Record(Type.String(), Type.Unknown()),
    /** Who the account says it is; null when it never said. */
    person: Nullable(Type.Object({ name: Type.String(), birthDate: Nullable(Type.String()) })),
    steps: Type.Array(ReviewStep),
  }),
])
export type ReviewCaseDetail = Static<typeof ReviewCaseDetail>
