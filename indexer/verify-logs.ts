import type { PublicClient } from 'viem'
import type { Db } from '../common/node/db.ts'
import { decode } from './decode.ts'
import { inParallel } from './in-parallel.ts'
import { addressesOf, type Contracts } from './settings.ts'
import { createSource, type MinedLog } from './source.ts'
import { TABLES, type Table } from './tables.ts'
import { compareRows, readRows, toValues } from './verify-rows.ts'
import type { BlockRange, Findings } from './verify-types.ts'

export interface LogOptions {
  contracts: Contracts
  /** True when the rows of other contracts than the ledger are to be compared as well. */
  allTables: boolean
  onProgress: (done: number, total: number, what: string) => void
}

/** Requests in flight; the database is asked by one connection anyway. */
const RANGES_AT_ONCE = 4
const BLOCKS = { first: 1_000n, most: 50_000n }
/** About as many logs in one answer as most providers allow, and as memory is kept for. */
const LOGS_PER_RANGE = 10_000

/**
 * Reads all logs of a stretch of blocks from the node again and holds them against the rows, so that a row that is wrong, missing or
 * left over is found where it stands. @returns how many logs the node has
 */
export async function checkLogs(client: PublicClient, db: Db, range: BlockRange, findings: Findings, options: LogOptions): Promise<number> {
  const source = createSource(client, addressesOf(options.contracts))
  const tables: Table[] = options.allTables ? (Object.keys(TABLES) as Table[]) : ['transfer']
  const total = Number(range.to - range.from + 1n)
  let blocks = BLOCKS.first
  let [done, logs] = [0, 0]

  function* ranges(): Generator<BlockRange> {
    for (let from = range.from; from <= range.to; ) {
      const to = from + blocks - 1n < range.to ? from + blocks - 1n : range.to
      yield { from, to }
      from = to + 1n
    }
  }

  /** What a provider refuses in one piece is asked for in halves; one block that is refused is a fault. */
  async function read({ from, to }: BlockRange): Promise<void> {
    let found: MinedLog[]
    try {
      found = await source.logsBetween(from, to)
    } catch (error) {
      if (from === to) throw error
      const middle = (from + to) / 2n
      blocks = middle - from + 1n
      await read({ from, to: middle })
      return read({ from: middle + 1n, to })
    }
    if (found.length > LOGS_PER_RANGE && blocks > 1n) blocks /= 2n
    else if (found.length < LOGS_PER_RANGE / 4 && blocks < BLOCKS.most && to - from + 1n >= blocks) blocks *= 2n
    await compareRange(db, { from, to }, found, tables, options.contracts, findings)
    logs += found.length
    done += Number(to - from + 1n)
    options.onProgress(done, total, 'Comparing logs')
  }

  await inParallel(ranges(), read, RANGES_AT_ONCE)
  return logs
}

async function compareRange(
  db: Db,
  range: BlockRange,
  logs: readonly MinedLog[],
  tables: readonly Table[],
  contracts: Contracts,
  findings: Findings,
): Promise<void> {
  // Not every node says with a log when its block was made.
  const times = new Map(
    logs.flatMap(({ blockNumber, blockTimestamp }) => (blockTimestamp === undefined ? [] : [[blockNumber, blockTimestamp] as const])),
  )
  const rows = decode(logs, contracts, (block) => times.get(block) ?? 0n)
  const onChain = toValues(rows, (block) => times.has(block))
  const mirrored = await readRows(db, tables, range)
  for (const table of tables) compareRows(table, onChain.get(table) ?? [], mirrored.get(table) ?? [], findings)
}
