import { setTimeout as sleep } from 'node:timers/promises'
import { type BlockId, Retry } from './errors.ts'
import type { MinedLog, Source } from './source.ts'
import { isRangeTooLarge } from './span.ts'

/** A node's word on what another one said; undefined when it says nothing, because it is behind, fails or is slow. */
export interface Witness {
  /** Whether it has the same block. */
  hasBlock(block: BlockId): Promise<boolean | undefined>
  /** The mirrored contracts' logs from a block up to one that it has. */
  logsUpTo(from: bigint, to: BlockId): Promise<MinedLog[] | undefined>
}

/** Of a header a step waits for the answer; logs are read beside it. */
const PATIENCE_MS = { header: 1_000, logs: 5_000 }
/** Who was silent once isn't waited for again for so long: the mirror must not become slow with its slowest node. */
const SILENCE_MS = 30_000

/** @param now Milliseconds of any clock that doesn't jump */
export function createWitness(source: Pick<Source, 'blockAt' | 'logsBetween'>, now: () => number = () => performance.now()): Witness {
  let silentUntil = -Infinity
  async function hear<T>(ask: () => Promise<T>, patienceMs: number): Promise<T | undefined> {
    if (now() < silentUntil) return undefined
    const asked = ask().catch((error) =>
      // It is behind, and has said so at once.
      error instanceof Retry && error.code === 'RPC_BLOCK_MISSING' ? ('behind' as const) : undefined,
    )
    const answer = await Promise.race([asked, sleep(patienceMs, undefined, { ref: false })])
    if (answer === undefined) silentUntil = now() + SILENCE_MS
    return answer === 'behind' ? undefined : answer
  }
  const hasBlock = async (block: BlockId) => (await source.blockAt(block.number)).hash === block.hash
  return {
    hasBlock: (block) => hear(() => hasBlock(block), PATIENCE_MS.header),
    logsUpTo: (from, to) =>
      hear(async () => {
        // A node that is behind finds nothing in the blocks that it lacks.
        if (!(await hasBlock(to))) throw new Retry('RPC_BLOCK_MISSING', `The node has another block ${to.number}`)
        return logsBetween(source, from, to.number)
      }, PATIENCE_MS.logs),
  }
}

/** In halves where the node refuses the whole. */
async function logsBetween(source: Pick<Source, 'logsBetween'>, from: bigint, to: bigint): Promise<MinedLog[]> {
  try {
    return await source.logsBetween(from, to)
  } catch (error) {
    if (from === to || !isRangeTooLarge(error)) throw error
    const middle = (from + to) / 2n
    return [...(await logsBetween(source, from, middle)), ...(await logsBetween(source, middle + 1n, to))]
  }
}
