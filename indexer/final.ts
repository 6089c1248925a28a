import type { Db } from '../common/node/db.ts'
import type { BlockId } from './errors.ts'
import type { Block, Source } from './source.ts'
import type { Witness } from './witness.ts'

/** Whether no other node has another block in its place: final is what all say that say anything. */
export async function isUndisputed(block: BlockId, witnesses: readonly Witness[]): Promise<boolean> {
  const answers = await Promise.all(witnesses.map((witness) => witness.hasBlock(block)))
  return !answers.includes(false)
}

/**
 * What the node calls final, where that can be: not above its head, and, unless it is mirrored and {@link finalAfter} compares it,
 * on the chain that it sends. Believed, any other would make blocks final that are not.
 */
export async function readFinalized(source: Source, head: Block, mirrored: bigint, said: Block | undefined): Promise<Block | undefined> {
  if (said === undefined || said.number > head.number) return undefined
  if (said.number <= mirrored) return said
  const there = said.number === head.number ? head : await source.blockAt(said.number)
  return there.hash === said.hash ? said : undefined
}

/**
 * The final watermark after this step: the newest mirrored block that the node calls final.
 * On Polygon the node's own answer can jump back or fail, so it is taken as a hint that only ever moves the watermark forward,
 * and, where it names a block at or below the newest mirrored one, only when that very block is mirrored. Needs the step's rows in place.
 */
export async function finalAfter(db: Db, finalized: BlockId | undefined, stored: bigint): Promise<bigint> {
  if (finalized === undefined || finalized.number <= stored) return stored
  const { rows } = await db.query<{ number: string; hash: string }>(
    `select block_number as number, block_hash as hash
    from block
    where block_number in ($1, (select max(block_number) from block))
    order by block_number
    limit 1`,
    [finalized.number],
  )
  const row = rows[0]
  if (row === undefined) return stored
  const number = BigInt(row.number)
  // The only row is the newest one, and that is above the final block: its header isn't kept.
  if (number > finalized.number) return stored
  if (number === finalized.number && row.hash !== finalized.hash) return stored
  return number > stored ? number : stored
}
