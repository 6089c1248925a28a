import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from './db.ts'

/** The mirror's own schema; others are mirrors of other contracts, or one that is being built anew. */
const MAIN_SCHEMA = 'chain'
const FOLDER = 'indexer/views'
/** Over {@link MAIN_SCHEMA} alone, with the names of both written out. */
const ANALYTICS = 'analytics.sql'
const root = join(import.meta.dirname, '..', '..')

export interface ViewFile {
  /** As it is recorded in public.migration. */
  name: string
  sql: string
  /** SHA-256 of the text. */
  digest: string
}

/** The views over a mirror, in the order in which they build on each other. */
export async function readViews(): Promise<ViewFile[]> {
  const files = (await readdir(join(root, FOLDER))).filter((file) => file.endsWith('.sql')).sort()
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(join(root, FOLDER, file), 'utf8')
      return { name: `${FOLDER}/${file}`, sql, digest: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/**
 * Puts the views over the tables of a mirror, in the place of those that were there. Needs an open transaction; the views belong to
 * the indexer's role afterwards, and so do the tables already.
 * @param schema Where the mirror's tables are; views for analysts only exist over the main one
 */
export async function replayViews(db: Db, schema: string = MAIN_SCHEMA): Promise<void> {
  const files = (await readViews()).filter(({ name }) => schema === MAIN_SCHEMA || !name.endsWith(`/${ANALYTICS}`))
  const { rows } = await db.query<{ path: string; role: string }>(
    `select current_setting('search_path') as path, current_setting('role') as role,
      set_config('search_path', format('%I', $1::text), true), set_config('role', 'terra_indexer', true)`,
    [schema],
  )
  // What builds on others goes first; a file drops only what it makes itself.
  for (const { sql } of files.toReversed()) await db.query(dropsOf(sql))
  for (const { sql } of files) await db.query(sql)
  await db.query(`select set_config('search_path', $1, true), set_config('role', $2, true)`, [rows[0]!.path, rows[0]!.role])
}

/** Runs the views again when a file of them is new, changed or gone since they ran last. Returns the names of those that are new or changed. */
export async function refreshViews(db: Db): Promise<string[]> {
  const files = await readViews()
  const { rows } = await db.query<{ name: string; digest: string }>('select name, digest from public.migration where name like $1', [
    `${FOLDER}/%`,
  ])
  const before = new Map(rows.map(({ name, digest }) => [name, digest]))
  const changed = files.filter(({ name, digest }) => before.get(name) !== digest)
  if (changed.length === 0 && before.size === files.length) return []
  await replayViews(db)
  await db.query('delete from public.migration where name like $1', [`${FOLDER}/%`])
  for (const { name, digest } of files) await db.query('insert into public.migration (name, digest) values ($1, $2)', [name, digest])
  return changed.map(({ name }) => name)
}

/** The statements a file begins with, which drop what it makes. */
function dropsOf(sql: string): string {
  return (sql.match(/^drop (view|function|aggregate) if exists .*;$/gm) ?? []).join('\n')
}
