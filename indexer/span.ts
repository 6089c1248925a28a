/** How many blocks to ask for at once while far behind; finds out by itself what the provider allows. */
export interface Span {
  readonly blocks: bigint
  /** The last range was answered. */
  grow(): void
  /** The last range was refused or took too long. */
  shrink(): void
}

/** After so many answered ranges a refusal is forgotten: limits go by results as often as by blocks. */
const FORGET_AFTER = 64

export function createSpan({ start = 1_000n, lowest = 1n, highest = 100_000n } = {}): Span {
  let blocks = start
  let refused = highest + 1n
  let answered = 0
  return {
    get blocks() {
      return blocks
    },
    grow() {
      if (++answered % FORGET_AFTER === 0) refused = highest + 1n
      // Doubles, but only half-way towards what was refused: so it settles just below the limit.
      const most = (blocks + refused) / 2n
      blocks = min(min(blocks * 2n, most), highest)
    },
    shrink() {
      refused = blocks > lowest ? blocks : lowest + 1n
      blocks = blocks / 2n < lowest ? lowest : blocks / 2n
    },
  }
}

/** Math.min for bigint. */
export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

/** Says whether a smaller range may help: the wordings of Alchemy, Ankr, Chainstack, Infura, QuickNode, bor, erigon and geth, and timeouts. */
export function isRangeTooLarge(error: unknown): boolean {
  return (
    causesOf(error).some(
      ({ name, message, code, status }) =>
        name === 'TimeoutError' ||
        status === 413 ||
        code === -32_005 ||
        /block range|range (is )?too (large|wide)|exceed.{0,30}(range|limit|size|result)|too many (results|logs)|more than \d+ (results|logs)|response size|query timeout|limited to|timed out/i.test(
          message,
        ),
    ) && !causesOf(error).some(({ status }) => status === 429)
  )
}

function causesOf(error: unknown): { name: string; message: string; code?: unknown; status?: unknown }[] {
  const causes = []
  for (let at = error; at instanceof Error && causes.length < 8; at = at.cause) causes.push(at)
  return causes
}
