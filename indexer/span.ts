/** How many blocks to ask for at once while far behind; finds out by itself what the provider allows and what memory bears. */
export interface Span {
  readonly blocks: bigint
  /** A range of so many blocks was answered with so many bytes. */
  answered(blocks: bigint, bytes: number): void
  /** A range of so many blocks was refused or took too long. */
  refused(blocks: bigint): void
}

/** After so many answered ranges a refusal is forgotten: limits go by results as often as by blocks. */
const FORGET_AFTER = 64
/** What an answer should weigh: smaller ones cost more round trips, larger ones memory. */
const GOAL_BYTES = 4_000_000

export function createSpan({ start = 1_000n, lowest = 1n, highest = 100_000n, goalBytes = GOAL_BYTES } = {}): Span {
  let blocks = start
  let limit = highest + 1n
  let count = 0
  const within = (value: bigint) => max(min(value, highest), lowest)
  return {
    get blocks() {
      return blocks
    },
    answered(asked, bytes) {
      if (++count % FORGET_AFTER === 0) limit = highest + 1n
      const fitting = bytes === 0 ? asked * 2n : min(asked * 2n, (asked * BigInt(goalBytes)) / BigInt(bytes))
      // Half-way towards what was refused: so it settles just below the limit. Several are under way: each speaks for its own size only.
      if (fitting >= asked) blocks = within(max(blocks, min(fitting, (asked + limit) / 2n)))
      else if (bytes > goalBytes * 1.5) blocks = within(min(blocks, fitting))
    },
    refused(asked) {
      limit = max(min(limit, asked), lowest + 1n)
      blocks = within(min(blocks, asked / 2n))
    },
  }
}

/** Math.min for bigint. */
export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

/** Math.max for bigint. */
export function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
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
