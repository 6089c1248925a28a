import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { Db } from '../../common/node/db.ts'
import type { Destination } from './destination.ts'
import type { Column } from './relation.ts'

/** Rows in memory at a time, and in one row group of the file. */
const ROWS_PER_GROUP = 10_000

/**
 * Writes rows as Parquet, one row group at a time. Big numbers are decimal strings: most readers stop at 38 digits, a uint256 has 78.
 * @param metadata Goes into the file's own key-value metadata
 * @param query Gives the columns as `asParquet` writes them
 */
export async function writeParquet(
  db: Db,
  query: string,
  columns: readonly Column[],
  metadata: Record<string, string>,
  destination: Destination,
  onRows: (rows: number) => void,
): Promise<number> {
  const bytes = new ByteWriter() as ByteWriter & { flush?: () => Promise<void> }
  const flush = async () => {
    const chunk = bytes.getBytes().slice()
    bytes.index = 0
    await destination.write(chunk)
  }
  bytes.flush = flush
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)],
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: 'Terra Lumina',
  })
  await db.query(`declare exported no scroll cursor for ${query}`)
  let count = 0
  for (;;) {
    const { rows } = await db.query<unknown[]>({ text: `fetch ${ROWS_PER_GROUP} from exported`, rowMode: 'array' })
    if (rows.length === 0) break
    const columnData = columns.map((column, at) => ({ name: column.name, data: rows.map((row) => toValue(column, row[at])) }))
    await writer.write({ columnData, rowGroupSize: ROWS_PER_GROUP })
    count += rows.length
    onRows(count)
  }
  await writer.finish()
  await flush()
  await db.query('close exported')
  return count
}

function elementOf({ name, type }: Column): SchemaElement {
  const element = { name, repetition_type: 'OPTIONAL' } as const
  switch (type) {
    case 'int2':
    case 'int4':
      return { ...element, type: 'INT32' }
    case 'int8':
      return { ...element, type: 'INT64' }
    case 'bool':
      return { ...element, type: 'BOOLEAN' }
    case 'date':
      return { ...element, type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } }
    case 'timestamptz':
      return {
        ...element,
        type: 'INT64',
        converted_type: 'TIMESTAMP_MICROS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
      }
    default:
      return { ...element, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }
  }
}

/** The driver gives 64-bit numbers as text. */
function toValue({ type }: Column, value: unknown): unknown {
  return value !== null && (type === 'int8' || type === 'timestamptz') ? BigInt(value as string) : value
}
