import type { Db } from '../../common/node/db.ts'
import type { Facts } from './chain/generate.ts'

export interface RawBalancesOptions {
  /** Where `eth_getLogs` is asked. */
  nodeUrl: string
  contract: string
  facts: Pick<Facts, 'head' | 'transfers'>
  /** Rows (project_id, holder, units) of the index that is compared. */
  holdings: string
  onProgress: (block: number) => void
}

/** Blocks of one request: some megabytes of JSON. */
const BLOCKS_AT_ONCE = 1_000
const SHOWN = 10

/**
 * A second way to the same balances, which shares no code with the first: the node's logs, stored as the text that they came as, are
 * decoded and added up by SQL alone. Answers the first differences as sentences; none when every holder has the same of every id.
 * Needs an administrator; leaves nothing behind.
 */
export async function compareRawBalances(db: Db, options: RawBalancesOptions): Promise<string[]> {
  const { nodeUrl, contract, facts, holdings, onProgress } = options
  await db.query(`drop schema if exists raw cascade; create schema raw; ${TABLES}`)
  try {
    for (let first = 0; first <= facts.head; first += BLOCKS_AT_ONCE) {
      const last = Math.min(first + BLOCKS_AT_ONCE - 1, facts.head)
      await db.query(
        `insert into raw.log
        select log ->> 'topics', log ->> 'data'
        from jsonb_array_elements($1::jsonb -> 'result') log
        where lower(log ->> 'address') = $2`,
        [await askForLogs(nodeUrl, contract, first, last), contract],
      )
      onProgress(last)
    }
    await db.query(`set work_mem = '256MB'; ${SUMS}`)
    const pieces = await db.query<{ count: string }>('select sum(pieces) as count from raw.sum')
    // Each piece changes two balances, the zero address's included.
    const counted = Number(pieces.rows[0]!.count ?? 0) / 2
    const missing = counted === facts.transfers ? [] : [`The raw logs move ${counted} pieces, the chain ${facts.transfers}`]
    const { rows } = await db.query<{ id: string; holder: string; raw: string; index: string; total: string }>(
      `select coalesce(s.id, h.project_id) as id, coalesce(s.holder, h.holder) as holder,
        coalesce(s.units, 0) as raw, coalesce(h.units, 0) as index, count(*) over () as total
      from (select id, holder, units from raw.sum where units <> 0 and holder <> '0x0000000000000000000000000000000000000000') s
      full join (
        select project_id::numeric, lower(holder) as holder, units::numeric
        from (${holdings}) h (project_id, holder, units)
      ) h on h.project_id = s.id and h.holder = s.holder
      where coalesce(s.units, 0) <> coalesce(h.units, 0)
      order by 1, 2
      limit ${SHOWN}`,
    )
    const differences = rows.map(({ id, holder, raw, index }) => `${holder} has ${raw} of ${id} by the raw logs, ${index} in the index`)
    const more = Number(rows[0]?.total ?? 0) - rows.length
    return [...missing, ...differences, ...(more > 0 ? [`and ${more} more`] : [])]
  } finally {
    await db.query('drop schema if exists raw cascade; reset work_mem')
  }
}

/** The node's answer as it stands. */
async function askForLogs(url: string, address: string, first: number, last: number): Promise<string> {
  const filter = { address, fromBlock: `0x${first.toString(16)}`, toBlock: `0x${last.toString(16)}` }
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getLogs', params: [filter] }),
  })
  return response.text()
}

const TABLES = `
create unlogged table raw.log (topics text not null, data text not null);
create unlogged table raw.sum (id numeric not null, holder text not null, units numeric not null, pieces bigint not null);

-- The nth word of 32 bytes of some data; 0 is the first.
create function raw.word(data text, n int) returns numeric
language sql immutable
return ('0x' || substr(data, 3 + 64 * n, 64))::numeric;
`

/** keccak256 of TransferSingle(address,address,address,uint256,uint256) and of TransferBatch(address,address,address,uint256[],uint256[]). */
const SINGLE = '0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62'
const BATCH = '0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb'

const SUMS = `
insert into raw.sum
select id, holder, sum(delta), count(*)
from (
  select topics::jsonb as topics, data
  from raw.log
) log
cross join lateral (
  select raw.word(data, 0) as id, raw.word(data, 1) as value
  where topics ->> 0 = '${SINGLE}'
  union all
  -- Each list is where its offset says, in bytes, behind its length.
  select raw.word(data, ids + at), raw.word(data, amounts + at)
  from (select (raw.word(data, 0) / 32)::int as ids, (raw.word(data, 1) / 32)::int as amounts) place
  cross join generate_series(1, raw.word(data, ids)::int) at
  where topics ->> 0 = '${BATCH}'
) moved
cross join lateral (
  values ('0x' || substr(topics ->> 2, 27), -value), ('0x' || substr(topics ->> 3, 27), value)
) change (holder, delta)
group by id, holder
`
