import type { Db } from '../common/node/db.ts'
import type { Block } from './source.ts'
import type { Row } from './tables.ts'

/** Writes headers; one that is there already stays. Needs an open transaction. */
export async function writeBlocks(db: Db, blocks: readonly Block[]): Promise<void> {
  await db.query(
    `insert into block (block_number, block_hash, parent_hash, block_time)
    select number, hash, parent_hash, ${toTime('seconds')}
    from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) as new (number, hash, parent_hash, seconds)
    on conflict (block_number) do nothing`,
    [
      blocks.map((block) => block.number),
      blocks.map((block) => block.hash),
      blocks.map((block) => block.parentHash),
      blocks.map((block) => block.timeSeconds),
    ],
  )
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

/** Tells listeners, when the transaction commits, whose holdings changed and how far the mirror has come. Only the platform's own mirror has any. */
export async function notify(db: Db, holders: Iterable<string>, blockNumber: bigint): Promise<void> {
  await db.query(
    `select pg_notify('holding_changed', holder)
    from unnest($1::text[]) as holder
    where current_schema() = 'chain'`,
    [[...holders]],
  )
  await db.query(`select pg_notify(current_schema() || '_changed', $1::text)`, [String(blockNumber)])
}

/** Exact for every second that the contracts know (40 bits); to_timestamp() computes in floating point and isn't. */
function toTime(seconds: string): string {
  return `(timestamp 'epoch' + (${seconds} / 86400)::int * interval '1 day' + (${seconds} % 86400)::int * interval '1 second') at time zone 'UTC'`
}
