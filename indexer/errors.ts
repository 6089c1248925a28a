/** What a node answered wrongly, or could not answer. Nothing was written: the same step is tried again, at the next node if there is one. */
export class Retry extends Error {
  readonly code: RetryCode

  constructor(code: RetryCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'Retry'
    this.code = code
  }
}

/** Why the indexer must end instead of trying again; the message is the one sentence its operator reads. */
export class Stop extends Error {
  readonly code: StopCode
  readonly exitCode: number

  constructor(code: StopCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'Stop'
    this.code = code
    this.exitCode = EXIT_CODES[code]
  }
}

/** A mirrored block, by number and hash. */
export interface BlockId {
  number: bigint
  hash: `0x${string}`
}

/** A block that a node had called final is not on its chain any more. */
export class FinalityViolated extends Stop {
  /** The mirrored final block, and the hash of what stands in its place. */
  readonly final: BlockId
  readonly replacedBy: `0x${string}`
  /** The newest mirrored block that is still on the chain; undefined when no header that is kept is. */
  readonly ancestor: BlockId | undefined

  constructor(final: BlockId, replacedBy: `0x${string}`, ancestor: BlockId | undefined) {
    const cure =
      ancestor === undefined
        ? 'No header that is kept is on the chain any more: if this is the right chain, rebuild the mirror with "terra reindex"'
        : `The mirror goes back to block ${ancestor.number} once all nodes kept saying so`
    super(
      'FINALITY_VIOLATED',
      `The chain replaced block ${final.number}, which it had called final, by ${replacedBy}; minting is halted until an operator has looked at it ("terra incidents"). ${cure}`,
    )
    this.final = final
    this.replacedBy = replacedBy
    this.ancestor = ancestor
  }
}

export const EXIT_CODES = {
  RPC_UNREACHABLE: 1,
  DATABASE_REFUSED: 1,
  METRICS_REFUSED: 1,
  DATABASE_NEWER: 3,
  NOT_ERC1155: 3,
  START_BLOCK_AHEAD: 3,
  WRONG_CHAIN: 3,
  CONTRACT_NOT_FOUND: 3,
  MIRROR_OF_ANOTHER_CONTRACT: 3,
  MIRROR_MISSING: 3,
  FINALITY_VIOLATED: 4,
  UNEXPECTED_EVENT: 5,
  HOLDING_BELOW_ZERO: 5,
} as const

export type StopCode = keyof typeof EXIT_CODES

export type RetryCode =
  | 'RPC_BAD_BLOCK'
  | 'RPC_BLOCK_MISMATCH'
  | 'RPC_BLOCK_MISSING'
  | 'RPC_HEAD_BEHIND'
  | 'RPC_LOG_DUPLICATE'
  | 'RPC_LOG_REMOVED'
  | 'RPC_LOGS_MISMATCH'
  | 'RPC_LOGS_MISSING'
  | 'RPC_WRONG_CHAIN'
  | 'CHECKPOINT_MOVED'
