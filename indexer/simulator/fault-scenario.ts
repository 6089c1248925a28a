import type { Hex } from 'viem'
import { type NamedFault, nowAndThen } from './fault-kinds.ts'
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

/** What {@link playPairs} played, and where its chains ended: the same for the same seed. */
export interface PairsPlayed {
  pairs: string[]
  heads: Hex[]
}

/**
 * Plays random pairs of faults, each striking every other time, one pair after the other on two chains that go on, and compares both
 * mirrors with fresh ones in the end. What happens on the chains, and which faults strike, hangs on the seed alone; which of the
 * requests they strike hangs on when these come.
 * @throws with the pair that went wrong
 */
export async function playPairs(seed: number, count: number, { withSlow = false } = {}): Promise<PairsPlayed> {
  const random = createRandom(seed)
  const [atHead, inBackfill] = [
    await openWorld(createRandom(seed + 1), { blocks: 60, finalBehind: 25 }),
    await openWorld(createRandom(seed + 2), { blocks: BACKFILL_BLOCKS }),
  ]
  const pairs: string[] = []
  try {
    for (let at = 0; at < count; at++) {
      const isAtHead = random.chance(0.6)
      const isPossible = ({ isFinalityLie, isUnseenInRanges, isSlow }: NamedFault) =>
        !isFinalityLie && (isAtHead || !isUnseenInRanges) && (withSlow || !isSlow)
      const possible = listFaults().filter(isPossible)
      const strikes = createRandom(random.int(2 ** 31))
      const pair = [random.pick(possible), random.pick(possible)].map((fault) => nowAndThen(fault, () => strikes.chance(0.5)))
      const what = `${pair.map(({ name }) => name).join(' and ')} (${isAtHead ? 'head' : 'backfill'})`
      pairs.push(what)
      await (isAtHead ? failAtHead(atHead, pair) : failInBackfill(inBackfill, pair)).catch((cause) => {
        throw new Error(`Pair ${at + 1}, ${what}: ${(cause as Error).message}`, { cause })
      })
    }
    for (const world of [atHead, inBackfill]) {
      world.ripen()
      // A mirror that began while the node knew of no final block has headers from 256 below the head only, not from the final block on.
      world.grow(80)
      await world.mirror.catchUp([world.node.url])
      await world.expectFresh()
    }
    return { pairs, heads: [atHead, inBackfill].map(({ chain }) => chain.head.hash) }
  } finally {
    await atHead.close()
    await inBackfill.close()
  }
}
