import { nowAndThen } from './fault-kinds.ts'
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

/**
 * Plays random pairs of faults, each striking every other time, one pair after the other on two chains that go on, and compares both
 * mirrors with fresh ones in the end.
 * @throws with the pair that went wrong
 */
export async function playPairs(seed: number, pairs: number): Promise<{ pairs: number }> {
  const random = createRandom(seed)
  const atHead = await openWorld(random, { blocks: 60, finalBehind: 25 })
  const inBackfill = await openWorld(random, { blocks: BACKFILL_BLOCKS })
  try {
    for (let at = 0; at < pairs; at++) {
      const isAtHead = random.chance(0.6)
      const possible = listFaults().filter((fault) => !fault.isFinalityLie && (isAtHead || !fault.isUnseenInRanges))
      const pair = [random.pick(possible), random.pick(possible)].map((fault) => nowAndThen(fault, () => random.chance(0.5)))
      await (isAtHead ? failAtHead(atHead, pair) : failInBackfill(inBackfill, pair)).catch((cause) => {
        const names = pair.map(({ name }) => name).join(' and ')
        throw new Error(`Pair ${at + 1}, ${names} (${isAtHead ? 'head' : 'backfill'}): ${(cause as Error).message}`, { cause })
      })
    }
    for (const world of [atHead, inBackfill]) {
      world.ripen()
      await world.mirror.catchUp([world.node.url])
      await world.expectFresh()
    }
    return { pairs }
  } finally {
    await atHead.close()
    await inBackfill.close()
  }
}
