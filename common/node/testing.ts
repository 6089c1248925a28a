import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createTestClient, http, type PublicClient, publicActions, type TestClient, walletActions } from 'viem'
import { openPool, type Pool } from './db.ts'
import { type DatabaseRole, migrate, migrationsDigest, ROLES } from './migrate.ts'

const PASSWORD = 'test'

export interface TestDatabase {
  /** Connection string of the server's own administrator, for setting the scene. */
  adminUrl: string
  admin: Pool
  /** Connection string of one of the product's roles: what the code under test gets. */
  urlOf(role: DatabaseRole): string
  drop(): Promise<void>
}

/** A database of its own, copied from the migrated template, on the server at TEST_DATABASE_URL. */
export async function freshDatabase(): Promise<TestDatabase> {
  const serverUrl = process.env.TEST_DATABASE_URL
  if (!serverUrl) throw new Error('TEST_DATABASE_URL is not set; run tests by `npm test` (one file: `npm test -- path/to/file.test.ts`)')
  // Named after the migrations' content, so that a changed migration never meets an old template.
  const template = `terra_template_${(await migrationsDigest()).slice(0, 12)}`
  const name = `terra_test_${randomBytes(6).toString('hex')}`
  const server = new pg.Client({ connectionString: serverUrl })
  await server.connect()
  try {
    await server.query(`select pg_advisory_lock(hashtext('terra_template'))`)
    const { rowCount } = await server.query('select from pg_database where datname = $1', [template])
    if (rowCount === 0) {
      await server.query(`create database ${template}`)
      const pool = openPool(withDatabase(serverUrl, template), { max: 1 })
      await migrate(pool, Object.fromEntries(ROLES.map((role) => [role, PASSWORD])))
      await pool.end()
    }
    await server.query(`create database ${name} with template ${template}`)
    // What a migration granted on the database itself isn't copied.
    await server.query(`grant create on database ${name} to terra_indexer`)
  } finally {
    await server.end()
  }
  const adminUrl = withDatabase(serverUrl, name)
  const admin = openPool(adminUrl, { max: 4 })
  return {
    adminUrl,
    admin,
    urlOf(role) {
      const url = new URL(adminUrl)
      url.username = role
      url.password = PASSWORD
      return url.href
    },
    async drop() {
      await admin.end()
      const client = new pg.Client({ connectionString: serverUrl })
      await client.connect()
      await client.query(`drop database if exists ${name} with (force)`)
      await client.end()
    },
  }
}

/** Anvil's own well-known keys: worthless anywhere else. */
export const TEST_KEYS = [
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
  '0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6',
  '0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a',
  '0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba',
] as const

export interface TestChain {
  url: string
  /** Reads, and anvil's own powers: mine, setAutomine, snapshot, revert, reorg by `reorg`. */
  client: TestClient & PublicClient
  /** Replaces the newest `depth` blocks by empty ones. */
  reorg(depth: number): Promise<void>
  /** Ends the process at once, as a power cut would. */
  stop(): Promise<void>
}

/**
 * A chain of its own: anvil, chain id 31337, a block per transaction unless `blockTimeSeconds` is given.
 * `finalized` is two epochs behind the head; an epoch is one block unless `slotsInAnEpoch` is given.
 */
export async function startTestChain(
  options: { blockTimeSeconds?: number; port?: number; slotsInAnEpoch?: number } = {},
): Promise<TestChain> {
  const port = options.port ?? (await freePort())
  const binary = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'anvil')
  // Anvil puts old states on disk, by default under the home folder, and a killed one leaves them there.
  const cache = await mkdtemp(join(tmpdir(), 'terra-anvil-'))
  const args = [
    '--cache-path',
    cache,
    '--port',
    String(port),
    '--chain-id',
    '31337',
    '--slots-in-an-epoch',
    String(options.slotsInAnEpoch ?? 1),
    '--silent',
  ]
  if (options.blockTimeSeconds !== undefined) args.push('--block-time', String(options.blockTimeSeconds))
  const child: ChildProcess = spawn(binary, args, { stdio: 'ignore', detached: true })
  const url = `http://127.0.0.1:${port}`
  const client = createTestClient({ mode: 'anvil', transport: http(url, { retryCount: 0 }), pollingInterval: 50 })
    .extend(publicActions)
    .extend(walletActions)
  for (let tries = 0; ; tries++) {
    try {
      await client.getChainId()
      break
    } catch (cause) {
      if (tries > 200) throw new Error('anvil did not start within 10 seconds', { cause })
      await sleep(50)
    }
  }
  return {
    url,
    client: client as never,
    async reorg(depth) {
      await client.request({ method: 'anvil_reorg' as never, params: [depth, []] as never })
    },
    async stop() {
      if (child.exitCode !== null || child.pid === undefined) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      process.kill(-child.pid, 'SIGKILL')
      await ended
      await rm(cache, { recursive: true, force: true })
    },
  }
}

/** A TCP port nobody listens on right now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Waits until `probe` returns something other than undefined or false, asking every `everyMs`. */
export async function until<T>(probe: () => Promise<T | undefined | false>, timeoutMs = 15_000, everyMs = 50): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const value = await probe()
    if (value !== undefined && value !== false) return value
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain`)
    await sleep(everyMs)
  }
}

function withDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}
