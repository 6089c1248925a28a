import { setTimeout as sleep } from 'node:timers/promises'
import { Stop } from '../errors.ts'
import type { NamedFault } from './fault-kinds.ts'
import type { Life } from './mirror.ts'
import { Untrue, type World } from './world.ts'

/** Blocks of the chain for {@link failInBackfill}: some older than the 256 that are read one by one. */
export const BACKFILL_BLOCKS = 256 + 90
/** A start asks for chain, code and interfaces first; some request after them the fault begins, before the first range is asked for. */
const FIRST_CALLS = 5
const MORE_CALLS = 4
const RECOVERS_WITHIN_MS = 90_000

/**
 * Breaks the node of a mirror at the head while its chain goes on, checks that nothing wrong is written, mends it, and waits until the
 * mirror has followed. Answers the codes that the indexer complained with.
 */
export async function failAtHead(world: World, faults: readonly NamedFault[]): Promise<string[]> {
  const { node, chain, mirror, random, grow } = world
  let life = mirror.follow([node.url])
  // Only a block written shows that it leads by now, not the one before it.
  grow(1)
  await life.reaches(chain)
  const final = await finalOf(world)
  node.faults = faults
  const isHarmless = faults.every((fault) => fault.isHarmless)
  const isFinalityLie = faults.some((fault) => fault.isFinalityLie)
  const codes = life.codes
  const expectNothingWrong = async () => {
    await world.expectTruth()
    const now = await finalOf(world)
    if (now < final) throw new Untrue([`The final watermark went back from ${final} to ${now}`])
  }
  try {
    for (let times = 0; times < 3; times++) {
      if (!isFinalityLie && random.chance(0.4)) chain.reorg(random.depth(Math.min(5, chain.undoable)))
      grow(1 + random.int(4))
      await sleep(50)
      await expectNothingWrong()
    }
    await complain(world, life, faults)
    if (isHarmless) await life.reaches(chain)
    await expectNothingWrong()
    node.faults = []
    // A node that called too much final is believed: from here on the chain keeps to it.
    grow(Math.max(0, (await finalOf(world)) - chain.finalized))
    grow(1)
    life = await recovers(
      life,
      faults,
      () => mirror.follow([node.url]),
      (next) => next.reaches(chain, RECOVERS_WITHIN_MS),
    )
    await expectNothingWrong()
    return [...new Set(codes)]
  } finally {
    node.faults = []
    await life.stop().catch(() => {})
  }
}

/** Breaks the node of an indexer that fills an empty mirror, checks that nothing wrong is written, mends it, and waits for old blocks. */
export async function failInBackfill(world: World, faults: readonly NamedFault[]): Promise<string[]> {
  const { node, chain, mirror, random } = world
  await mirror.empty()
  let hasBegun = false
  node.before(FIRST_CALLS + random.int(MORE_CALLS), () => {
    node.faults = faults
    hasBegun = true
  })
  let life = mirror.follow([node.url])
  const codes = life.codes
  const settled = chain.head.number - 256 + 8
  try {
    while (!hasBegun) await sleep(5)
    for (let times = 0; times < 3; times++) {
      await sleep(60)
      await world.expectTruth()
    }
    if (faults.every((fault) => fault.isHarmless)) await life.passes(settled)
    node.faults = []
    life = await recovers(
      life,
      faults,
      () => mirror.follow([node.url]),
      (next) => next.passes(settled, RECOVERS_WITHIN_MS),
    )
    await world.expectTruth()
    return [...new Set(codes)]
  } finally {
    node.faults = []
    await life.stop().catch(() => {})
  }
}

/** Lets the chain go on until the indexer says what has to be said of these faults. */
async function complain(world: World, { codes }: Life, faults: readonly NamedFault[]): Promise<void> {
  const [only] = faults
  if (faults.length !== 1 || only?.complaint === undefined) return
  for (let tries = 0; !codes.some((code) => code.startsWith(only.complaint!)); tries++) {
    // What it believed instead says more than that it was silent.
    if (tries === 100) await world.expectTruth()
    if (tries === 100) throw new Error(`The indexer never said ${only.complaint}, only ${codes.slice(-5).join(' ')}`)
    if (tries % 5 === 0) world.grow(5)
    await sleep(50)
  }
}

/** Waits for a mended indexer; one that ended with a code it may end with is started anew, as its operator would. */
async function recovers(life: Life, faults: readonly NamedFault[], start: () => Life, wait: (life: Life) => Promise<void>): Promise<Life> {
  try {
    await wait(life)
    return life
  } catch (error) {
    if (!(error instanceof Stop) || !faults.some(({ mayStop }) => mayStop?.includes(error.code))) throw error
    life.codes.push(`stopped by ${error.code}`)
    const next = start()
    await wait(next)
    return next
  }
}

async function finalOf({ mirror }: World): Promise<number> {
  return (await mirror.head())?.final ?? -1
}
