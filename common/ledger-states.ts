/** ITerraLuminaOwnership.State by number, in lower case as the database writes them. A test compares them with the contract. */
export const LEDGER_STATES = ['none', 'draft', 'funding', 'active', 'paused', 'exit_announced', 'exiting', 'exited', 'closed'] as const
export type LedgerState = (typeof LEDGER_STATES)[number]

/** The number that the contract knows a state by. */
export function stateNumber(state: LedgerState): number {
  return LEDGER_STATES.indexOf(state)
}
