import type { Hex } from 'viem'
import type { Db } from '../common/node/db.ts'
import type { Checkpoint } from './checkpoint.ts'
import { type BlockId, FinalityViolated, Retry } from './errors.ts'
import { moveHoldings } from './holdings.ts'
import { dropSnapshotsAbove } from './snapshots.ts'
import type { Block, Source } from './source.ts'
import { TABLES } from './tables.ts'

/**
 * Compares the mirror with the node's chain and finds the block to go on from: the checkpoint itself,
 * or the newest common ancestor when the chain changed its mind.
 * A node that is merely behind is no reorganisation.
 * @throws Retry RPC_HEAD_BEHIND
 * @throws FinalityViolated when the ancestor is older than the final watermark
 */
export async function findBase(db: Db, source: Source, checkpoint: Checkpoint, head: Block): Promise<BlockId> {
  if (head.number === checkpoint.number && head.hash === checkpoint.hash) return checkpoint
  if (head.number > checkpoint.number) {
    const next = head.number === checkpoint.number + 1n ? head : await source.blockAt(checkpoint.number + 1n)
    if (next.parentHash === checkpoint.hash) return checkpoint
  }
  // Nothing is mirrored yet that the chain could have replaced: the node contradicts itself.
  if (!checkpoint.isStored)
    throw new Retry('RPC_BLOCK_MISMATCH', `Block ${checkpoint.number + 1n} does not follow block ${checkpoint.number}`)
  const stored = await readStoredBlocks(db, head.number, checkpoint.final)
  const newest = stored[0]
  const isOnlyBehind = head.number < checkpoint.number && (newest === undefined || (await isOnChain(source, newest, head)))
  if (isOnlyBehind) throw new Retry('RPC_HEAD_BEHIND', `The node is at block ${head.number}, the mirror at ${checkpoint.number}`)
  const ancestor = await findAncestor(source, stored, head)
  if (ancestor !== undefined && ancestor.number >= checkpoint.final) return ancestor
  const older = ancestor ?? (await findAncestor(source, await readStoredBlocks(db, checkpoint.final, OLDEST), head))
  const now = head.number < checkpoint.final ? head : await source.blockAt(checkpoint.final)
  const was = stored.find((block) => block.number === checkpoint.final)
  throw new FinalityViolated({ number: checkpoint.final, hash: was?.hash ?? checkpoint.hash }, now.hash, older)
}

async function findAncestor(source: Source, stored: readonly BlockId[], head: Block): Promise<BlockId | undefined> {
  for (let at = 0; at < stored.length; at += PROBES) {
    const probed = stored.slice(at, at + PROBES).filter((block) => block.number <= head.number)
    const answers = await Promise.all(probed.map((block) => isOnChain(source, block, head)))
    const ancestor = probed[answers.indexOf(true)]
    if (ancestor !== undefined) return ancestor
  }
  return undefined
}

/**
 * Deletes everything that stands on blocks above `base` and returns the addresses it touched.
 * Needs an open transaction.
 */
export async function rollBack(db: Db, base: BlockId): Promise<string[]> {
  const { rows } = await db.query<{ holder: string }>(
    `select from_address as holder from transfer where block_number > $1
    union select to_address from transfer where block_number > $1
    union select holder from claim where block_number > $1
    union select holder from lot_release where block_number > $1
    union select holder from clawback where block_number > $1
    union select from_address from holding_move where block_number > $1
    union select to_address from holding_move where block_number > $1
    union select account from account_set where block_number > $1`,
    [base.number],
  )
  await moveHoldings(db, -1, base.number + 1n, MAX_BLOCK)
  await dropSnapshotsAbove(db, base.number)
  for (const table of Object.keys(TABLES)) await db.query(`delete from ${table} where block_number > $1`, [base.number])
  await db.query('delete from block where block_number > $1', [base.number])
  return rows.map((row) => row.holder).filter((holder) => !/^0x0+$/.test(holder))
}

const OLDEST = 0n
const MAX_BLOCK = 9_223_372_036_854_775_807n
/** Headers asked for at one time while looking for the ancestor. */
const PROBES = 16

async function isOnChain(source: Source, block: BlockId, head: Block): Promise<boolean> {
  const now = block.number === head.number ? head : await source.blockAt(block.number)
  return now.hash === block.hash
}

/** Newest first, from the node's head down to the final watermark; one older block when the head is below the watermark. */
async function readStoredBlocks(db: Db, upTo: bigint, final: bigint): Promise<BlockId[]> {
  const { rows } = await db.query<{ number: string; hash: Hex }>(
    `select block_number as number, block_hash as hash
    from block
    where block_number <= $1
      and block_number >= coalesce((select max(block_number) from block where block_number <= least($1, $2)), 0)
    order by block_number desc`,
    [upTo, final],
  )
  return rows.map((row) => ({ number: BigInt(row.number), hash: row.hash }))
}
