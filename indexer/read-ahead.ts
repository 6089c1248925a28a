import { TAIL_BLOCKS } from './checkpoint.ts'
import { Retry } from './errors.ts'
import type { Base } from './reorg.ts'
import type { Block, MinedLog, Source } from './source.ts'
import { isRangeTooLarge, min, type Span } from './span.ts'

/** What to write next: blocks in order, the last one being the new checkpoint, and their logs. */
export interface Ahead {
  blocks: Block[]
  logs: MinedLog[]
}

/** Blocks read one by one in one step near the head. */
const BLOCKS_AT_ONCE = 16
/** More logs than this in one range and the next range is smaller: bounds memory. */
const LOGS_AT_ONCE = 20_000

/** Reads what follows `base`: old blocks as a range, blocks that may still be undone one by one, by their hash. */
export async function readAhead(source: Source, base: Base, head: Block, finalized: Block | undefined, span: Span): Promise<Ahead> {
  const old = head.number - TAIL_BLOCKS
  const settled = finalized === undefined || finalized.number > old ? old : finalized.number
  return base.number < settled ? readRange(source, base, settled, span) : readBlocks(source, base, head)
}

async function readRange(source: Source, base: Base, settled: bigint, span: Span): Promise<Ahead> {
  const from = base.number + 1n
  const to = min(base.number + span.blocks, settled)
  try {
    const [end, logs] = await Promise.all([source.blockAt(to), source.logsBetween(from, to)])
    const numbers = [...new Set(logs.map((log) => log.blockNumber))].filter((number) => number !== to)
    const blocks = [...(await inParts(numbers, (number) => source.blockAt(number))), end]
    const hashes = new Map(blocks.map((block) => [block.number, block.hash]))
    for (const log of logs)
      if (hashes.get(log.blockNumber) !== log.blockHash)
        throw new Retry('RPC_BLOCK_MISMATCH', `A log of block ${log.blockNumber} names another hash than the block itself`)
    if (logs.length > LOGS_AT_ONCE) span.shrink()
    else span.grow()
    return { blocks, logs }
  } catch (error) {
    if (!isRangeTooLarge(error)) throw error
    span.shrink()
    throw new Retry('RPC_RANGE_TOO_LARGE', `The node did not answer for blocks ${from} to ${to}`, { cause: error })
  }
}

async function readBlocks(source: Source, base: Base, head: Block): Promise<Ahead> {
  const count = Number(min(head.number - base.number, BigInt(BLOCKS_AT_ONCE)))
  const numbers = Array.from({ length: count }, (_, at) => base.number + 1n + BigInt(at))
  const blocks = await inParts(numbers, (number) => (number === head.number ? Promise.resolve(head) : source.blockAt(number)))
  blocks.forEach((block, at) => {
    const parent = blocks[at - 1] ?? base
    if (block.parentHash !== parent.hash)
      throw new Retry('RPC_BLOCK_MISMATCH', `Block ${block.number} does not follow block ${parent.number}`)
  })
  return { blocks, logs: (await inParts(blocks, (block) => source.logsIn(block))).flat() }
}

async function inParts<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let at = 0; at < items.length; at += BLOCKS_AT_ONCE)
    results.push(...(await Promise.all(items.slice(at, at + BLOCKS_AT_ONCE).map(work))))
  return results
}
