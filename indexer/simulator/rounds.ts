import type { Life } from './mirror.ts'
import type { Random } from './random.ts'
import { REORGS, type Reorg } from './reorgs.ts'
import { openWorld, type World } from './world.ts'

export interface RoundOptions {
  seed: number
  rounds: number
  /** Every table is compared with an index made anew after so many rounds, and at the end. */
  compareEvery: number
  /** Deepest reorganisation. */
  depth?: number
  onRound?: (done: number, what: string) => void
  signal?: AbortSignal
}

export interface RoundResult {
  rounds: number
  /** Reorganisations made; a cascade counts as several. */
  reorgs: number
  deepest: number
  blocksUndone: number
  comparisons: number
}

/** Blocks before the first round: enough for one of the deepest kind. */
const FIRST_BLOCKS = 340
/** Rounds with one and the same indexer before it is started anew. */
const ROUNDS_OF_ONE_LIFE = 20

/**
 * Reorganises a chain again and again below an indexer and compares what it mirrors after every round.
 * @throws when a round ends otherwise than it has to; the message says how to repeat it
 */
export async function playRounds(random: Random, options: RoundOptions): Promise<RoundResult> {
  const { seed, rounds, compareEvery, depth = 256, onRound, signal } = options
  const world = await openWorld(random, { blocks: FIRST_BLOCKS })
  const result: RoundResult = { rounds: 0, reorgs: 0, deepest: 0, blocksUndone: 0, comparisons: 0 }
  let life: Life | undefined
  let what = 'the first blocks'
  const settle = () => (life === undefined ? world.mirror.catchUp([world.node.url]) : life.reaches(world.chain))
  const endLife = async () => {
    await life?.stop()
    life = undefined
  }
  try {
    await settle()
    await world.expectFresh()
    while (result.rounds < rounds && !signal?.aborted) {
      if (result.rounds % ROUNDS_OF_ONE_LIFE === 0) {
        await endLife()
        // Three lives of four go on from round to round; in the fourth each round starts the indexer anew.
        if ((result.rounds / ROUNDS_OF_ONE_LIFE) % 4 !== 3) life = world.mirror.follow([world.node.url])
      }
      const reorg: Reorg = { world, settle, most: depth, undo: (blocks) => undo(world, result, blocks) }
      disturb(world, random)
      const kind = random.pickWeighted(REORGS)
      what = kind.name
      const fork = world.chain.head.number
      const lowest = await kind.play(reorg)
      what = `${kind.name} from ${fork} down to ${lowest}, head ${world.chain.head.number}`
      await settle()
      await world.expectTruth(lowest)
      result.rounds++
      if (result.rounds % compareEvery === 0 || result.rounds === rounds) {
        world.ripen()
        await settle()
        await world.expectFresh()
        result.comparisons++
      }
      onRound?.(result.rounds, what)
    }
    return result
  } catch (cause) {
    throw new Error(`SEED=${seed}, round ${result.rounds + 1} (${what}): ${(cause as Error).message}`, { cause })
  } finally {
    await endLife().catch(() => {})
    await world.close()
  }
}

/** Undoes blocks of the chain and keeps count; answers the oldest one undone. */
function undo({ chain }: World, result: RoundResult, blocks: number): number {
  chain.reorg(blocks)
  result.reorgs++
  result.blocksUndone += blocks
  result.deepest = Math.max(result.deepest, blocks)
  return chain.head.number + 1
}

/** What a node may do besides, and what must make no difference. */
function disturb({ node, chain }: World, random: Random): void {
  node.finalized = random.chance(0.8) ? 'honest' : random.pick(['error', 'null', Math.max(0, chain.finalized - random.int(400))])
  node.hasTimestamps = random.chance(0.7)
  if (random.chance(0.02)) node.hangUp()
}
