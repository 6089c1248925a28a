import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Db } from '../common/node/db.ts'
import type { Log } from '../common/node/log.ts'
import { Stop } from './errors.ts'
import { openMirrorSchema } from './schema.ts'

/** Any constant will do; advisory locks are per database, ours per mirror. */
const LOCK = 1_723_648_231
const STANDBY_MS = 250
const RECONNECT_MS = { first: 100, most: 2_000 }

/**
 * Opens another connection to the mirror. It doesn't hold the lock: it may only do what does no harm while somebody else leads. Who opens it
 * ends it.
 */
export type OpenHelper = () => Promise<pg.Client>

/**
 * Runs `work` as the only indexer of this database: on a connection that holds an advisory lock.
 * A second one waits here as a hot standby and takes over when the first one's connection ends. When the connection is lost,
 * `signal` of the work aborts and it is started again on a new one; a write of the old one can't happen, it has no connection.
 * Returns when the work does, or when `stopping` aborts.
 */
export async function lead(
  databaseUrl: string,
  schema: string,
  log: Log,
  stopping: AbortSignal,
  work: (db: Db, signal: AbortSignal, openHelper: OpenHelper) => Promise<void>,
): Promise<void> {
  let waitMs = RECONNECT_MS.first
  while (!stopping.aborted) {
    const lost = new AbortController()
    const client = new pg.Client({ connectionString: databaseUrl, application_name: 'terra-indexer', keepAlive: true })
    client.on('error', () => lost.abort())
    client.on('end', () => lost.abort())
    try {
      await client.connect()
      // A leader whose machine vanished is noticed within half a minute, not after the system's two hours.
      await client.query('set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3')
      await openMirrorSchema(client, schema)
      waitMs = RECONNECT_MS.first
      if (!(await acquire(client, schema, log, stopping))) return
      log.info('Became the leader')
      await work(client, AbortSignal.any([stopping, lost.signal]), () => openHelper(databaseUrl, schema))
      if (stopping.aborted || !lost.signal.aborted) return
      log.warn('Lost the database, connecting again')
    } catch (error) {
      if (error instanceof Stop) throw error
      if (isHopeless(error)) throw new Stop('DATABASE_REFUSED', `The database refused: ${(error as Error).message}`, { cause: error })
      log.warn({ reason: (error as Error).message, where: (error as { where?: unknown }).where }, 'The database failed, connecting again')
    } finally {
      await client.end().catch(() => {})
    }
    await sleep(waitMs, undefined, { signal: stopping }).catch(() => {})
    waitMs = Math.min(waitMs * 2, RECONNECT_MS.most)
  }
}

async function openHelper(databaseUrl: string, schema: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'terra-indexer-helper' })
  // Who uses it meets the loss at its next query.
  client.on('error', () => {})
  await client.connect()
  await client.query(`select set_config('search_path', $1, false)`, [schema])
  return client
}

async function acquire(client: pg.Client, schema: string, log: Log, stopping: AbortSignal): Promise<boolean> {
  for (let tries = 0; !stopping.aborted; tries++) {
    if (await tryToLead(client, schema)) return true
    if (tries === 0) log.info({ leader: await readLeader(client, schema) }, 'Another indexer leads, standing by')
    await sleep(STANDBY_MS, undefined, { signal: stopping }).catch(() => {})
  }
  return false
}

/** Takes the lock of a mirror for this connection, if nobody has it: who holds it is the only one to write. */
export async function tryToLead(db: Db, schema: string): Promise<boolean> {
  const { rows } = await db.query<{ isMine: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as "isMine"', [LOCK, schema])
  return rows[0]!.isMine
}

/** Who holds the lock of a mirror; undefined when nobody does. */
export async function readLeader(client: Db, schema: string) {
  const { rows } = await client.query<{ pid: number; address: string | null; since: Date }>(
    `select pid, client_addr as address, backend_start as since
    from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and classid = $1::int::oid and objid = hashtext($2)::oid and granted and pg_locks.database = (
      select oid from pg_database where datname = current_database()
    )`,
    [LOCK, schema],
  )
  return rows[0]
}

/**
 * Bad data, a wrong password, no such database, no schema or no right to it, a read-only server, no space left: connecting again can't help.
 * Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
function isHopeless(error: unknown): boolean {
  return /^(22|23|28|3D|42|25006|53100)/.test(String((error as { code?: unknown }).code ?? ''))
}
