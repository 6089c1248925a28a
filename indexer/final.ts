import type { Db } from '../common/node/db.ts'
import type { Block } from './source.ts'

/**
 * The final watermark after this step: the newest mirrored block that the node calls final.
 * On Polygon the node's own answer can jump back or fail, so it is taken as a hint that only ever moves the watermark forward,
 * and only when the block it names is the one that is mirrored. Needs the step's rows in place.
 */
export async function finalAfter(db: Db, finalized: Block | undefined, stored: bigint): Promise<bigint> {
  if (finalized === undefined || finalized.number <= stored) return stored
  const { rows } = await db.query<{ number: string; hash: string }>(
    `select block_number as number, block_hash as hash
    from block
    where block_number <= $1
    order by block_number desc
    limit 1`,
    [finalized.number],
  )
  const newest = rows[0]
  if (newest === undefined) return stored
  const number = BigInt(newest.number)
  if (number === finalized.number && newest.hash !== finalized.hash) return stored
  return number > stored ? number : stored
}
