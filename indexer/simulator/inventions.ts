import { setTimeout as sleep } from 'node:timers/promises'
import { on } from './fault-kinds.ts'
import { withInventions } from './fault-tools.ts'
import { startNode } from './node.ts'
import type { Random } from './random.ts'
import type { RpcLog } from './wire.ts'
import { openWorld, Untrue } from './world.ts'

/** What a run of {@link inventAndFollow} saw. */
export interface Inventions {
  /** The first block with a log that never was, and where the final watermark stood while nodes disagreed about it. */
  invented: number
  heldAt: number
}

const HELD_FOR_MS = 1_500
const WITHIN_MS = 25_000

/**
 * Has the node in use invent logs that the headers' filters know, beside an honest one: nothing of it may become final, and all has to be
 * right once it stops. Then the other node falls behind, which must hold up nothing.
 * @throws when it is otherwise
 */
export async function inventAndFollow(random: Random): Promise<Inventions> {
  const world = await openWorld(random, { blocks: 60, finalBehind: 25 })
  const { chain, node, mirror, grow } = world
  const other = await startNode(chain)
  const life = mirror.follow([node.url, other.url])
  const finalOf = async () => (await mirror.head())?.final ?? -1
  const finalComesTo = async (block: number) => {
    for (const deadline = Date.now() + WITHIN_MS; (await finalOf()) < block; await sleep(10))
      if (Date.now() > deadline) throw new Untrue([`The final watermark stands at ${await finalOf()}, not at ${block}`])
  }
  try {
    await life.reaches(chain)
    await finalComesTo(chain.finalized)
    let invented = Number.POSITIVE_INFINITY
    const invents = on(/^eth_getLogs$/, 'invents a log that the header knows', (said, _view, { params }) => {
      const list = said.result as RpcLog[]
      const lies = withInventions(list)
      // What is asked for by its hash is mirrored.
      const isMirrored = 'blockHash' in (params[0] as object) && lies.length > list.length
      if (isMirrored) invented = Math.min(invented, Number(list[0]!.blockNumber))
      return { ...said, result: lies }
    })
    node.faults = [invents]
    for (let tries = 0; tries < 200 && !(invented <= chain.finalized); tries++) {
      grow(1)
      await life.reaches(chain)
    }
    await sleep(HELD_FOR_MS)
    const heldAt = await finalOf()
    if (heldAt >= invented) throw new Untrue([`Block ${invented}, of which only one node has all logs, became final: ${heldAt}`])
    node.faults = []
    grow(1)
    await finalComesTo(chain.finalized)
    await life.reaches(chain)
    await world.expectTruth()
    other.lag = 40
    grow(30)
    await finalComesTo(chain.finalized)
    await world.expectTruth()
    return { invented, heldAt }
  } finally {
    await life.stop().catch(() => {})
    await other.close()
    await world.close()
  }
}
