import { GOVERNANCE_TABLES } from './tables/governance.ts'
import type { Kind as AnyKind } from './tables/kinds.ts'
import { LEDGER_TABLES } from './tables/ledger.ts'
import { PEOPLE_TABLES } from './tables/people.ts'
import { RETURNS_TABLES } from './tables/returns.ts'
import { SALES_TABLES } from './tables/sales.ts'

/** See {@link AnyKind}. */
export type Kind = AnyKind

/** One table per event, or per family of events with a column `step` or `setting`; the columns it has besides {@link PLACE}. */
export const TABLES = { ...LEDGER_TABLES, ...PEOPLE_TABLES, ...RETURNS_TABLES, ...SALES_TABLES, ...GOVERNANCE_TABLES } as const

/** Where an event stands on the chain: the first columns of every table. */
export const PLACE = { block_number: 'bigint', log_index: 'int', block_time: 'seconds', tx_hash: 'text' } as const

export type Table = keyof typeof TABLES

/** Primary key of a table: one log makes several rows only where they have a `batch_index`. */
export function keyOf(table: Table): string {
  return 'batch_index' in TABLES[table] ? 'block_number, log_index, batch_index' : 'block_number, log_index'
}

type Value<K> = K extends `${infer Plain}?`
  ? Value<Plain> | null
  : K extends 'int'
    ? number
    : K extends 'text'
      ? string
      : K extends 'boolean'
        ? boolean
        : bigint

export type Columns<T extends Table> = { -readonly [C in keyof (typeof TABLES)[T]]: Value<(typeof TABLES)[T][C]> }

/** Where and when an event happened. */
export interface Place {
  block_number: bigint
  log_index: number
  block_time: bigint
  tx_hash: string
}

/** One row of one table, from one event. */
export type RowOf<T extends Table> = { table: T; columns: Columns<T> & Place }
export type Row = { [T in Table]: RowOf<T> }[Table]
