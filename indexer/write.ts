import type { Db } from '../common/node/db.ts'
import type { Block } from './source.ts'
import { type Columns, type Kind, PLACE, type Place, type Row, type RowOf, TABLES, type Table } from './tables.ts'

/** Rows sent in one statement; bounds the memory of one message. */
const ROWS_AT_ONCE = 20_000

/** Writes blocks, then the rows that stand on them. Writing the same again changes nothing. Needs an open transaction. */
export async function writeBlocks(db: Db, blocks: readonly Block[], rows: readonly Row[]): Promise<void> {
  const counts = new Map<bigint, Set<number>>()
  for (const { columns } of rows) {
    const events = counts.get(columns.block_number) ?? new Set()
    counts.set(columns.block_number, events.add(columns.log_index))
  }
  await db.query(
    `insert into chain.block (block_number, block_hash, parent_hash, block_time, event_count)
    select number, hash, parent_hash, ${toTime('seconds')}, event_count
    from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::int[]) as new (number, hash, parent_hash, seconds, event_count)
    on conflict (block_number) do nothing`,
    [
      blocks.map((block) => block.number),
      blocks.map((block) => block.hash),
      blocks.map((block) => block.parentHash),
      blocks.map((block) => block.timeSeconds),
      blocks.map((block) => counts.get(block.number)?.size ?? 0),
    ],
  )
  for (const table of Object.keys(TABLES) as Table[]) {
    const own = rows.filter((row) => row.table === table)
    for (let at = 0; at < own.length; at += ROWS_AT_ONCE) await insertRows(db, table, own.slice(at, at + ROWS_AT_ONCE))
  }
}

/** The addresses whose units, dues or rights the rows change. */
export function holdersOf(rows: readonly Row[]): Set<string> {
  const holders = new Set<string>()
  for (const row of rows) {
    if (row.table === 'transfer') holders.add(row.columns.from_address).add(row.columns.to_address)
    else if (row.table === 'claim' || row.table === 'lot_release' || row.table === 'clawback') holders.add(row.columns.holder)
    else if (row.table === 'holding_move') holders.add(row.columns.from_address).add(row.columns.to_address)
    else if (row.table === 'account_set') holders.add(row.columns.account)
  }
  holders.delete(ZERO_ADDRESS)
  return holders
}

const ZERO_ADDRESS = '0x0000000000000000000000000000000000000000'

/** Tells listeners, when the transaction commits, whose holdings changed and how far the mirror has come. */
export async function notify(db: Db, holders: Iterable<string>, blockNumber: bigint): Promise<void> {
  await db.query(`select pg_notify('holding_changed', holder) from unnest($1::text[]) as holder`, [[...holders]])
  await db.query(`select pg_notify('chain_changed', $1::text)`, [String(blockNumber)])
}

async function insertRows<T extends Table>(db: Db, table: T, rows: readonly RowOf<T>[]): Promise<void> {
  const columns: Record<string, Kind> = { ...PLACE, ...TABLES[table] }
  const names = Object.keys(columns) as (keyof (Columns<T> & Place))[]
  const kinds = Object.values(columns).map((kind) => kind.replace('?', ''))
  const list = names.join(', ')
  const values = names.map((name, at) => (kinds[at] === 'seconds' ? toTime(String(name)) : name)).join(', ')
  const arrays = kinds.map((kind, at) => `$${at + 1}::${kind === 'seconds' ? 'bigint' : kind}[]`).join(', ')
  const key = table === 'transfer' ? 'block_number, log_index, batch_index' : 'block_number, log_index'
  await db.query(
    `insert into chain.${table} (${list})
    select ${values}
    from unnest(${arrays}) as new (${list})
    on conflict (${key}) do nothing`,
    names.map((name) => rows.map((row) => row.columns[name])),
  )
}

/** Exact for every second that the contracts know (40 bits); to_timestamp() computes in floating point and isn't. */
function toTime(seconds: string): string {
  return `(timestamp 'epoch' + (${seconds} / 86400)::int * interval '1 day' + (${seconds} % 86400)::int * interval '1 second') at time zone 'UTC'`
}
