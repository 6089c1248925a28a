import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from './world.ts'

/** What a kind of reorganisation may use. */
export interface Reorg {
  world: World
  /** Waits until the mirror has followed. */
  settle(): Promise<void>
  most: number
  /** Undoes blocks; answers the number of the oldest one undone. */
  undo(blocks: number): number
}

interface Kind {
  name: string
  weight: number
  /** Answers the lowest block that may differ from before. */
  play(reorg: Reorg): Promise<number>
}

/** The ways in which a chain changes its mind. Each ends with a head that tells any node which branch it is on. */
export const REORGS: readonly Kind[] = [
  { name: 'a reorganisation', weight: 24, play: async (reorg) => replace(reorg, depthOf(reorg)) },
  { name: 'one to the deepest level', weight: 1, play: async (reorg) => replace(reorg, most(reorg)) },
  {
    name: 'one to a shorter branch',
    weight: 3,
    play: async (reorg) => {
      const depth = depthOf(reorg)
      const lowest = reorg.undo(depth)
      reorg.world.grow(1 + reorg.world.random.int(depth))
      return lowest
    },
  },
  {
    name: 'a swap at the same height',
    weight: 3,
    play: async (reorg) => {
      const depth = 1 + reorg.world.random.int(3)
      const lowest = reorg.undo(depth)
      reorg.world.grow(depth)
      return lowest
    },
  },
  { name: 'a cascade', weight: 3, play: (reorg) => cascade(reorg, reorg.settle) },
  { name: 'a cascade too fast to follow', weight: 2, play: (reorg) => cascade(reorg, () => sleep(reorg.world.random.int(4))) },
  {
    name: 'one and back to the first branch',
    weight: 2,
    play: async (reorg) => {
      const { chain, random, grow } = reorg.world
      const first = chain.head.hash
      const lowest = replace(reorg, Math.min(depthOf(reorg), Math.max(1, most(reorg) - 40)))
      if (random.chance(0.8)) await reorg.settle()
      chain.switchTo(first)
      grow(1 + random.int(3))
      return lowest
    },
  },
  {
    name: 'one in the middle of a step',
    weight: 4,
    play: async (reorg) => {
      const { node, random, grow, chain } = reorg.world
      let lowest = chain.head.number + 1
      let isDone = false
      const deed = () => {
        if (!isDone) lowest = Math.min(lowest, replace(reorg, depthOf(reorg)))
        isDone = true
      }
      grow(1 + random.int(12))
      node.before(1 + random.int(20), deed)
      await reorg.settle()
      deed()
      return lowest
    },
  },
  {
    name: 'a node that falls behind and comes back',
    weight: 1,
    play: async (reorg) => {
      const { node, random, grow, chain } = reorg.world
      const lowest = chain.head.number + 1
      node.lag = 1 + random.int(40)
      grow(1 + random.int(6))
      node.before(1 + random.int(12), () => {
        node.lag = 0
      })
      await sleep(random.int(60))
      node.lag = 0
      return lowest
    },
  },
  {
    name: 'no reorganisation',
    weight: 2,
    play: async ({ world: { chain, random, grow } }) => {
      const lowest = chain.head.number + 1
      grow(1 + random.int(10))
      return lowest
    },
  },
]

/** Replaces blocks by about as many others, at least by one more. */
function replace(reorg: Reorg, depth: number): number {
  const { grow, random } = reorg.world
  const lowest = reorg.undo(depth)
  grow(depth + 1 + random.int(3))
  return lowest
}

async function cascade(reorg: Reorg, between: () => Promise<unknown>): Promise<number> {
  let lowest = Number.POSITIVE_INFINITY
  for (let times = 2 + reorg.world.random.int(2); times > 0; times--) {
    lowest = Math.min(lowest, replace(reorg, depthOf(reorg)))
    if (times > 1) await between()
  }
  return lowest
}

function depthOf(reorg: Reorg): number {
  return reorg.world.random.depth(most(reorg))
}

/** The chain never undoes what it called final. */
function most({ world: { chain }, most }: Reorg): number {
  return Math.max(1, Math.min(most, chain.undoable))
}
