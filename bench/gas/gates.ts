import type { Figures, Operation, Suite } from './operations.ts'

export interface Gate {
  /** Gas. */
  atMost: number
  /** Why it isn't met, where that is known and meant to stay so. */
  because?: string
}

/** What an operation may cost measured by what a peer's does. */
export interface RatioGate {
  operation: Operation
  peer: Suite
  atMost: number
  because?: string
}

// A transfer's floor is 21,000 and its calldata, two holdings (10,000), two accounts, the project, the receiver's code and one event (13,000).
const RULES =
  'Above the floor stand rules that the gate did not know: the pause of everything has a slot of its own (2,100), and blocked countries are a slot of each project that has the rule (2,500). And the ledger’s many functions are compared one after the other (1,518 for a transfer), by the compiler’s pipeline that makes the contract fit its limit at all.'
const RECEIPT =
  'New slots are 20,000 each and there is no mint without two, a receipt and a holding, nor without two events and a look at the receiver’s code (7,400). A bit for each investment instead of a receipt would do, and forget who got what.'
const CLAIM =
  'A claim also asks whether the account is frozen or relinked, whether the exit took the units, where the holder wants the money and what else may be due to him: ten cold reads, 21,000.'

/** The most that an operation may cost, in gas. */
export const GATES: Partial<Record<Operation, Gate>> = {
  transferExisting: { atMost: 49_500, because: RULES },
  transferFresh: { atMost: 70_000, because: RULES },
  batchExisting: { atMost: 185_000, because: RULES },
  // A voucher is paid for besides: the difference between the two mints is shown apart.
  mintFreshPlain: { atMost: 90_000, because: `${RECEIPT} ${RULES}` },
  mintManyPlain: { atMost: 59_000, because: RECEIPT },
  mintMany: { atMost: 59_000, because: RECEIPT },
  register: {
    atMost: 24_000,
    because:
      'The gate is one new slot (22,100) and hardly more. Besides, each attestation is hashed, the investor’s one wallet is looked up and kept (a sixth of a slot), the ledger tells the record in an event of its own, in a call of its own, and the registrar in another when it was issued, without which its state couldn’t be told from the logs (1,860). A call for all of them would save 4,500 each, but every attestation must see what the one before it wrote.',
  },
  open: {
    atMost: 100_000,
    because:
      'An id makes a distribution happen once only (a new slot, 22,100), and the vault counts what it really received (two balance checks), and asks for the token before it opens anything (750), so that the money is in first. Constant all the same.',
  },
  openVote: { atMost: 100_000 },
  claimOne: { atMost: 57_000, because: CLAIM },
  claimTwelve: { atMost: 57_000, because: CLAIM },
  claimMany: {
    atMost: 20_000,
    because:
      'Each payment is a call of its own with bounded gas, so that one payee who can’t be paid stops nobody else; that and the checks of a claim.',
  },
  exit: {
    atMost: 11_500,
    because: 'The holding keeps what its holder earned and a mark that the exit took the units, so that claims go on for ever.',
  },
}

/** History for votes is kept by a node for each epoch and holder, in place of a checkpoint for each transfer. */
export const RATIO_GATES: RatioGate[] = [
  {
    operation: 'transferExisting',
    peer: 'usual',
    atMost: 0.5,
    because:
      'The peer keeps checkpoints and asks nobody for permission; ours is the whole transfer, with the pause, the accounts of both, countries and limits. Keeping the history costs it nothing within an epoch.',
  },
]

export type Verdict = 'held' | 'missed' | 'explained'

/** Undefined where there is no gate. */
export function verdictOf(operation: Operation, gas: number, gates = GATES): Verdict | undefined {
  const gate = gates[operation]
  if (gate === undefined) return undefined
  if (gas <= gate.atMost) return 'held'
  return gate.because === undefined ? 'missed' : 'explained'
}

/** What a ratio came to, and whether that holds; undefined when one of the two wasn't measured. */
export function verdictOfRatio(gate: RatioGate, figures: Figures): { ratio: number; verdict: Verdict } | undefined {
  const [ours, theirs] = [figures.ours?.[gate.operation], figures[gate.peer]?.[gate.operation]]
  if (ours === undefined || theirs === undefined) return undefined
  const ratio = ours / theirs
  if (ratio <= gate.atMost) return { ratio, verdict: 'held' }
  return { ratio, verdict: gate.because === undefined ? 'missed' : 'explained' }
}

/** Operations of ours that are above their gate and nobody said why. */
export function missedGates(figures: Figures, gates = GATES, ratios = RATIO_GATES): Operation[] {
  const ours = Object.entries(figures.ours ?? {}) as [Operation, number][]
  return [
    ...ours.filter(([operation, gas]) => verdictOf(operation, gas, gates) === 'missed').map(([operation]) => operation),
    ...ratios.filter((gate) => verdictOfRatio(gate, figures)?.verdict === 'missed').map(({ operation }) => operation),
  ]
}
