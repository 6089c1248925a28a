/** Words for `detectTransferRestriction`, by its stable code (ITerraLuminaOwnership). 0 is allowed. */
const WORDS = [
  'This transfer is allowed.',
  'The whole ledger is paused at the moment. Nothing moves until the operator lifts that.',
  'This project doesn’t allow transfers in its present state.',
  'Your account may not send units.',
  'The receiver isn’t a verified investor yet. They need an account here with a passed identity check.',
  'The receiver’s identity check has expired. They need to renew it first.',
  'One of the two accounts is frozen.',
  'Some of these units are still in their lock-up. Send fewer, or wait until the lock-up ends.',
  'This project has reached its largest number of holders. The receiver must already hold some.',
  'The receiver would hold more than this project allows.',
  'Units of this project may not go to the receiver’s country.',
  'Whoever sends this transaction isn’t allowed to move these units.',
  'The project is exiting: units only move to the community DAO now.',
] as const

/** Why units may not move, in a sentence; null when they may. */
export function restrictionSentence(code: number): string | null {
  if (code === 0) return null
  return WORDS[code] ?? `The ledger refuses this transfer (reason ${code}).`
}
