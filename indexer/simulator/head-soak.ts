import { setTimeout as sleep } from 'node:timers/promises'
import { launchIndexer, memoryOf } from './process.ts'
import type { Random } from './random.ts'
import { openWorld } from './world.ts'

export interface HeadSoakOptions {
  seconds: number
  blocksPerSecond?: number
  onSample?: (sample: MemorySample) => void
  signal?: AbortSignal
}

export interface MemorySample {
  second: number
  bytes: number
}

export interface HeadSoakResult {
  blocks: number
  reorgs: number
  seconds: number
  /** Median memory in the second quarter of the time and in the last one. */
  bytesEarly: number
  bytesLate: number
}

/**
 * Lets the real process follow a chain of so many blocks a second for long, with a reorganisation now and then, and watches its memory.
 * Transfers and holdings are compared once a minute, every table in the end.
 * @throws when something differs, or when the process ends
 */
export async function soakHead(
  random: Random,
  { seconds, blocksPerSecond = 10, onSample, signal }: HeadSoakOptions,
): Promise<HeadSoakResult> {
  const world = await openWorld(random, { blocks: 340 })
  const { chain, grow, mirror } = world
  const indexer = launchIndexer(world)
  const samples: MemorySample[] = []
  let reorgs = 0
  let blocks = 0
  const startedAt = Date.now()
  const passed = () => (Date.now() - startedAt) / 1000
  try {
    while (passed() < seconds && !signal?.aborted) {
      if (indexer.exitCode !== null || indexer.signalCode !== null) throw new Error(`The indexer ended with code ${indexer.exitCode}`)
      if (random.chance(0.02) && chain.undoable > 1) {
        chain.reorg(random.depth(Math.min(256, chain.undoable)))
        reorgs++
      }
      grow(1)
      blocks++
      await sleep(Math.max(0, (blocks / blocksPerSecond - passed()) * 1000))
      const every = Math.max(1, Math.min(60, seconds / 40))
      if (passed() < samples.length * every) continue
      const sample = { second: Math.round(passed()), bytes: await memoryOf(indexer) }
      samples.push(sample)
      onSample?.(sample)
      if (samples.length % Math.ceil(60 / every) === 0) await world.expectTruth()
    }
    world.ripen()
    for (let tries = 0; (await mirror.head())?.hash !== chain.head.hash && tries < 600; tries++) await sleep(50)
    await world.expectFresh()
    const quarter = Math.floor(samples.length / 4)
    const bytesEarly = medianOf(samples.slice(quarter, 2 * quarter))
    return { blocks, reorgs, seconds: Math.round(passed()), bytesEarly, bytesLate: medianOf(samples.slice(-Math.max(1, quarter))) }
  } finally {
    indexer.kill('SIGKILL')
    await world.close()
  }
}

function medianOf(samples: readonly MemorySample[]): number {
  return samples.map(({ bytes }) => bytes).toSorted((a, b) => a - b)[samples.length >> 1] ?? 0
}
