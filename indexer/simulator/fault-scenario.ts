import { BACKFILL_BLOCKS, failAtHead, failInBackfill } from './fault-runs.ts'
import { listFaults } from './faults.ts'
import { createRandom } from './random.ts'
import { openWorld } from './world.ts'

/**
 * Plays every fault whose name contains some words, one after the other: while an empty mirror fills, and at the head.
 * @throws with the list of what went wrong
 */
export async function playFaults(seed: number, words: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  let hasFailed = false
  for (const fault of listFaults().filter(({ name }) => name.includes(words))) {
    for (const phase of ['backfill', 'head'] as const) {
      if (phase === 'backfill' && fault.isUnseenInRanges) continue
      const world = await openWorld(createRandom(seed), phase === 'head' ? { blocks: 60, finalBehind: 25 } : { blocks: BACKFILL_BLOCKS })
      const line = `${fault.name} (${phase})`
      try {
        found[line] = (await (phase === 'head' ? failAtHead : failInBackfill)(world, [fault])).join(' ')
      } catch (error) {
        hasFailed = true
        found[line] = `RED ${(error as Error).message.slice(0, 400)}`
      } finally {
        await world.close()
      }
    }
  }
  if (hasFailed) throw new Error(JSON.stringify(found, null, 1))
  return found
}
