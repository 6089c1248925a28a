import type { Db } from '../../common/node/db.ts'
import { copyOut } from './copy-out.ts'
import type { Destination } from './destination.ts'
import { writeParquet } from './parquet.ts'
import { quote, type Relation } from './relation.ts'
import { rowsQuery, type Wanted } from './rows-query.ts'
import type { Snapshot } from './snapshot.ts'
import { asJson, asParquet, asText } from './values.ts'

export const FORMATS = ['csv', 'ndjson', 'parquet'] as const
export type Format = (typeof FORMATS)[number]

/**
 * Streams a table or view to its destination with bounded memory and resolves to the number of rows. Needs an open snapshot.
 * CSV: as RFC 4180 has it, with a heading; null is an empty field, an empty text `""`. NDJSON: one object a line.
 * @throws NotApplicable when the table lacks what a condition is about
 */
export async function exportRelation(
  db: Db,
  relation: Relation,
  { format, wanted, snapshot }: { format: Format; wanted: Wanted; snapshot: Snapshot },
  destination: Destination,
  onRows: (rows: number) => void,
): Promise<number> {
  const { columns } = relation
  if (format === 'parquet') {
    const metadata = { 'terra.relation': relation.label, 'terra.snapshot': JSON.stringify(snapshot) }
    return writeParquet(db, rowsQuery(relation, wanted, columns.map(asParquet)), columns, metadata, destination, onRows)
  }
  if (format === 'csv') {
    const texts = columns.map((column) => `${asText(column)} as ${quote(column.name)}`)
    return copy(db, `copy (${rowsQuery(relation, wanted, texts)}) to stdout (format csv, header true)`, destination, onRows)
  }
  const lines = `select row_to_json(line) from (${rowsQuery(relation, wanted, columns.map(asJson))}) line`
  // JSON has no raw control characters, so that this way of writing CSV leaves it as it is.
  return copy(db, `copy (${lines}) to stdout (format csv, quote e'\\x01', delimiter e'\\x02')`, destination, onRows)
}

/** Texts may hold line ends, so what is told on the way is about right; the server counts exactly. */
async function copy(db: Db, sql: string, destination: Destination, onRows: (rows: number) => void): Promise<number> {
  let lines = 0
  return copyOut(db, sql, async (chunk) => {
    for (let at = chunk.indexOf(NEW_LINE); at !== -1; at = chunk.indexOf(NEW_LINE, at + 1)) lines++
    onRows(lines)
    await destination.write(chunk)
  })
}

const NEW_LINE = 10
