import pg from 'pg'
import type { Db } from '../../common/node/db.ts'

/** A table or view that may be exported. */
export interface Relation {
  schema: string
  name: string
  /** As people write it: `transfer` of the main mirror is `chain.transfer`. */
  label: string
  columns: Column[]
  /** Columns of the primary key; views have none. */
  key: string[]
}

export interface Column {
  name: string
  /** Postgres' own name of the type below all domains: `int8`, `numeric`, `text`, `timestamptz` … */
  type: string
}

/** Views for analysts, over the main mirror. */
export const ANALYTICS = 'analytics'

/** Names of all tables and views of a mirror and of `analytics` that whoever asks may read. */
export async function listRelations(db: Db, schema: string): Promise<string[]> {
  const { rows } = await db.query<{ label: string }>(
    `select n.nspname || '.' || c.relname as label
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any($1) and ${IS_READABLE}
    order by n.nspname <> $2, c.relname`,
    [[schema, ANALYTICS], schema],
  )
  return rows.map(({ label }) => label)
}

/** Finds what a name stands for, with or without its schema; undefined when there is no such thing, or whoever asks may not read it. */
export async function findRelation(db: Db, schema: string, label: string): Promise<Relation | undefined> {
  const dot = label.indexOf('.')
  const schemas = [schema, ANALYTICS].filter((name) => dot === -1 || name === label.slice(0, dot))
  const { rows } = await db.query<{ oid: number; schema: string; name: string }>(
    `select c.oid, n.nspname as schema, c.relname as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any($1) and c.relname = $2 and ${IS_READABLE}
    order by n.nspname <> $3
    limit 1`,
    [schemas, label.slice(dot + 1), schema],
  )
  const found = rows[0]
  if (found === undefined) return undefined
  const columns = await db.query<Column>(
    `select a.attname as name, coalesce(base.typname, t.typname) as type
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    left join pg_type base on base.oid = t.typbasetype
    where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
    order by a.attnum`,
    [found.oid],
  )
  const key = await db.query<{ name: string }>(
    `select a.attname as name
    from pg_index i
    cross join lateral unnest(i.indkey) with ordinality as part (attnum, place)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = part.attnum
    where i.indrelid = $1 and i.indisprimary
    order by part.place`,
    [found.oid],
  )
  return {
    schema: found.schema,
    name: found.name,
    label: `${found.schema}.${found.name}`,
    columns: columns.rows,
    key: key.rows.map(({ name }) => name),
  }
}

/** An identifier as SQL has it. */
export function quote(...parts: string[]): string {
  return parts.map((part) => pg.escapeIdentifier(part)).join('.')
}

/** What is a table or a view, and readable: the schema too. */
const IS_READABLE = `c.relkind in ('r', 'p', 'v', 'm') and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')`
