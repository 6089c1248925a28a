import type { Db } from '../../common/node/db.ts'

/** Count and digest of the rows of each table of the mirror: equal when two mirrors are, byte for byte. Only the time of writing is left out. */
export async function digestTables(db: Db): Promise<Record<string, string>> {
  const digests: Record<string, string> = {}
  for (const table of await listTables(db)) {
    if (table === DERIVED) continue
    const { rows } = await db.query<{ digest: string }>(
      `select count(*) || ' rows ' || coalesce(encode(sha256(convert_to(string_agg(line, E'\\n' order by line collate "C"), 'UTF8')), 'hex'), '') as digest
      from (select ${LINE} as line from chain.${table} t) lines`,
    )
    digests[table] = rows[0]!.digest
  }
  return digests
}

/** The first rows that only one of two mirrors has, table by table; empty when they are equal. */
export async function findDifferences(left: Db, right: Db): Promise<string[]> {
  const [ours, theirs] = [await digestTables(left), await digestTables(right)]
  const differences: string[] = []
  for (const table of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    if (ours[table] === theirs[table]) continue
    const [here, there] = [await linesOf(left, table), await linesOf(right, table)]
    const [onlyHere, onlyThere] = [without(here, there), without(there, here)]
    differences.push(...onlyHere.map((line) => `${table}: only here ${line}`), ...onlyThere.map((line) => `${table}: missing here ${line}`))
    if (onlyHere.length + onlyThere.length === 0) differences.push(`${table}: some rows stand there more than once`)
  }
  return differences.slice(0, 20)
}

/** Empties every table of the mirror, as an administrator. */
export async function emptyTables(db: Db): Promise<void> {
  const tables = await listTables(db)
  await db.query(`truncate ${tables.map((table) => `chain.${table}`).join(', ')} restart identity cascade`)
}

/** Which snapshots there are depends on when they were made. */
const DERIVED = 'holding_snapshot'

/** A row as text; when it was written is not part of it. */
const LINE = `(to_jsonb(t) - 'updated_at')::text`

async function listTables(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select quote_ident(table_name) as name
    from information_schema.tables
    where table_schema = 'chain'
      and table_type = 'BASE TABLE'
    order by 1`,
  )
  return rows.map(({ name }) => name)
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others)
  return lines.filter((line) => !known.has(line))
}

async function linesOf(db: Db, table: string): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(`select ${LINE} as line from chain.${table} t`)
  return rows.map(({ line }) => line)
}
