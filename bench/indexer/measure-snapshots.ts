import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPool, type Pool } from '../../common/node/db.ts'
import type { Contestant, RunDatabase } from './contestants.ts'
import type { Chain, Stage } from './stage.ts'
import { startProgram } from './start-program.ts'
import { cpuSecondsOfTree, watchProcess } from './watch-process.ts'

/** What the snapshots of holdings took that an indexer makes once it follows the head. */
export interface SnapshotFigures {
  count: number
  /** Until none was due, at the indexer's own easy pace. */
  seconds: number
  cpuSeconds: number
  databaseCpuSeconds: number
  sizeMb: number
  /** Of the transfers they are worked out from, for comparison. */
  transfersMb: number
}

const POLL_MS = 500
const GIVE_UP_MS = 1_800_000

/** Lets our indexer follow a loaded chain until it says that it made all snapshots that were due. @throws Error when it ends or never does */
export async function measureSnapshots(
  ours: Contestant,
  database: RunDatabase,
  stage: Stage,
  { facts, node }: Chain,
): Promise<SnapshotFigures> {
  const folder = await ours.install(stage.cleanup)
  const command = await ours.command({ folder, rpcUrl: node.url, databaseUrl: database.url })
  const db = openPool(database.adminUrl, { max: 1, name: 'terra-bench' })
  const cpuBefore = await cpuSecondsOfTree(stage.server.pid)
  const startedAt = performance.now()
  const following = { ...command, args: command.args.filter((argument) => argument !== '--until-head') }
  const program = startProgram(following, join(stage.folder, 'logs', 'snapshots.log'), stage.cleanup)
  const watch = watchProcess(program.pid)
  let ended: number | string | undefined
  void program.ended.then((code) => {
    ended = code
  })
  try {
    while (!program.lastWords().includes('Made the snapshots of holdings that were due')) {
      if (ended !== undefined) throw new Error(`ended early (${ended}): ${program.lastWords()}`)
      if (performance.now() - startedAt > GIVE_UP_MS) throw new Error(`made no end of snapshots: ${program.lastWords()}`)
      const made = (await sizesOf(db)).count
      stage.progress.advance(Math.min(made * TRANSFERS_EACH, facts.transfers), facts.transfers, `Making snapshots (${made})`)
      await sleep(POLL_MS)
    }
    const seconds = (performance.now() - startedAt) / 1_000
    const { cpuSeconds } = await watch.stop()
    const databaseCpuSeconds = (await cpuSecondsOfTree(stage.server.pid)) - cpuBefore
    const sizes = await sizesOf(db)
    stage.progress.step(`Made ${sizes.count} snapshots of holdings in ${seconds.toFixed(0)} s; they take ${sizes.sizeMb.toFixed(0)} MB`)
    return { ...sizes, seconds, cpuSeconds, databaseCpuSeconds }
  } finally {
    await watch.stop()
    await program.stop()
    await db.end()
    stage.progress.stop()
  }
}

/** Between two of a project at least, for the bar alone. */
const TRANSFERS_EACH = 2_048

async function sizesOf(db: Pool): Promise<Pick<SnapshotFigures, 'count' | 'sizeMb' | 'transfersMb'>> {
  const { rows } = await db.query<{ count: number; size: string; transfers: string }>(
    `select (select count(*)::int from chain.holding_snapshot) as count, pg_total_relation_size('chain.holding_snapshot') as size,
      pg_total_relation_size('chain.transfer') as transfers`,
  )
  const { count, size, transfers } = rows[0]!
  return { count, sizeMb: Number(size) / 1e6, transfersMb: Number(transfers) / 1e6 }
}
