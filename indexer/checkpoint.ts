import { type Hex, zeroHash } from 'viem'
import type { Db } from '../common/node/db.ts'
import { Retry, Stop } from './errors.ts'
import { addressesOf, type Contracts } from './settings.ts'
import type { Block, Source } from './source.ts'

/** How far the mirror has come. */
export interface Checkpoint {
  number: bigint
  hash: Hex
  /** The newest mirrored block that may no longer be undone. */
  final: bigint
  /** The newest block whose transfers the holdings contain; behind the checkpoint only during a long load. */
  holding: bigint
  /** False until the first step is written. */
  isStored: boolean
  /** The block an empty mirror begins on, written with the first step; block 0 has none before it. */
  root?: Block
}

/** What is mirrored; fixed for the life of a mirror. */
export interface Mirrored {
  chainId: number
  contracts: Contracts
  startBlock: bigint
  /** Blocks below the head at which a final block is settled as well ({@link TAIL_BLOCKS}). */
  settleDepth?: bigint
}

/** Blocks near the head that keep their row even without events: deeper reorganisations than Polygon allows (PIP-11: 255). */
export const TAIL_BLOCKS = 256n

/** @throws Stop MIRROR_OF_ANOTHER_CONTRACT when the database belongs to another chain or contract */
export async function readCheckpoint(db: Db, mirrored: Mirrored): Promise<Checkpoint | undefined> {
  const { rows } = await db.query<{ chainId: string; contract: string; number: string; hash: Hex; final: string; holding: string }>(
    `select chain_id as "chainId", contract, block_number as number, block_hash as hash, final_block as final, holding_block as holding
    from checkpoint`,
  )
  const row = rows[0]
  if (row === undefined) return undefined
  if (Number(row.chainId) !== mirrored.chainId || row.contract !== mirrored.contracts.ownership)
    throw new Stop(
      'MIRROR_OF_ANOTHER_CONTRACT',
      `This database mirrors ${row.contract} on chain ${row.chainId}, not ${mirrored.contracts.ownership} on chain ${mirrored.chainId}; rebuild it with "terra reindex", or use another database or MIRROR_SCHEMA`,
    )
  return { number: BigInt(row.number), hash: row.hash, final: BigInt(row.final), holding: BigInt(row.holding), isStored: true }
}

/** Where an empty mirror begins: at the block before the first one. */
export async function firstCheckpoint(source: Source, { startBlock }: Mirrored, head: Block): Promise<Checkpoint> {
  if (startBlock > head.number)
    throw new Stop('START_BLOCK_AHEAD', `START_BLOCK is ${startBlock}, and the chain has come to block ${head.number}`)
  if (startBlock === 0n) return { number: -1n, hash: zeroHash, final: -1n, holding: -1n, isStored: false }
  const root = await source.blockAt(startBlock - 1n)
  return { number: root.number, hash: root.hash, final: root.number, holding: root.number, isStored: false, root }
}

/**
 * Locks the checkpoint and checks that it is still the one this step was worked out from.
 * @throws Retry CHECKPOINT_MOVED
 */
export async function lockCheckpoint(db: Db, expected: Checkpoint): Promise<void> {
  const { rows } = await db.query<{ number: string; hash: Hex }>(
    'select block_number as number, block_hash as hash from checkpoint for update',
  )
  const row = rows[0]
  const isSame = expected.isStored
    ? row !== undefined && BigInt(row.number) === expected.number && row.hash === expected.hash
    : row === undefined
  if (!isSame) throw new Retry('CHECKPOINT_MOVED', 'The checkpoint changed while a step was worked out')
}

/**
 * Moves the checkpoint to a block that has its row. `holding` is how far the holdings have come. `final` never moves the watermark back.
 * Polygon's nodes have taken final blocks back, by a bug of theirs: what must never be wrong waits for `settled_block`, which is as
 * deep below the head besides as any reorganisation ever was.
 */
export async function saveCheckpoint(db: Db, mirrored: Mirrored, blockNumber: bigint, final: bigint, holding: bigint): Promise<void> {
  await db.query(
    `insert into checkpoint as c (chain_id, contract, start_block, block_number, block_hash, block_time, final_block, settled_block, holding_block, contracts)
    select $1, $2, $3, block_number, block_hash, block_time, $5, least($5, block_number - $7), $6, $8
    from block
    where block_number = $4
    on conflict (id) do update set
      block_number = excluded.block_number,
      block_hash = excluded.block_hash,
      block_time = excluded.block_time,
      final_block = greatest(c.final_block, excluded.final_block),
      settled_block = greatest(c.settled_block, excluded.settled_block),
      holding_block = excluded.holding_block,
      updated_at = now()`,
    [
      mirrored.chainId,
      mirrored.contracts.ownership,
      mirrored.startBlock,
      blockNumber,
      final,
      holding,
      mirrored.settleDepth ?? TAIL_BLOCKS,
      addressesOf(mirrored.contracts),
    ],
  )
}

/** Forgets headers that are final and older than the tail: by a rule of numbers alone, so that every mirror of a chain keeps the same. */
export async function pruneBlocks(db: Db): Promise<void> {
  await db.query('delete from block where block_number < (select least(final_block, block_number - $1) from checkpoint)', [
    TAIL_BLOCKS - 1n,
  ])
}
