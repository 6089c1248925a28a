import type { PublicClient } from 'viem'
import type { Db } from '../common/node/db.ts'
import { copyRows, encodeRows, takeAll } from './copy-rows.ts'
import { decode } from './decode.ts'
import { sumHoldings } from './holdings.ts'
import { inTransaction } from './in-transaction.ts'
import { addressesOf, type Contracts } from './settings.ts'
import { createSource, type MinedLog } from './source.ts'
import { TABLES } from './tables.ts'
import type { BlockRange } from './verify-types.ts'

export interface RepairDeps {
  /** A connection as the indexer's role, whose search_path is the mirror's schema. */
  db: Db
  client: PublicClient
  contracts: Contracts
}

/**
 * Reads damaged blocks again and puts what the chain says in the place of their rows, then adds all holdings up anew and forgets what was
 * worked out from the rows before, in one transaction. A running indexer waits for it, and makes the snapshots again. Blocks above the final
 * one are left to the indexer. Resolves to the number of logs written.
 */
export async function repairBlocks({ db, client, contracts }: RepairDeps, damage: readonly BlockRange[]): Promise<number> {
  const source = createSource(client, addressesOf(contracts))
  let count = 0
  await inTransaction(db, async () => {
    const { rows } = await db.query<{ final: string }>('select final_block as final from checkpoint for update')
    const final = BigInt(rows[0]?.final ?? -1)
    for (const { from, to: last } of damage) {
      const to = last < final ? last : final
      if (from > to) continue
      const logs = await source.logsBetween(from, to)
      const times = await timesOf(source, logs)
      for (const table of Object.keys(TABLES)) await db.query(`delete from ${table} where block_number between $1 and $2`, [from, to])
      await copyRows(db, takeAll(encodeRows(decode(logs, contracts, (number) => times.get(number)!))))
      count += logs.length
    }
    await sumHoldings(db)
    await db.query('update checkpoint set holding_block = block_number')
  })
  return count
}

async function timesOf(source: ReturnType<typeof createSource>, logs: readonly MinedLog[]): Promise<Map<bigint, bigint>> {
  const times = new Map<bigint, bigint>()
  for (const number of new Set(logs.map((log) => log.blockNumber))) times.set(number, (await source.blockAt(number)).timeSeconds)
  return times
}
