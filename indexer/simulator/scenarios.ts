import { cutEverywhere, restartDatabase } from './cuts.ts'
import { playFaults, playPairs } from './fault-scenario.ts'
import { listFaults } from './faults.ts'
import { findGrowth, soakHead } from './head-soak.ts'
import { inventAndFollow } from './inventions.ts'
import { killAgainAndAgain } from './kills.ts'
import { createRandom } from './random.ts'
import { playRounds } from './rounds.ts'
import { tearEverywhere } from './tears.ts'
import { openWorld, Untrue } from './world.ts'

export interface ScenarioOptions {
  seed: number
  rounds?: number
  fault?: string
}

/** What can be played; each throws when the mirror differs from what it has to be. */
export const SCENARIOS = {
  reorgs: ({ seed, rounds = 60 }: ScenarioOptions) =>
    playRounds(createRandom(seed), { seed, rounds, compareEvery: Math.max(20, Math.floor(rounds / 5)) }),
  /** As a whole, and in ranges of ten blocks. */
  backfill: async ({ seed }: ScenarioOptions) => {
    const world = await openWorld(createRandom(seed), { blocks: 700 })
    const limit = listFaults().find(({ name }) => name === 'allows a range of 10 blocks')!
    try {
      for (const faults of [[], [limit]]) {
        world.node.faults = faults
        await world.mirror.empty()
        await world.mirror.catchUp([world.node.url])
        await world.expectTruth()
      }
      return { blocks: world.chain.head.number }
    } finally {
      await world.close()
    }
  },
  faults: ({ seed, fault = '' }: ScenarioOptions) => playFaults(seed, fault),
  inventions: ({ seed }: ScenarioOptions) => inventAndFollow(createRandom(seed)),
  /** Of long runs the slow ones, too. */
  pairs: ({ seed, rounds = 24 }: ScenarioOptions) => playPairs(seed, rounds, { withSlow: rounds >= 100 }),
  cuts: ({ seed, rounds = 1 }: ScenarioOptions) => cutEverywhere(createRandom(seed), { every: rounds }),
  tears: ({ seed }: ScenarioOptions) => tearEverywhere(createRandom(seed)),
  restarts: ({ seed, rounds = 10 }: ScenarioOptions) => restartDatabase(createRandom(seed), rounds),
  /** So many seconds at the head, at four times the pace. */
  head: async ({ seed, rounds = 150 }: ScenarioOptions) => {
    const result = await soakHead(createRandom(seed), { seconds: rounds, blocksPerSecond: 40 })
    const grown = findGrowth(result)
    if (grown.length > 0) throw new Untrue(grown)
    return result
  },
  kills: ({ seed, rounds = 12 }: ScenarioOptions) => killAgainAndAgain(createRandom(seed), rounds),
}

export type ScenarioName = keyof typeof SCENARIOS

export function playScenario(name: ScenarioName, options: ScenarioOptions): Promise<unknown> {
  return SCENARIOS[name](options)
}
