import type { Db } from '../common/node/db.ts'
import { quote } from './export/relation.ts'

/**
 * Gives the indexes of copied tables the names that the same ones have on the originals: `like … including all` makes up its own, and
 * whoever drops or builds an index by its name would miss them.
 */
export async function nameIndexesAlike(db: Db, from: string, to: string): Promise<void> {
  const { rows } = await db.query<{ made: string; name: string }>(
    `select copied.name as made, original.name
    from (${INDEXES}) original
    join (${INDEXES.replace('$1', '$2')}) copied using (table_name, definition, is_unique, is_primary)
    where copied.name <> original.name`,
    [from, to],
  )
  for (const { made, name } of rows) await db.query(`alter index ${quote(to, made)} rename to ${quote(name)}`)
}

const INDEXES = `
  select t.relname as table_name, i.relname as name, x.indisunique as is_unique, x.indisprimary as is_primary,
    regexp_replace(pg_get_indexdef(i.oid), '^.* USING ', '') as definition
  from pg_index x
  join pg_class i on i.oid = x.indexrelid
  join pg_class t on t.oid = x.indrelid
  where t.relnamespace = (select oid from pg_namespace where nspname = $1)`
