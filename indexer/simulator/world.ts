import { setTimeout as sleep } from 'node:timers/promises'
import { createChain, FINAL_BEHIND, type SimChain } from './chain.ts'
import { createDeeds, type Deeds } from './deeds.ts'
import { openSimMirror, type SimMirror, START_BLOCK } from './mirror.ts'
import { type SimNode, startNode } from './node.ts'
import type { Random } from './random.ts'
import { findUntruths } from './truth.ts'

/** A chain, a node that serves it, an indexer under test, and a second mirror that is filled anew for every comparison. */
export interface World {
  random: Random
  chain: SimChain
  deeds: Deeds
  node: SimNode
  mirror: SimMirror
  fresh: SimMirror
  /** Adds blocks with whatever happens to be in them, on any view of the chain, and tells subscribers. */
  grow(blocks: number, chain?: SimChain): void
  /**
   * Makes the node honest and the head so much higher than ever that what is final now was older than the tail then. Which headers below
   * are kept goes by the highest head, and by what the node called final on the way: no question of right or wrong, and the same in
   * every mirror from here on.
   */
  ripen(): void
  /** @throws when transfers or holdings are not what they have to be at the mirrored block; older ones are only summed up */
  expectTruth(fromBlock?: number): Promise<void>
  /** @throws when any table differs from that of an index made anew by an honest node */
  expectFresh(): Promise<void>
  close(): Promise<void>
}

/** More than finality is behind the 256 headers that are kept. */
const RIPE_BLOCKS = FINAL_BEHIND - 256 + 6

export interface WorldOptions {
  /** How many blocks there are to begin with, with whatever happens to be in them. */
  blocks?: number
  /** And before them blocks of which every fiftieth holds a crowd of transfers: a first load like a real one, in little time. */
  old?: { blocks: number; transfers: number }
  finalBehind?: number
}

export async function openWorld(
  random: Random,
  { blocks = 0, old = { blocks: 0, transfers: 0 }, ...options }: WorldOptions = {},
): Promise<World> {
  const chain = createChain(random, options)
  const deeds = createDeeds(random)
  // The contract is deployed in its first block: nothing of it stands before.
  for (let at = 1; at < START_BLOCK; at++) chain.mine([])
  const crowd = Math.ceil((50 * old.transfers) / old.blocks)
  for (let at = 0; at < old.blocks; at++) chain.mine(at % 50 === 7 ? [deeds.crowd(crowd)] : [])
  for (let at = 0; at < blocks; at++) chain.mine(deeds.block(chain))
  const [node, honest, mirror, fresh] = [await startNode(chain), await startNode(chain), await openSimMirror(), await openSimMirror()]
  const world: World = {
    random,
    chain,
    deeds,
    node,
    mirror,
    fresh,
    grow(count, grown = chain) {
      for (let at = 0; at < count; at++) grown.mine(deeds.block(grown))
      node.announce()
    },
    ripen() {
      Object.assign(node, { finalized: 'honest', hasTimestamps: true, lag: 0, faults: [] })
      world.grow(chain.highest - chain.head.number + RIPE_BLOCKS)
    },
    async expectTruth(fromBlock = START_BLOCK) {
      const wrong = await findUntruths(mirror.database.admin, chain, fromBlock)
      if (wrong.length > 0) throw new Untrue(wrong)
    },
    async expectFresh() {
      await world.expectTruth()
      const at = await mirror.head()
      if (at?.hash !== chain.head.hash) throw new Untrue([`The mirror stands at ${at?.number}, not at the head, ${chain.head.number}`])
      await fresh.empty()
      await fresh.catchUp([honest.url])
      let differences = await mirror.differencesFrom(fresh)
      // The watermark may follow a moment after the head.
      for (let tries = 0; differences.length > 0 && tries < 40; tries++) {
        await sleep(50)
        differences = await mirror.differencesFrom(fresh)
      }
      if (differences.length > 0) throw new Untrue(differences)
    },
    async close() {
      await Promise.all([node.close(), honest.close(), mirror.close(), fresh.close()])
    },
  }
  return world
}

/** The mirror says something that is not so. */
export class Untrue extends Error {
  constructor(wrong: readonly string[]) {
    super(wrong.join('\n'))
    this.name = 'Untrue'
  }
}
