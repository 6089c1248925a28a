import type { Db } from '../common/node/db.ts'
import { readMigrations } from '../common/node/migrate.ts'
import { replayViews } from '../common/node/views.ts'
import { Stop } from './errors.ts'
import { inTransaction } from './in-transaction.ts'
import { nameIndexesAlike } from './reindex-names.ts'

/** The mirror of the platform's own contracts; its tables are the pattern of all others. */
export const MAIN_SCHEMA = 'chain'

/**
 * Makes a mirror's tables the ones that unqualified names mean on this connection; a mirror that isn't there yet is made.
 * @throws Stop MIRROR_MISSING when the database has no schema `chain`
 */
export async function openMirrorSchema(db: Db, schema: string): Promise<void> {
  const { rows } = await db.query<{ main: boolean; own: boolean; isOld: boolean }>(
    `select to_regclass($1) is not null as main, to_regclass($2) is not null as own, to_regclass($3) is null as "isOld"`,
    [`${MAIN_SCHEMA}.checkpoint`, `${schema}.checkpoint`, `${schema}.${DERIVED}`],
  )
  if (!rows[0]!.main) throw new Stop('MIRROR_MISSING', 'This database has no schema "chain": run "npm run terra -- migrate" on it first')
  const { rows: migrations } = await db.query<{ name: string }>('select name from public.migration where digest is null')
  const known = new Set((await readMigrations()).map(({ name }) => name))
  const unknown = migrations.find(({ name }) => !known.has(name))
  if (unknown !== undefined)
    throw new Stop('DATABASE_NEWER', `This database was made by a newer version of the indexer (it has ${unknown.name}): update this one`)
  if (!rows[0]!.own) await createMirrorSchema(db, schema)
  else if (rows[0]!.isOld) await inTransaction(db, () => addDerivedTable(db, schema))
  await db.query(`select set_config('search_path', $1, false)`, [schema])
}

/** Empty, it is complete: what is in it is worked out from the other tables. */
const DERIVED = 'holding_snapshot'

/** Gives a mirror that was made before there was such a table its own, and the views that read it. */
async function addDerivedTable(db: Db, schema: string): Promise<void> {
  // Two indexers may start at once.
  await db.query('select pg_advisory_xact_lock(hashtext($1))', [`${schema}.${DERIVED}`])
  await db.query(`create table if not exists ${schema}.${DERIVED} (like ${MAIN_SCHEMA}.${DERIVED} including all)`)
  await nameIndexesAlike(db, MAIN_SCHEMA, schema)
  await replayViews(db, schema)
  await db.query(`grant select on all tables in schema ${schema} to terra_api, terra_worker, terra_analyst`)
}

/** Makes a schema with the tables of the main mirror, empty, and the views over them. Needs the indexer's role. */
export async function createMirrorSchema(db: Db, schema: string): Promise<void> {
  const { rows } = await db.query<{ name: string }>('select tablename as name from pg_tables where schemaname = $1 order by 1', [
    MAIN_SCHEMA,
  ])
  await inTransaction(db, async () => {
    await db.query(`create schema ${schema}`)
    for (const { name } of rows) await db.query(`create table ${schema}.${name} (like ${MAIN_SCHEMA}.${name} including all)`)
    await nameIndexesAlike(db, MAIN_SCHEMA, schema)
    await replayViews(db, schema)
    await db.query(`grant usage on schema ${schema} to terra_api, terra_worker, terra_analyst`)
    await db.query(`grant select on all tables in schema ${schema} to terra_api, terra_worker, terra_analyst`)
  })
}
