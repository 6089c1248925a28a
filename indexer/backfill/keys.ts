import type { Db } from '../../common/node/db.ts'
import { inTransaction } from '../in-transaction.ts'

/**
 * The tables of which a first load brings most, and their keys: built after it, which takes a third of the time that keeping them does.
 * The primary ones come before the mirror follows the head, since it needs them; those that only readers need when it has reached it.
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

/** Takes the keys away from empty tables. Needs an open transaction. */
export async function dropKeys(db: Db, table: Keyed): Promise<void> {
  for (const name of Object.keys(KEYS[table]))
    await db.query(name.endsWith('_pkey') ? `alter table ${table} drop constraint if exists ${name}` : `drop index if exists ${name}`)
}

/** Builds a table's primary key if it is missing. Needs an open transaction. */
export async function buildPrimaryKey(db: Db, table: Keyed): Promise<void> {
  const name = `${table}_pkey`
  const columns = Object.entries(KEYS[table]).find(([key]) => key === name)![1]
  if (await isThere(db, name)) return
  // Rows come in the key's order, unless the database summed them up: one process sees that and doesn't sort, several have to.
  await db.query('set local max_parallel_maintenance_workers = 0')
  await db.query(`create unique index ${name} on ${table} ${columns}`)
  await db.query(`alter table ${table} add constraint ${name} primary key using index ${name}`)
}

/** Builds what else is missing, each key in a transaction of its own; harmless when nothing is. */
export async function buildReadersKeys(db: Db): Promise<void> {
  for (const [table, keys] of Object.entries(KEYS))
    for (const [name, columns] of Object.entries(keys)) {
      if (name.endsWith('_pkey') || (await isThere(db, name))) continue
      await inTransaction(db, async () => {
        await db.query(`set local synchronous_commit = off; set local maintenance_work_mem = '256MB'`)
        await db.query(`create index ${name} on ${table} ${columns}`)
      })
    }
}

async function isThere(db: Db, name: string): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(
    `select exists (select from pg_class where relname = $1 and relnamespace = current_schema()::regnamespace) as found`,
    [name],
  )
  return rows[0]!.found
}
