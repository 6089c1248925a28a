import { setTimeout as sleep } from 'node:timers/promises'
import { type BlockId, Retry } from './errors.ts'
import type { Source } from './source.ts'

/** Another node's word on a block: whether it has the same one; undefined when it doesn't say. */
export type Witness = (block: BlockId) => Promise<boolean | undefined>

const PATIENCE_MS = 1_000
/** Who was silent once isn't waited for again for so long: the mirror must not become slow with its slowest node. */
const SILENCE_MS = 30_000

/** @param now Milliseconds of any clock that doesn't jump */
export function createWitness(source: Pick<Source, 'blockAt'>, now: () => number = () => performance.now()): Witness {
  let silentUntil = -Infinity
  return async (block) => {
    if (now() < silentUntil) return undefined
    const asked = source.blockAt(block.number).then(
      ({ hash }) => hash === block.hash,
      // It is behind, and has said so at once.
      (error) => (error instanceof Retry && error.code === 'RPC_BLOCK_MISSING' ? ('behind' as const) : undefined),
    )
    const answer = await Promise.race([asked, sleep(PATIENCE_MS, undefined, { ref: false })])
    if (answer === undefined) silentUntil = now() + SILENCE_MS
    return answer === 'behind' ? undefined : answer
  }
}
