/** Every way a command ends badly. `hint` says what to do next; the code is stable and listed in docs/operators.md. */
export class CliError extends Error {
  readonly code: CliCode
  readonly hint: string | undefined
  readonly details: Record<string, unknown>

  constructor(code: CliCode, message: string, options: { hint?: string; details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'CliError'
    this.code = code
    this.hint = options.hint
    this.details = options.details ?? {}
  }
}

/** Code → exit code. 2 is for a command line that makes no sense, 130 for Ctrl-C, 1 for everything else. */
export const EXIT_CODES = {
  USAGE: 2,
  SECRET_IN_ARGS: 2,
  CONFIRM_REQUIRED: 2,
  INTERRUPTED: 130,
  NOT_CONFIRMED: 1,
  SETTING_MISSING: 1,
  FILE_MISSING: 1,
  KEY_FILE_MODE: 1,
  KEY_PASSWORD: 1,
  RPC_UNREACHABLE: 1,
  WRONG_CHAIN: 1,
  CONTRACT_MISMATCH: 1,
  DATABASE_UNREACHABLE: 1,
  LOCKED: 1,
  FUNDS: 1,
  ROLE: 1,
  REFUSED: 1,
  TX_TIMEOUT: 1,
  NOT_FOUND: 1,
  NOT_SUBMITTED: 1,
  NOT_READY: 1,
  NO_HOLDERS: 1,
  STATE: 1,
  DAO_CANNOT_RECEIVE: 1,
  MIRROR_BEHIND: 1,
  INTERNAL: 1,
} as const

export type CliCode = keyof typeof EXIT_CODES
