import type { Figures, Operation } from './operations.ts'

export interface Gate {
  atMost: number
  /** Why it isn't met, where that is known and meant to stay so. */
  because?: string
}

/** The most that an operation may cost, in gas. */
export const GATES: Partial<Record<Operation, Gate>> = {
  transferExisting: { atMost: 49_500 },
  transferFresh: { atMost: 70_000 },
  batchExisting: { atMost: 185_000 },
  // A voucher is paid for besides: the difference between the two mints is shown apart.
  mintFreshPlain: { atMost: 90_000 },
  mintManyPlain: { atMost: 59_000 },
  mintMany: { atMost: 59_000 },
  register: { atMost: 24_000 },
  open: { atMost: 100_000 },
  openVote: { atMost: 100_000 },
  claimOne: { atMost: 57_000 },
  claimTwelve: { atMost: 57_000 },
  claimMany: { atMost: 20_000 },
  exit: { atMost: 11_500 },
}

export type Verdict = 'held' | 'missed' | 'explained'

/** Undefined where there is no gate. */
export function verdictOf(operation: Operation, gas: number, gates = GATES): Verdict | undefined {
  const gate = gates[operation]
  if (gate === undefined) return undefined
  if (gas <= gate.atMost) return 'held'
  return gate.because === undefined ? 'missed' : 'explained'
}

/** Operations of ours that are above their gate and nobody said why. */
export function missedGates(figures: Figures, gates = GATES): Operation[] {
  const ours = Object.entries(figures.ours ?? {}) as [Operation, number][]
  return ours.filter(([operation, gas]) => verdictOf(operation, gas, gates) === 'missed').map(([operation]) => operation)
}
