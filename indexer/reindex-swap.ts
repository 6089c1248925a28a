import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../common/node/db.ts'
import { replayViews } from '../common/node/views.ts'
import { quote } from './export/relation.ts'
import { inTransaction } from './in-transaction.ts'
import { readLeader, tryToLead } from './lead.ts'
import { grantsOf, restoreGrants } from './reindex-grants.ts'

/** Tables that no chain can give back: they stay where they are. */
const NOT_FROM_CHAIN = ['incident']
const LEAD_WITHIN_MS = 30_000
/** Readers who hold a table longer than this put the exchange off; nobody waits behind it for longer either. */
const LOCK_TIMEOUT = '10s'

/** Why two mirrors could not be exchanged; nothing changed. */
export class NotSwapped extends Error {}

/**
 * Puts the rebuilt tables in the place of a mirror's, in one transaction, and keeps the old ones in a schema of their own, whose name it
 * resolves to. Running indexers are made to wait: the leader loses its connection, gets a new one and goes on from the rebuilt checkpoint.
 * @param db A connection of its own as the indexer's role, ended afterwards: it holds the leader's lock
 * @throws NotSwapped
 */
export async function swapMirrors(db: Db, schema: string, rebuilt: string, now: Date): Promise<string> {
  await takeLead(db, schema)
  await takeLead(db, rebuilt)
  const kept = `${schema}_before_${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_')}`
  const tables = await tablesOf(db, schema)
  const missing = tables.filter((name) => !NOT_FROM_CHAIN.includes(name))
  const here = new Set(await tablesOf(db, rebuilt))
  if (missing.length === 0 || missing.some((name) => !here.has(name)))
    throw new NotSwapped(`${rebuilt} lacks tables that ${schema} has: it was begun by another version`)
  await inTransaction(db, async () => {
    await db.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`)
    await lockTables(db, [schema, rebuilt], missing)
    await db.query(`create schema ${quote(kept)}`)
    for (const name of missing) await exchange(db, name, { schema, rebuilt, kept })
    await db.query(
      `insert into ${quote(schema)}.incident select * from ${quote(rebuilt)}.incident on conflict (block_number, block_hash) do nothing`,
    )
    // What stood over the old tables is made again over the new ones; the rebuilt mirror's own views go with its schema.
    await replayViews(db, schema).catch(explainDependents)
    await db.query(`drop schema ${quote(rebuilt)} cascade`)
    await refuseLeftovers(db, kept)
    await db.query(`select pg_notify('chain_changed', block_number::text) from ${quote(schema)}.checkpoint`)
  })
  return kept
}

/** Takes the leader's lock of a mirror, from a running indexer if need be. @throws NotSwapped */
export async function takeLead(db: Db, schema: string): Promise<void> {
  const deadline = Date.now() + LEAD_WITHIN_MS
  while (!(await tryToLead(db, schema))) {
    const leader = await readLeader(db, schema)
    if (leader !== undefined) await db.query('select pg_terminate_backend($1)', [leader.pid]).catch(() => {})
    if (Date.now() > deadline)
      throw new NotSwapped(`An indexer leads ${schema} (process ${leader?.pid} of the database) and does not make room: stop it`)
    await sleep(20)
  }
}

async function exchange(db: Db, name: string, { schema, rebuilt, kept }: { schema: string; rebuilt: string; kept: string }) {
  const grants = await grantsOf(db, schema, name)
  const { rows } = await db.query<{ comment: string | null }>(`select obj_description($1::regclass, 'pg_class') as comment`, [
    quote(schema, name),
  ])
  await db.query(`alter table ${quote(schema, name)} set schema ${quote(kept)}`)
  await db.query(`alter table ${quote(rebuilt, name)} set schema ${quote(schema)}`)
  await restoreGrants(db, schema, name, grants)
  const comment = rows[0]!.comment
  if (comment !== null) {
    const made = await db.query<{ sql: string }>(`select format('comment on table %s is %L', $1::text, $2::text) as sql`, [
      quote(schema, name),
      comment,
    ])
    await db.query(made.rows[0]!.sql)
  }
}

async function tablesOf(db: Db, schema: string): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>('select tablename as name from pg_tables where schemaname = $1 order by 1', [schema])
  return rows.map(({ name }) => name)
}

async function lockTables(db: Db, schemas: string[], tables: string[]): Promise<void> {
  const names = schemas.flatMap((schema) => tables.map((table) => quote(schema, table)))
  await db.query(`lock table ${names.join(', ')} in access exclusive mode`).catch((cause) => {
    if ((cause as { code?: unknown }).code !== '55P03') throw cause
    throw new NotSwapped(`Somebody reads the mirror without pause: no moment to exchange it came within ${LOCK_TIMEOUT}`, { cause })
  })
}

/** Views of somebody else's may stand on the mirror's own views. */
function explainDependents(cause: Error & { code?: string; detail?: string }): never {
  if (cause.code !== '2BP01') throw cause
  throw new NotSwapped(`${cause.message} (${cause.detail?.replaceAll('\n', '; ')}); drop what stands on it, and make it again afterwards`, {
    cause,
  })
}

/** A view or function of somebody else's over an old table would go on showing old rows. */
async function refuseLeftovers(db: Db, kept: string): Promise<void> {
  const { rows } = await db.query<{ label: string }>(
    `select distinct n.nspname || '.' || coalesce(v.relname, f.proname) as label
    from pg_depend d
    join pg_class t on d.refclassid = 'pg_class'::regclass and t.oid = d.refobjid
    left join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
    left join pg_class v on v.oid = r.ev_class
    left join pg_proc f on d.classid = 'pg_proc'::regclass and f.oid = d.objid
    join pg_namespace n on n.oid = coalesce(v.relnamespace, f.pronamespace)
    where t.relnamespace = $1::regnamespace and n.oid <> t.relnamespace
    order by 1`,
    [quote(kept)],
  )
  if (rows.length > 0)
    throw new NotSwapped(
      `These would go on reading the old tables: ${rows.map(({ label }) => label).join(', ')}; drop them, and make them again afterwards`,
    )
}
