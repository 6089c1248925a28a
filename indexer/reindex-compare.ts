import type { Db } from '../common/node/db.ts'
import { hashTable, rowsUpTo, type TableHash } from './table-hash.ts'
import { keyOf, TABLES, type Table } from './tables.ts'

/** One table in two mirrors. */
export interface Comparison {
  table: Table
  live: TableHash
  rebuilt: TableHash
  /** The first row that is not the same, by key; null when none differs. */
  firstDifference: { key: string; live: string | null; rebuilt: string | null } | null
}

/** Compares two mirrors of one database table by table, in one snapshot. Needs a transaction without queries before. */
export async function compareMirrors(
  db: Db,
  live: string,
  rebuilt: string,
  upToBlock: bigint,
  onTable: (done: number, total: number) => void = () => {},
): Promise<Comparison[]> {
  await db.query('set transaction isolation level repeatable read, read only')
  const tables = Object.keys(TABLES) as Table[]
  const compared: Comparison[] = []
  for (const table of tables) {
    const hashes = { live: await hashTable(db, live, table, upToBlock), rebuilt: await hashTable(db, rebuilt, table, upToBlock) }
    const isSame = hashes.live.sha256 === hashes.rebuilt.sha256
    compared.push({ table, ...hashes, firstDifference: isSame ? null : await findDifference(db, live, rebuilt, table, upToBlock) })
    onTable(compared.length, tables.length)
  }
  return compared
}

async function findDifference(db: Db, live: string, rebuilt: string, table: Table, upToBlock: bigint) {
  const key = keyOf(table)
  const { rows } = await db.query<{ key: string; live: string | null; rebuilt: string | null }>(
    `select concat_ws('/', ${key}) as key, live.line as live, rebuilt.line as rebuilt
    from (select ${key}, source::text as line from (${rowsUpTo(live, table, upToBlock)}) source) live
    full join (select ${key}, source::text as line from (${rowsUpTo(rebuilt, table, upToBlock)}) source) rebuilt using (${key})
    where live.line is distinct from rebuilt.line
    order by ${key}
    limit 1`,
  )
  return rows[0] ?? null
}
