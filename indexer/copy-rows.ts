import { finished } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import type { Db } from '../common/node/db.ts'
import { type CopyBuffer, createCopyBuffer } from './copy-buffer.ts'
import { type Kind, PLACE, type Row, TABLES, type Table } from './tables.ts'

/** Rows on their way, by table, ready for Postgres. */
export type Buffers = Map<Table, CopyBuffer>

/** Rows of events, encoded by their tables' columns. */
export function encodeRows(rows: readonly Row[], buffers: Buffers = new Map()): Buffers {
  for (const { table, columns } of rows) {
    const buffer = bufferOf(buffers, table)
    const kinds = Object.entries<Kind>(columnsOf(table))
    buffer.row(kinds.length)
    for (const [name, kind] of kinds) encode(buffer, kind, (columns as unknown as Record<string, unknown>)[name])
  }
  return buffers
}

export function bufferOf(buffers: Buffers, table: Table, bytes?: number): CopyBuffer {
  const known = buffers.get(table)
  if (known !== undefined) return known
  const buffer = createCopyBuffer(bytes)
  buffers.set(table, buffer)
  return buffer
}

/** Empties the buffers into the tables. Needs an open transaction; who writes the same rows again fails by their key. */
export async function copyRows(db: Db, buffers: ReadonlyMap<Table, Buffer>): Promise<void> {
  for (const [table, bytes] of buffers) {
    const stream = await db.query(copyFrom(`copy ${table} (${Object.keys(columnsOf(table)).join(', ')}) from stdin (format binary)`))
    stream.end(bytes)
    await finished(stream)
  }
}

/** The bytes of all buffers with rows; the buffers begin anew. */
export function takeAll(buffers: Buffers): Map<Table, Buffer> {
  return new Map([...buffers].filter(([, buffer]) => buffer.rows > 0).map(([table, buffer]) => [table, buffer.take()]))
}

function columnsOf(table: Table): Record<string, Kind> {
  return { ...PLACE, ...TABLES[table] }
}

function encode(buffer: CopyBuffer, kind: Kind, value: unknown): void {
  const plain = value === null ? 'null' : (kind.replace('?', '') as Encoding)
  ENCODE[plain](buffer, value as never)
}

type Encoding = keyof typeof ENCODE

const ENCODE = {
  null: (buffer: CopyBuffer) => buffer.null(),
  int: (buffer: CopyBuffer, value: number) => buffer.int4(value),
  bigint: (buffer: CopyBuffer, value: bigint) => buffer.int8(Number(value)),
  numeric: (buffer: CopyBuffer, value: bigint) => buffer.numeric(value),
  seconds: (buffer: CopyBuffer, value: bigint) => buffer.time(Number(value)),
  boolean: (buffer: CopyBuffer, value: boolean) => buffer.boolean(value),
  text: (buffer: CopyBuffer, value: string) => buffer.text(value),
}
