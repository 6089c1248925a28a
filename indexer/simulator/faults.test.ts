import { after, describe, it } from 'node:test'
import { type NamedFault, nowAndThen } from './fault-kinds.ts'
import { BACKFILL_BLOCKS, failAtHead, failInBackfill } from './fault-runs.ts'
import { listFaults } from './faults.ts'
import { createRandom, seedOf } from './random.ts'
import { openWorld, type World } from './world.ts'

const PAIRS = 24
const LANES = 6

describe('whatever is wrong with a node, nothing wrong is written, and all is right once it is mended:', () => {
  const seed = seedOf('faults of a node')
  const worlds = { head: openLanes(seed, { blocks: 60, finalBehind: 25 }), backfill: openLanes(seed, { blocks: BACKFILL_BLOCKS }) }
  after(async () => {
    for (const lanes of Object.values(worlds)) await lanes.close()
  })

  describe('at the head, when it', { concurrency: LANES }, () => {
    for (const { name } of listFaults()) it(name, () => worlds.head.use((world) => failAtHead(world, [faultOf(name)])))
  })

  describe('while an empty mirror fills, when it', { concurrency: LANES }, () => {
    for (const { name, isUnseenInRanges } of listFaults())
      if (!isUnseenInRanges) it(name, () => worlds.backfill.use((world) => failInBackfill(world, [faultOf(name)])))
  })

  describe('when now and then it', { concurrency: LANES }, () => {
    const random = createRandom(seed)
    for (let at = 0; at < PAIRS; at++) {
      const isAtHead = random.chance(0.6)
      const possible = listFaults().filter((fault) => !fault.isFinalityLie && (isAtHead || !fault.isUnseenInRanges))
      const pair = [random.pick(possible), random.pick(possible)].map((fault) => nowAndThen(fault, () => random.chance(0.5)))
      it(`${pair[0]!.name} and ${pair[1]!.name}, ${isAtHead ? 'at the head' : 'while an empty mirror fills'}`, () =>
        isAtHead ? worlds.head.use((world) => failAtHead(world, pair)) : worlds.backfill.use((world) => failInBackfill(world, pair)))
    }
  })

  it('and every mirror that went through this is what a fresh index finds', async () => {
    const compare = async (world: World) => {
      world.ripen()
      // A mirror that began while the node knew of no final block has headers from 256 below the head only, not from the final block on.
      world.grow(80)
      await world.mirror.catchUp([world.node.url])
      await world.expectFresh()
    }
    await Promise.all([...worlds.head.idle, ...worlds.backfill.idle].map(compare))
  })
})

/** Worlds for tests side by side; one in which a test failed is not used again. */
function openLanes(seed: number, options: { blocks: number; finalBehind?: number }) {
  const idle: World[] = []
  const all: World[] = []
  return {
    idle,
    async use(work: (world: World) => Promise<unknown>) {
      let world = idle.pop()
      if (world === undefined) {
        world = await openWorld(createRandom(seed + all.length), options)
        all.push(world)
      }
      await work(world)
      idle.push(world)
    },
    async close() {
      for (const world of all) await world.close()
    },
  }
}

function faultOf(name: string): NamedFault {
  return listFaults().find((fault) => fault.name === name)!
}
