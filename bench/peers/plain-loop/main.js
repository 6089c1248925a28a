// What a careful developer writes first: eth_getLogs in steps of 2,000 blocks, decoded by viem, rows and balances in one transaction a step.
import pg from 'pg'
import { createPublicClient, decodeEventLog, http, parseAbi, zeroAddress } from 'viem'

const BLOCKS_AT_ONCE = 2_000n
const ROWS_AT_ONCE = 1_000

const abi = parseAbi([
  'event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)',
  'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
])
const { RPC_URL, DATABASE_URL, CONTRACT_ADDRESS } = process.env
const client = createPublicClient({ transport: http(RPC_URL, { timeout: 60_000, maxResponseBodySize: false }) })
const db = new pg.Client({ connectionString: DATABASE_URL })
await db.connect()
await db.query(`
  create table transfers (
    block_number int not null, tx_hash text not null, log_index int not null, batch_index int not null, operator text not null,
    from_address text not null, to_address text not null, project_id numeric(78, 0) not null, units numeric(78, 0) not null,
    primary key (block_number, log_index, batch_index)
  );
  create table balances (holder text not null, project_id numeric(78, 0) not null, units numeric(78, 0) not null, primary key (holder, project_id));
  create table cursor (one int primary key, block_number int not null);
`)

const head = await client.getBlockNumber()
for (let from = 0n; from <= head; from += BLOCKS_AT_ONCE) {
  const to = from + BLOCKS_AT_ONCE - 1n < head ? from + BLOCKS_AT_ONCE - 1n : head
  const logs = await client.getLogs({ address: CONTRACT_ADDRESS, events: abi, fromBlock: from, toBlock: to })
  const { rows, changes } = decode(logs)
  await db.query('begin')
  await insert('transfers', rows)
  await insert('balances', changes, 'on conflict (holder, project_id) do update set units = balances.units + excluded.units')
  await db.query('insert into cursor values (1, $1) on conflict (one) do update set block_number = excluded.block_number', [to])
  await db.query('commit')
}
await db.end()

function decode(logs) {
  const rows = []
  const changes = new Map()
  const change = (holder, id, units) => {
    if (holder === zeroAddress) return
    const entry = changes.get(`${holder} ${id}`)
    if (entry) entry[2] += units
    else changes.set(`${holder} ${id}`, [holder, id, units])
  }
  for (const log of logs) {
    const { eventName, args } = decodeEventLog({ abi, topics: log.topics, data: log.data })
    const [operator, from, to] = [args.operator, args.from, args.to].map((address) => address.toLowerCase())
    const moves = eventName === 'TransferSingle' ? [[args.id, args.value]] : args.ids.map((id, at) => [id, args.values[at]])
    moves.forEach(([id, units], at) => {
      rows.push([log.blockNumber, log.transactionHash, log.logIndex, at, operator, from, to, id, units])
      change(from, id, -units)
      change(to, id, units)
    })
  }
  return { rows, changes: [...changes.values()] }
}

async function insert(table, rows, conflict = '') {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const part = rows.slice(at, at + ROWS_AT_ONCE)
    const width = part[0].length
    const values = part.map((_, row) => `(${part[0].map((_, column) => `$${row * width + column + 1}`).join(', ')})`).join(', ')
    await db.query(`insert into ${table} values ${values} ${conflict}`, part.flat())
  }
}
