import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPool, type Pool } from '../../common/node/db.ts'
import type { Contestant, RunDatabase } from './contestants.ts'
import { PROVIDER_LIMITS } from './node/limits.ts'
import type { Chain, Stage } from './stage.ts'
import { controlNode } from './start-node.ts'
import { startProgram } from './start-program.ts'
import { verifyIndex } from './verify-index.ts'
import { waitForIndex } from './wait-for-index.ts'
import { busySeconds, cpuSecondsOfTree, watchProcess } from './watch-process.ts'

/** What one contestant needed for one chain. */
export interface Run {
  contestant: string
  transfers: number
  /** From the start of the process until all transfers and balances are there and right. */
  seconds: number
  /** From the start of the process to its end, with everything that its readers need; undefined for a program that never ends. */
  endSeconds: number | undefined
  perSecond: number
  peakMb: number
  cpuSeconds: number
  databaseCpuSeconds: number
  nodeCpuSeconds: number
  calls: number
  readMb: number
  callsByMethod: Record<string, number>
  /** What of the result is not as it should be; none when it is right. */
  wrong: string[]
  /** Share of the machine that something else used meanwhile. */
  elsewhereShare: number
}

/** How the node answers. */
export interface Conditions {
  latencyMs: number
  hasLimits: boolean
}

/** Looks at the finished database before it goes. */
export type Look = (database: RunDatabase) => Promise<void>

/** Rows may be there a moment before the balances that go with them. */
const SETTLE_MS = 500
const SETTLE_TRIES = 20

/** Runs a contestant on a chain from an empty database to the head, and checks the result. @throws Error when it does not get there */
export async function runContestant(
  contestant: Contestant,
  stage: Stage,
  chain: Chain,
  conditions: Conditions,
  look: Look = async () => {},
): Promise<Run> {
  const folder = await contestant.install(stage.cleanup)
  const database = await contestant.createDatabase(stage.server)
  const drop = stage.cleanup.add(() => database.drop())
  const db = openPool(database.adminUrl, { max: 1, name: 'terra-bench' })
  try {
    const run = await measure(contestant, folder, stage, chain, conditions, database, db)
    await look(database)
    return run
  } finally {
    await db.end()
    await drop()
  }
}

async function measure(
  contestant: Contestant,
  folder: string,
  stage: Stage,
  { facts, node }: Chain,
  { latencyMs, hasLimits }: Conditions,
  database: RunDatabase,
  db: Pool,
): Promise<Run> {
  const command = await contestant.command({ folder, rpcUrl: node.url, databaseUrl: database.url })
  await controlNode(node, { latencyMs, limits: hasLimits ? PROVIDER_LIMITS : null, reset: true })
  const before = await readMachine(stage, node.pid)
  const startedAt = performance.now()
  const program = startProgram(command, join(stage.folder, 'logs', `${contestant.title.replaceAll(' ', '-')}.log`), stage.cleanup)
  const watch = watchProcess(program.pid)
  try {
    const { rowsAt, endedAt } = await waitForIndex(contestant, program, db, facts, stage.progress)
    let seconds = (rowsAt - startedAt) / 1_000
    const used = await watch.stop()
    const after = await readMachine(stage, node.pid)
    const { statistics } = await controlNode(node, { latencyMs: 0, limits: null })
    let wrong = await verifyIndex(db, contestant.queries, facts)
    for (let tries = 0; wrong.length > 0 && contestant.lastTransfer !== undefined && tries < SETTLE_TRIES; tries++) {
      await sleep(SETTLE_MS)
      seconds = (performance.now() - startedAt) / 1_000
      wrong = await verifyIndex(db, contestant.queries, facts)
    }
    const [databaseCpuSeconds, nodeCpuSeconds] = [after.database - before.database, after.node - before.node]
    const elsewhere = after.busy - before.busy - used.cpuSeconds - databaseCpuSeconds - nodeCpuSeconds
    return {
      contestant: contestant.title,
      transfers: facts.transfers,
      seconds,
      endSeconds: endedAt && (endedAt - startedAt) / 1_000,
      perSecond: facts.transfers / seconds,
      peakMb: used.peakBytes / 1e6,
      cpuSeconds: used.cpuSeconds,
      databaseCpuSeconds,
      nodeCpuSeconds,
      calls: statistics.calls,
      readMb: statistics.bytesSent / 1e6,
      callsByMethod: statistics.byMethod,
      wrong,
      elsewhereShare: Math.max(0, (elsewhere * 1_000) / (after.at - before.at) / availableParallelism()),
    }
  } finally {
    await watch.stop()
    await program.stop()
    stage.progress.stop()
  }
}

async function readMachine({ server }: Stage, nodePid: number) {
  const [database, node] = await Promise.all([cpuSecondsOfTree(server.pid), cpuSecondsOfTree(nodePid)])
  return { database, node, busy: busySeconds(), at: performance.now() }
}

/** The run in the middle by time; of two the slower. */
export function medianRun(runs: readonly Run[]): Run {
  return runs.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)]!
}
