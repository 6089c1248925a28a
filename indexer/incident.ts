import type { Db } from '../common/node/db.ts'
import type { Mirrored } from './checkpoint.ts'
import type { BlockId, FinalityViolated } from './errors.ts'
import { inTransaction } from './in-transaction.ts'
import { rollBack } from './reorg.ts'
import { notify } from './write.ts'

/** Notes a violation, which halts minting at once; the same one again changes nothing. Resolves to whether it is a new one. */
export async function recordIncident(db: Db, { final, replacedBy }: FinalityViolated): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into incident (block_number, block_hash, replaced_by)
    values ($1, $2, $3)
    on conflict (block_number, block_hash) do nothing`,
    [final.number, final.hash, replacedBy],
  )
  return rowCount === 1
}

/** Gives up all that is mirrored above `ancestor`, final or not, and goes on from there: an incident stands, the mirror follows the chain again. */
export async function heal(db: Db, mirrored: Mirrored, ancestor: BlockId): Promise<void> {
  await inTransaction(db, async () => {
    await db.query('select from checkpoint where chain_id = $1 for update', [mirrored.chainId])
    const holders = await rollBack(db, ancestor)
    await db.query(
      `update checkpoint c
      set block_number = b.block_number, block_hash = b.block_hash, block_time = b.block_time,
        final_block = b.block_number, settled_block = least(c.settled_block, b.block_number), holding_block = b.block_number, updated_at = now()
      from block b
      where b.block_number = $1`,
      [ancestor.number],
    )
    await notify(db, holders, ancestor.number)
  })
}
