import type { Db } from '../../common/node/db.ts'
import { quote } from './relation.ts'

/** What an export says about where its rows come from. */
export interface Snapshot {
  chainId: number
  contract: string
  /** The block as of which the rows are. */
  block: string
  /** The newest block that can't be undone any more. */
  finalBlock: string
  /** The newest final block that is also deep below the head. */
  settledBlock: string
  /** Whether nothing in the export can change any more. */
  isFinal: boolean
  takenAt: string
}

/** One state of the database for the whole transaction, whose first query this must be. Unqualified names mean the mirror's tables. */
export async function openExportSnapshot(db: Db, schema: string): Promise<void> {
  await db.query('set transaction isolation level repeatable read, read only')
  await db.query(`set local search_path to ${quote(schema)}`)
  await db.query(`set local timezone to 'UTC'`)
  await db.query(`set local datestyle to iso`)
}

/** Undefined when nothing is mirrored yet. */
export async function readSnapshot(db: Db, asOfBlock: bigint | undefined, takenAt: Date): Promise<Snapshot | undefined> {
  const { rows } = await db.query<{ chainId: string; contract: string; block: string; final: string; settled: string }>(
    `select chain_id as "chainId", contract, block_number as block, final_block as final, settled_block as settled
    from checkpoint`,
  )
  const row = rows[0]
  if (row === undefined) return undefined
  const block = asOfBlock ?? BigInt(row.block)
  return {
    chainId: Number(row.chainId),
    contract: row.contract,
    block: String(block),
    finalBlock: row.final,
    settledBlock: row.settled,
    isFinal: block <= BigInt(row.final),
    takenAt: takenAt.toISOString(),
  }
}
