import { TAIL_BLOCKS } from './checkpoint.ts'
import { type BlockId, Retry } from './errors.ts'
import { inParallel } from './in-parallel.ts'
import type { Block, MinedLog, Source } from './source.ts'
import { min } from './span.ts'

/** What to write next: blocks in order, the last one being the new checkpoint, and their logs. */
export interface Ahead {
  blocks: Block[]
  logs: MinedLog[]
}

/** Blocks read in one step near the head: what a long load leaves, usually. */
const MOST_BLOCKS = Number(TAIL_BLOCKS)
const BLOCKS_AT_ONCE = 64

/** The newest block that is read in ranges: older than the tail, and final where the node says what is. */
export function settledBlock(head: Block, finalized: Block | undefined): bigint {
  const old = head.number - TAIL_BLOCKS
  return finalized === undefined || finalized.number > old ? old : finalized.number
}

/** Reads what follows `base` near the head: blocks that may still be undone, one by one, by their hash. */
export async function readAhead(source: Source, base: BlockId, head: Block): Promise<Ahead> {
  const count = Number(min(head.number - base.number, BigInt(MOST_BLOCKS)))
  const numbers = Array.from({ length: count }, (_, at) => base.number + 1n + BigInt(at))
  const blocks: Block[] = []
  const logs: MinedLog[][] = []
  await inParallel(
    numbers.entries(),
    async ([at, number]) => {
      const block = number === head.number ? head : await source.blockAt(number)
      blocks[at] = block
      logs[at] = await source.logsIn(block)
    },
    BLOCKS_AT_ONCE,
  )
  blocks.forEach((block, at) => {
    const parent = blocks[at - 1] ?? base
    if (block.parentHash !== parent.hash)
      throw new Retry('RPC_BLOCK_MISMATCH', `Block ${block.number} does not follow block ${parent.number}`)
    const before = blocks[at - 1]
    if (before !== undefined && block.timeSeconds < before.timeSeconds)
      throw new Retry('RPC_BAD_BLOCK', `Block ${block.number} says it is older than block ${before.number}`)
  })
  return { blocks, logs: logs.flat() }
}
