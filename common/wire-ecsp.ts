import { type Static, Type } from 'typebox'
import { Int, literals, Nullable, Time, Uint } from './wire.ts'

/** A question of the entry knowledge test; which answer is right stays here. */
export const EcspQuestion = Type.Object({
  id: Type.String(),
  text: Type.String(),
  options: Type.Array(Type.Object({ id: Type.String(), text: Type.String() })),
})
export type EcspQuestion = Static<typeof EcspQuestion>

/** The newest entry knowledge test. One that was not passed is answered with the warning, which has to be confirmed. */
export const KnowledgeTest = Type.Object({
  result: literals('passed', 'not_passed', 'declined'),
  rightCount: Type.Integer(),
  takenAt: Time,
  warnedAt: Nullable(Time),
  /** From this moment it has to be taken again. */
  validUntil: Time,
})
export type KnowledgeTest = Static<typeof KnowledgeTest>

/** The newest simulation of the ability to bear loss: net worth is income and liquid assets less commitments. */
export const LossSimulation = Type.Object({
  annualIncomeCents: Uint,
  isIncomePermanent: Type.Boolean(),
  liquidAssetsCents: Uint,
  annualCommitmentsCents: Uint,
  netWorthCents: Int,
  bearableLossCents: Uint,
  simulatedAt: Time,
  acknowledgedAt: Nullable(Time),
  validUntil: Time,
})
export type LossSimulation = Static<typeof LossSimulation>

/** The newest request to be treated as a sophisticated investor. */
export const Sophistication = Type.Object({
  state: literals('requested', 'approved', 'refused', 'expired'),
  criteria: Type.Array(Type.String()),
  requestedAt: Time,
  validUntil: Nullable(Time),
})
export type Sophistication = Static<typeof Sophistication>

/** Where an investor stands under the European crowdfunding regulation. Amounts are euro cents. */
export const EcspStanding = Type.Object({
  questionsFrom: Time,
  questions: Type.Array(EcspQuestion),
  questionCount: Type.Integer({ description: 'How many of them have a right answer' }),
  citation: Type.String(),
  warning: Type.String(),
  test: Nullable(KnowledgeTest),
  simulation: Nullable(LossSimulation),
  sophistication: Nullable(Sophistication),
})
export type EcspStanding = Static<typeof EcspStanding>
