import type { Db } from '../../common/node/db.ts'
import { type Checkpoint, lockCheckpoint, type Mirrored, pruneBlocks, saveCheckpoint } from '../checkpoint.ts'
import { type Buffers, bufferOf, copyRows, takeAll } from '../copy-rows.ts'
import { loadHoldings, moveHoldings, sumHoldings } from '../holdings.ts'
import { inTransaction } from '../in-transaction.ts'
import type { OpenHelper } from '../lead.ts'
import type { Block, Source } from '../source.ts'
import type { Span } from '../span.ts'
import type { Table } from '../tables.ts'
import { notify, writeBlocks } from '../write.ts'
import { fetchRanges } from './fetch-ranges.ts'
import type { HoldingDeltas } from './holding-deltas.ts'
import { createHoldingDeltas } from './holding-deltas.ts'
import { buildPrimaryKey, dropKeys, isKeyMissing } from './keys.ts'
import { createRangeReader } from './read-range.ts'

export interface BackfillDeps {
  /** The connection that holds the leader's lock. */
  db: Db
  openHelper?: OpenHelper | undefined
  source: Source
  mirrored: Mirrored
  span: Span
  /** Requests under way at one time. */
  inFlight: number
  /** Ends it early, at the end of a transaction. */
  signal: AbortSignal | undefined
  onProgress: (progress: Progress) => void
}

export interface Progress {
  phase: 'reading' | 'building keys' | 'adding up'
  /** The newest block read, the last one to read, and where it began. */
  from: bigint
  at: bigint
  to: bigint
  rows: number
}

/** Transfers written in one transaction. */
const ROWS_AT_ONCE = 12_000
/** For more blocks a thread is worth its start, and a first load builds its keys at the end. */
const LONG_FROM_BLOCKS = 5_000n

/**
 * Reads old blocks up to `settled` in ranges and writes them, some thousand rows and the checkpoint in one transaction, while the next ones
 * are on their way. Primary keys and holdings of a first load come at its end, readers' keys when the mirror has reached the head.
 * Stopped or killed anywhere, the next call goes on. Returns the new checkpoint and the number of events.
 */
export async function backfill(
  deps: BackfillDeps,
  begun: Checkpoint,
  settled: bigint,
  finalized: Block | undefined,
): Promise<{ checkpoint: Checkpoint; events: number }> {
  const { db, source, mirrored, span, inFlight, signal, onProgress } = deps
  const deltas = begun.isStored ? undefined : createHoldingDeltas()
  const reader = createRangeReader(source, mirrored.contracts, deltas)
  const buffers: Buffers = new Map()
  const transfers = bufferOf(buffers, 'transfer', BUFFER_BYTES)
  const from = begun.number + 1n
  let checkpoint = begun
  let events = 0
  let rows = 0
  let writing: Promise<void> = Promise.resolve()
  // A failure is met at the next `await writing`.
  const write = async (end: Block, bytes: Map<Table, Buffer>) => {
    const previous = checkpoint
    await inTransaction(db, async () => {
      await db.query('set local synchronous_commit = off')
      await lockCheckpoint(db, previous)
      if (!previous.isStored && isLong) await dropKeys(db, 'transfer')
      await copyRows(db, bytes)
      await writeBlocks(db, previous.root === undefined ? [end] : [previous.root, end])
      const final = finalized !== undefined && end.number <= finalized.number ? end.number : previous.final
      await saveCheckpoint(db, mirrored, end.number, final, begun.holding)
      await pruneBlocks(db)
      checkpoint = { number: end.number, hash: end.hash, final, holding: begun.holding, isStored: true }
    })
    onProgress({ phase: 'reading', from, at: end.number, to: settled, rows })
  }

  const isLong = settled - begun.number > LONG_FROM_BLOCKS
  const stopThread = isLong ? source.fetchInThread() : undefined
  try {
    for await (const range of fetchRanges(source, from, settled, span, inFlight)) {
      events += await reader.read(range, buffers)
      source.release(range.answer)
      if (transfers.rows < ROWS_AT_ONCE && range.end.number < settled && signal?.aborted !== true) continue
      rows += transfers.rows
      // The buffers' other halves are free again after this.
      await writing
      const bytes = takeAll(buffers)
      writing = write(range.end, bytes)
      writing.catch(() => {})
      if (signal?.aborted === true) break
    }
    await writing
  } finally {
    await stopThread?.()
  }
  if (signal?.aborted === true) return { checkpoint, events }
  return {
    checkpoint: await finish(deps, checkpoint, deltas?.isComplete ? deltas : undefined, { from, at: checkpoint.number, to: settled, rows }),
    events,
  }
}

/** Those rows, and what the range in which their number is reached brings besides. */
const BUFFER_BYTES = 5_000_000

/**
 * Brings the holdings up to the checkpoint and builds the primary keys that a first load left out, then says that they are there. Like the
 * load's own, the transactions don't wait for the disk: what a crash of the database forgets is done again.
 */
async function finish(
  { db, openHelper, mirrored, onProgress }: BackfillDeps,
  checkpoint: Checkpoint,
  deltas: HoldingDeltas | undefined,
  progress: Omit<Progress, 'phase'>,
): Promise<Checkpoint> {
  const isFirst = checkpoint.holding < mirrored.startBlock
  const inSteps = (work: () => Promise<void>) =>
    inTransaction(db, async () => {
      await db.query(`set local synchronous_commit = off; set local work_mem = '256MB'; set local maintenance_work_mem = '256MB'`)
      await lockCheckpoint(db, checkpoint)
      await work()
    })
  onProgress({ phase: 'adding up', ...progress })
  if (isFirst) {
    // Two cores do both in the time of one. Nobody waits for the other connection with a lock in hand that somebody may want who keeps it waiting.
    const beside =
      deltas !== undefined && openHelper !== undefined && (await isKeyMissing(db, 'transfer')) ? buildBeside(openHelper) : undefined
    try {
      await inSteps(async () => {
        await dropKeys(db, 'holding')
        if (deltas === undefined) await sumHoldings(db)
        else await loadHoldings(db, deltas)
        await buildPrimaryKey(db, 'holding')
      })
    } finally {
      await beside
    }
  }
  onProgress({ phase: 'building keys', ...progress })
  await inSteps(async () => {
    await buildPrimaryKey(db, 'transfer')
    if (!isFirst) await moveHoldings(db, 1, checkpoint.holding + 1n, checkpoint.number)
    await db.query('update checkpoint set holding_block = block_number')
    await notify(db, [], checkpoint.number)
  })
  return { ...checkpoint, holding: checkpoint.number }
}

/** Never fails: a key that is missing afterwards is built by who waits for it. */
async function buildBeside(openHelper: OpenHelper): Promise<void> {
  const helper = await openHelper().catch(() => undefined)
  if (helper === undefined) return
  await inTransaction(helper, async () => {
    await helper.query(`set local synchronous_commit = off; set local maintenance_work_mem = '256MB'`)
    await buildPrimaryKey(helper, 'transfer')
  }).catch(() => {})
  await helper.end().catch(() => {})
}
