import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Progress } from '../../scripts/terra/progress.ts'
import { type Facts, generateChain, readFacts } from './chain/generate.ts'
import type { Cleanup } from './cleanup.ts'
import { type DatabaseServer, startDatabase } from './start-database.ts'
import { type FixtureNode, startNode } from './start-node.ts'

/** What every contestant meets: one database server, and chains with a node before each. */
export interface Stage {
  /** A temporary one; what contestants print goes to its `logs`. */
  folder: string
  cleanup: Cleanup
  progress: BenchProgress
  server: DatabaseServer
  /** A chain of about so many transfers and its node; made when there is none yet. */
  chain(transfers: number): Promise<Chain>
  /** Lets later runs use it, with a chain of so many transfers, until this process is told to end. */
  keep(transfers: number): Promise<never>
}

/** `stop` takes a bar off the terminal. */
export type BenchProgress = Progress & { stop(): void }

export interface Chain {
  facts: Facts
  node: FixtureNode
}

export interface StageOptions {
  seed: number
  wideIds: boolean
}

interface Kept {
  keeper: number
  folder: string
  server: DatabaseServer
  chains: Record<string, { folder: string; node: FixtureNode }>
}

const KEPT_FILE = join(tmpdir(), 'terra-bench-indexer.json')

/** Brings the stage up in a temporary folder, or takes the one that another process keeps. */
export async function openStage(options: StageOptions, cleanup: Cleanup, progress: BenchProgress): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'terra-bench-indexer-'))
  cleanup.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  // Postgres may run as another user.
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'logs'))
  const kept = await readKept()
  if (kept !== undefined) await enter(kept.server, cleanup)
  if (kept !== undefined) progress.step(`Using the database and nodes that process ${kept.keeper} keeps`)
  const server = kept?.server ?? (await startDatabase(folder, cleanup))
  const chains = { ...kept?.chains }
  const nameOf = (transfers: number) => `${transfers}-${options.seed}${options.wideIds ? '-wide' : ''}`

  async function chain(transfers: number): Promise<Chain> {
    const name = nameOf(transfers)
    let found = chains[name]
    if (found === undefined) {
      const own = join(folder, 'chains', name)
      await generateChain(own, { ...options, transfers }, (made) => progress.advance(made, transfers, 'Making the chain'))
      progress.step(`Made a chain of ${transfers.toLocaleString('en')} transfers`)
      found = { folder: own, node: await startNode(own, cleanup) }
      chains[name] = found
    }
    return { facts: readFacts(found.folder), node: found.node }
  }

  return {
    folder,
    server,
    cleanup,
    progress,
    chain,
    async keep(transfers) {
      await chain(transfers)
      await writeFile(KEPT_FILE, JSON.stringify({ keeper: process.pid, folder, server, chains } satisfies Kept))
      cleanup.add(() => rm(KEPT_FILE, { force: true }))
      progress.step(`Kept until Ctrl-C: RPC ${chains[nameOf(transfers)]!.node.url}, database ${server.adminUrl}`)
      // A timer, since waiting for nothing would end the process.
      return new Promise(() => setInterval(() => {}, 60_000))
    },
  }
}

/** One run at a time: two would change the node under each other's feet. */
async function enter({ adminUrl }: DatabaseServer, cleanup: Cleanup): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  cleanup.add(() => admin.end())
  const { rows } = await admin.query<{ isMine: boolean }>(`select pg_try_advisory_lock(hashtext('terra_bench')) as "isMine"`)
  if (!rows[0]!.isMine) throw new Error('Another run is measuring on the kept stage: wait for its end')
  // Databases of ours are copied from a template that is made once a server, and the code may have changed since.
  const templates = await admin.query<{ name: string }>(`select datname as name from pg_database where datname like 'terra\\_template\\_%'`)
  for (const { name } of templates.rows) await admin.query(`drop database if exists ${name}`)
}

async function readKept(): Promise<Kept | undefined> {
  const text = await readFile(KEPT_FILE, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const kept = JSON.parse(text) as Kept
  try {
    // Signal 0 only asks whether the process is there.
    process.kill(kept.keeper, 0)
    return kept
  } catch {
    return undefined
  }
}
