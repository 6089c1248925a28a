/** How many blocks to ask for at once while far behind; finds out by itself what the provider allows. */
export interface Span {
  readonly blocks: bigint
  /** The last range was answered. */
  grow(): void
  /** The last range was refused or took too long. */
  shrink(): void
}

export function createSpan({ start = 1_000n, min = 1n, max = 100_000n } = {}): Span {
  let blocks = start
  return {
    get blocks() {
      return blocks
    },
    grow() {
      blocks = blocks * 2n > max ? max : blocks * 2n
    },
    shrink() {
      blocks = blocks / 2n < min ? min : blocks / 2n
    },
  }
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
