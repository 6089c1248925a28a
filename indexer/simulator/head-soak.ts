import { setTimeout as sleep } from 'node:timers/promises'
import { launchIndexer, liveMemoryOf, memoryOf } from './process.ts'
import type { Random } from './random.ts'
import { openWorld, type World } from './world.ts'

export interface HeadSoakOptions {
  seconds: number
  blocksPerSecond?: number
  onSample?: (sample: HeadSample) => void
  signal?: AbortSignal
}

export interface HeadSample {
  second: number
  /** Resident memory: what a heap takes before it collects is in it. */
  bytes: number
  /** What is in use after a full collection. */
  liveBytes: number
  /** From a new block to its row in the mirror. */
  latencyMs: number
}

export interface HeadSoakResult {
  blocks: number
  reorgs: number
  seconds: number
  /** Medians of the second quarter of the time and of the last one, the warm-up left out. */
  early: Omit<HeadSample, 'second'>
  late: Omit<HeadSample, 'second'>
}

const CATCHES_UP_WITHIN_MS = 60_000
/** Until then code is still compiled and caches fill: in use after a collection, and no leak. */
export const WARM_UP_SECONDS = 60
/** What compiled code and caches may add later on; a leak of half a kilobyte a block is beyond it after 4,000 blocks. */
const LIVE_MAY_GROW = 2e6
/** Memory that a heap may take between two collections, and the allocator may keep. */
const RESIDENT_MAY_GROW = 100e6
/** Of a machine's own ups and downs; what grows with the chain grows beyond any. */
const LATENCY_MAY_GROW = { factor: 2, ms: 100 }

/** What grew between the beginning and the end of a soak and must not. */
export function findGrowth({ early, late }: Pick<HeadSoakResult, 'early' | 'late'>): string[] {
  const grown: string[] = []
  if (late.liveBytes > early.liveBytes + LIVE_MAY_GROW) grown.push(`memory in use grew from ${early.liveBytes} to ${late.liveBytes} bytes`)
  if (late.bytes > early.bytes + RESIDENT_MAY_GROW) grown.push(`resident memory grew from ${early.bytes} to ${late.bytes} bytes`)
  const limit = Math.max(early.latencyMs * LATENCY_MAY_GROW.factor, early.latencyMs + LATENCY_MAY_GROW.ms)
  if (late.latencyMs > limit) grown.push(`latency grew from ${early.latencyMs} to ${late.latencyMs} ms`)
  return grown
}

/** The second quarter of what follows the warm-up, and the last one. @throws when there are too few samples to tell */
export function comparedParts(samples: readonly HeadSample[]): Pick<HeadSoakResult, 'early' | 'late'> {
  const warm = samples.filter(({ second }) => second >= WARM_UP_SECONDS)
  const quarter = Math.floor(warm.length / 4)
  if (quarter < 2) throw new Error(`A soak takes longer than ${WARM_UP_SECONDS} seconds of warm-up and as long again`)
  const [early, late] = [warm.slice(quarter, 2 * quarter), warm.slice(-quarter)].map((part) => ({
    bytes: medianOf(part, 'bytes'),
    liveBytes: medianOf(part, 'liveBytes'),
    latencyMs: medianOf(part, 'latencyMs'),
  }))
  return { early: early!, late: late! }
}

/**
 * Lets the real process follow a chain of so many blocks a second for long, with a reorganisation now and then, and watches its memory and how soon it has a block.
 * Transfers and holdings are compared once a minute, every table in the end.
 * @throws when something differs, or when the process ends
 */
export async function soakHead(
  random: Random,
  { seconds, blocksPerSecond = 10, onSample, signal }: HeadSoakOptions,
): Promise<HeadSoakResult> {
  const world = await openWorld(random, { blocks: 340 })
  const { chain, grow } = world
  const indexer = launchIndexer(world, undefined, true)
  const samples: HeadSample[] = []
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
      const every = Math.max(1, Math.min(60, seconds / 60))
      if (passed() < samples.length * every) continue
      const latencyMs = await latencyOf(world)
      const liveBytes = await liveMemoryOf(indexer)
      const sample = { second: Math.round(passed()), bytes: await memoryOf(indexer), liveBytes, latencyMs }
      blocks++
      samples.push(sample)
      onSample?.(sample)
      if (samples.length % Math.ceil(60 / every) === 0) await world.expectTruth()
    }
    world.ripen()
    await mirrored(world)
    await world.expectFresh()
    return { blocks, reorgs, seconds: Math.round(passed()), ...comparedParts(samples) }
  } finally {
    indexer.kill('SIGKILL')
    await world.close()
  }
}

/** How long a new block takes into the mirror, once the mirror has all that was before it. */
async function latencyOf(world: World): Promise<number> {
  await mirrored(world)
  const from = performance.now()
  world.grow(1)
  await mirrored(world)
  return Math.round(performance.now() - from)
}

/** @throws when the mirror never comes to the head */
async function mirrored({ mirror, chain }: World): Promise<void> {
  const deadline = Date.now() + CATCHES_UP_WITHIN_MS
  while ((await mirror.head())?.hash !== chain.head.hash) {
    if (Date.now() > deadline) throw new Error(`The mirror stands at ${(await mirror.head())?.number}, not at ${chain.head.number}`)
    await sleep(2)
  }
}

function medianOf(samples: readonly HeadSample[], what: 'bytes' | 'liveBytes' | 'latencyMs'): number {
  return samples.map((sample) => sample[what]).toSorted((a, b) => a - b)[samples.length >> 1] ?? 0
}
