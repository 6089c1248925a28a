import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPool, type Pool } from '../../common/node/db.ts'
import { percentile } from '../percentile.ts'
import type { Contestant } from './contestants.ts'
import type { Chain, Stage } from './stage.ts'
import { controlNode } from './start-node.ts'
import { startProgram } from './start-program.ts'

/** Milliseconds from the moment a block can be asked for to the moment its rows are seen. */
export interface HeadFigures {
  blocks: number
  everyMs: number
  p50Ms: number
  p99Ms: number
  worstMs: number
  /** Blocks whose rows never came, or came in part. */
  missing: number
}

const EVERY_MS = 100
const POLL_MS = 2
const CATCH_UP_MS = 300_000
const SETTLE_MS = 2_000
const GRACE_MS = 10_000

/** Lets the chain grow by ten blocks a second while our indexer follows it, and watches the table. */
export async function measureHead(ours: Contestant, stage: Stage, { facts, node }: Chain, blocks: number): Promise<HeadFigures> {
  const folder = await ours.install(stage.cleanup)
  const database = await ours.createDatabase(stage.server)
  const drop = stage.cleanup.add(() => database.drop())
  const db = openPool(database.adminUrl, { max: 1, name: 'terra-bench' })
  await controlNode(node, { reset: true })
  const { args, ...command } = await ours.command({ folder, rpcUrl: node.url, databaseUrl: database.url })
  // Two providers, as one is advised to have: then what becomes final is held against the other's logs beside.
  const env = { ...command.env, RPC_URL: `${node.url},${node.url}`, WS_URL: node.url.replace('http', 'ws') }
  const following = { ...command, env, args: args.filter((argument) => argument !== '--until-head') }
  const program = startProgram(following, join(stage.folder, 'logs', 'head.log'), stage.cleanup)
  const seenAt = new Map<number, number>()
  let newest = facts.head
  /** Polls until a block's rows are there; false when they don't come in time. */
  async function waitFor(block: number, withinMs: number): Promise<boolean> {
    for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(POLL_MS)) {
      const { rows } = await db.query<{ head: string | null }>('select max(block_number) as head from chain.transfer')
      const now = Date.now()
      while (newest < Number(rows[0]!.head)) seenAt.set(++newest, now)
      if (Number(rows[0]!.head) >= block) return true
      if (newest > facts.head) stage.progress.advance(newest - facts.head, blocks, 'Following the head: blocks')
    }
    return false
  }
  try {
    if (!(await Promise.race([waitFor(facts.lastTransfer[0], CATCH_UP_MS), program.ended.then(() => false)])))
      throw new Error(`our indexer did not reach the head: ${program.lastWords()}`)
    // What happens once, at the change from far behind to following, is not what is measured.
    await sleep(SETTLE_MS)
    await controlNode(node, { live: { everyMs: EVERY_MS, blocks } })
    await waitFor(facts.head + blocks, EVERY_MS * blocks)
    const { arrivals } = await controlNode(node)
    const moving = arrivals.filter(({ transfers }) => transfers > 0)
    await waitFor(moving.at(-1)!.number, GRACE_MS)
    const counts = await countTransfers(db, facts.head)
    const latencies = moving.flatMap(({ number, at }) => (seenAt.has(number) ? [seenAt.get(number)! - at] : []))
    return {
      blocks: moving.length,
      everyMs: EVERY_MS,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      worstMs: percentile(latencies, 1),
      missing: moving.filter(({ number, transfers }) => counts.get(number) !== transfers).length,
    }
  } finally {
    await program.stop()
    await db.end()
    await drop()
    await controlNode(node, { reset: true })
    stage.progress.stop()
  }
}

async function countTransfers(db: Pool, after: number): Promise<Map<number, number>> {
  const { rows } = await db.query<{ number: string; count: string }>(
    'select block_number as number, count(*) from chain.transfer where block_number > $1 group by block_number',
    [after],
  )
  return new Map(rows.map(({ number, count }) => [Number(number), Number(count)]))
}
