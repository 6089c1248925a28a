/** The boundaries between the steps of a mint. Dying at any of them loses nothing and doubles nothing. */
export const STEPS = [
  'cycle:begun',
  'observe:receipts-read',
  'observe:written',
  'finalise:checked',
  'finalise:written',
  'sweep:gaps-filled',
  'sweep:resent',
  'sweep:bumped',
  'allocate:checked',
  'allocate:locked',
  'allocate:signed',
  'allocate:committed',
  'broadcast:before',
  'broadcast:sent',
  'broadcast:written',
] as const
export type StepName = (typeof STEPS)[number]

/** Called at each boundary, with what it is about. The worker writes a debug line. */
export type Step = (name: StepName, about?: Record<string, unknown>) => Promise<void>
