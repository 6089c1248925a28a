import type { Db } from '../../common/node/db.ts'
import { inTransaction } from '../in-transaction.ts'

/**
 * The tables of which a first load brings most, and their keys: built after it, which takes a third of the time that keeping them does.
 * The primary ones come first, since the mirror needs them to follow the head; those that only readers need when it is there: built
 * beside the holdings they keep all rows waiting for two seconds in a million, and are ready no earlier on two cores.
 */
const KEYS = {
  transfer: {
    transfer_pkey: '(block_number, log_index, batch_index)',
    transfer_from: '(from_address)',
    transfer_to: '(to_address)',
    transfer_project: '(project_id, block_number)',
  },
  holding: {
    holding_pkey: '(holder, project_id)',
    holding_project: '(project_id, units)',
  },
} as const

export type Keyed = keyof typeof KEYS

/**
 * Takes the keys away from empty tables, and the vacuum that would land in the load: there is nothing dead in them, and their statistics
 * change with every row. Who builds the keys sees to both again. Needs an open transaction.
 */
export async function dropKeys(db: Db, table: Keyed): Promise<void> {
  await db.query(`alter table ${table} set (autovacuum_enabled = false)`)
  for (const name of Object.keys(KEYS[table]))
    await db.query(name.endsWith('_pkey') ? `alter table ${table} drop constraint if exists ${name}` : `drop index if exists ${name}`)
}

/** Whether {@link buildPrimaryKey} would have something to do. */
export async function isKeyMissing(db: Db, table: Keyed): Promise<boolean> {
  return !(await isThere(db, `${table}_pkey`))
}

/** Builds a table's primary key if it is missing; of two at one time the second one waits and has nothing to do. Needs an open transaction. */
export async function buildPrimaryKey(db: Db, table: Keyed): Promise<void> {
  const name = `${table}_pkey`
  const columns = Object.entries(KEYS[table]).find(([key]) => key === name)![1]
  if (await isThere(db, name)) return
  // A leader that was cut off may still be at it.
  await db.query(`lock table ${table} in share row exclusive mode`)
  if (await isThere(db, name)) return
  // Rows come in the key's order, unless the database summed them up: one process sees that and doesn't sort, several have to.
  await db.query('set local max_parallel_maintenance_workers = 0')
  await db.query(`create unique index ${name} on ${table} ${columns}`)
  await db.query(`alter table ${table} add constraint ${name} primary key using index ${name}`)
}

/** Builds what else is missing, each key in a transaction of its own, and ends what a first load began; harmless when nothing is to be done. */
export async function buildReadersKeys(db: Db): Promise<void> {
  for (const table of Object.keys(KEYS) as Keyed[]) {
    for (const [name, columns] of Object.entries(KEYS[table])) {
      if (name.endsWith('_pkey') || (await isThere(db, name))) continue
      await inTransaction(db, async () => {
        await db.query(`set local synchronous_commit = off; set local maintenance_work_mem = '256MB'`)
        await db.query(`create index ${name} on ${table} ${columns}`)
      })
    }
    await vacuumAgain(db, table)
  }
}

/** The last thing a first load does to a table, so that no death before leaves it without. The planner hears of its rows at once. */
async function vacuumAgain(db: Db, table: Keyed): Promise<void> {
  const { rows } = await db.query<{ isOff: boolean }>(
    `select coalesce('autovacuum_enabled=false' = any (reloptions), false) as "isOff" from pg_class where oid = $1::regclass`,
    [table],
  )
  if (rows[0]?.isOff !== true) return
  await inTransaction(db, async () => {
    await db.query('set local synchronous_commit = off')
    await db.query(`analyze ${table}`)
    await db.query(`alter table ${table} reset (autovacuum_enabled)`)
  })
}

async function isThere(db: Db, name: string): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(
    `select exists (select from pg_class where relname = $1 and relnamespace = current_schema()::regnamespace) as found`,
    [name],
  )
  return rows[0]!.found
}
