import type { Hex } from 'viem'
import type { Db } from '../common/node/db.ts'
import { fetchRanges } from './backfill/fetch-ranges.ts'
import { createRangeReader } from './backfill/read-range.ts'
import { lockCheckpoint, type Mirrored, readCheckpoint, TAIL_BLOCKS } from './checkpoint.ts'
import { type Buffers, copyRows, encodeRows, takeAll } from './copy-rows.ts'
import { decode } from './decode.ts'
import { Retry, Stop } from './errors.ts'
import { inTransaction } from './in-transaction.ts'
import { addressesOf } from './settings.ts'
import type { Block, MinedLog, Source } from './source.ts'
import { max, type Span } from './span.ts'
import { notify } from './write.ts'

export interface AdoptDeps {
  db: Db
  mirrored: Mirrored
  /** Reads the logs of these addresses alone. */
  sourceOf(addresses: readonly Hex[]): Source
  span: Span
  inFlight: number
}

/**
 * Reads in what contracts did before the mirror was told of them, such as a governor that was deployed later, up to the checkpoint.
 * Returns their addresses; none when the mirror has them all.
 * @throws Stop MIRROR_OF_ANOTHER_CONTRACT when the mirror has contracts that are not wanted any more @throws Retry
 */
export async function adoptContracts({ db, mirrored, sourceOf, span, inFlight }: AdoptDeps): Promise<Hex[]> {
  const checkpoint = await readCheckpoint(db, mirrored)
  if (checkpoint === undefined) return []
  const { rows } = await db.query<{ contracts: Hex[] | null }>('select contracts from checkpoint')
  const wanted = addressesOf(mirrored.contracts)
  // A mirror of a version that didn't note them.
  const known = rows[0]!.contracts ?? wanted
  const unwanted = known.filter((address) => !wanted.includes(address))
  if (unwanted.length > 0)
    throw new Stop(
      'MIRROR_OF_ANOTHER_CONTRACT',
      `This mirror also has ${unwanted.join(', ')}, which the deployment does not name; name it, or rebuild the mirror with "terra reindex"`,
    )
  const added = wanted.filter((address) => !known.includes(address))
  if (added.length === 0 && rows[0]!.contracts !== null) return []

  const buffers: Buffers = new Map()
  if (added.length > 0) {
    const source = sourceOf(added)
    const reader = createRangeReader(source, mirrored.contracts)
    const settled = oldest(checkpoint.number, checkpoint.final, mirrored.startBlock)
    for await (const range of fetchRanges(source, mirrored.startBlock, settled, span, inFlight)) {
      await reader.read(range, buffers)
      source.release(range.answer)
    }
    const { blocks, logs } = await readTail(db, source, max(settled + 1n, mirrored.startBlock))
    const times = new Map(blocks.map((block) => [block.number, block.timeSeconds]))
    encodeRows(
      decode(logs, mirrored.contracts, (number) => times.get(number)!),
      buffers,
    )
  }
  await inTransaction(db, async () => {
    await lockCheckpoint(db, checkpoint)
    await copyRows(db, takeAll(buffers))
    await db.query('update checkpoint set contracts = $1', [wanted])
    await notify(db, [], checkpoint.number)
  })
  return added
}

/** The newest block that is read in ranges: what follows may still be undone, and is read by the hashes that the mirror keeps. */
function oldest(number: bigint, final: bigint, startBlock: bigint): bigint {
  const old = number - TAIL_BLOCKS
  return final > old || final < startBlock ? old : final
}

/** Blocks of the tail that the mirror has, as the node has them, and their logs. @throws Retry RPC_BLOCK_MISMATCH */
async function readTail(db: Db, source: Source, from: bigint): Promise<{ blocks: Block[]; logs: MinedLog[] }> {
  const { rows } = await db.query<{ number: string; hash: Hex }>(
    'select block_number as number, block_hash as hash from block where block_number >= $1 order by block_number',
    [from],
  )
  const blocks: Block[] = []
  const logs: MinedLog[] = []
  for (const row of rows) {
    const block = await source.blockAt(BigInt(row.number))
    if (block.hash !== row.hash) throw new Retry('RPC_BLOCK_MISMATCH', `The node has another block ${row.number} than the mirror`)
    blocks.push(block)
    logs.push(...(await source.logsIn(block)))
  }
  return { blocks, logs }
}
