import { createHash } from 'node:crypto'
import type { Db } from '../common/node/db.ts'
import { copyOut } from './export/copy-out.ts'
import { quote } from './export/relation.ts'
import { keyOf, TABLES, type Table } from './tables.ts'

/** What one table is like in a mirror, up to some block. */
export interface TableHash {
  rows: number
  /** SHA-256 of its rows in the order of their key, as `copy … to stdout` writes them, times in UTC. */
  sha256: string
}

/** Every table of a mirror, in the order of {@link TABLES}. Needs an open transaction. */
export async function hashTables(
  db: Db,
  schema: string,
  upToBlock: bigint,
  onTable: (done: number, total: number) => void = () => {},
): Promise<Record<Table, TableHash>> {
  const tables = Object.keys(TABLES) as Table[]
  const hashes: Partial<Record<Table, TableHash>> = {}
  for (const [at, table] of tables.entries()) {
    hashes[table] = await hashTable(db, schema, table, upToBlock)
    onTable(at + 1, tables.length)
  }
  return hashes as Record<Table, TableHash>
}

/** Reads a table as a stream: memory does not grow with it. Needs an open transaction. */
export async function hashTable(db: Db, schema: string, table: Table, upToBlock: bigint): Promise<TableHash> {
  await db.query(`set local timezone to 'UTC'`)
  await db.query(`set local datestyle to iso`)
  const hash = createHash('sha256')
  const sql = `copy (${rowsUpTo(schema, table, upToBlock)} order by ${keyOf(table)}) to stdout`
  const rows = await copyOut(db, sql, (chunk) => void hash.update(chunk))
  return { rows, sha256: hash.digest('hex') }
}

/** The query of a table's rows up to a block. */
export function rowsUpTo(schema: string, table: Table, block: bigint): string {
  return `select * from ${quote(schema, table)} where block_number <= ${block}`
}
