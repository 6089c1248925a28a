import type { Db } from '../common/node/db.ts'
import {
  type Checkpoint,
  firstCheckpoint,
  lockCheckpoint,
  type Mirrored,
  pruneBlocks,
  readCheckpoint,
  saveCheckpoint,
} from './checkpoint.ts'
import { decode } from './decode.ts'
import { finalAfter } from './final.ts'
import { readAhead } from './read-ahead.ts'
import { findBase, rollBack } from './reorg.ts'
import type { Block, Source } from './source.ts'
import type { Span } from './span.ts'
import { holdersOf, notify, writeBlocks } from './write.ts'

export interface StepDeps {
  /** One connection, not a pool: the one that holds the leader's lock, so that who lost the lock can't write. */
  db: Db
  source: Source
  mirrored: Mirrored
  span: Span
}

export interface StepResult {
  /** First and last block written; `to` is below `from` when there was none. */
  from: bigint
  to: bigint
  head: bigint
  /** Events written. */
  events: number
  /** Blocks undone by a reorganisation. */
  undone: bigint
  final: bigint
  /** What the node calls final, if it could say. */
  finalized: bigint | undefined
  hasWritten: boolean
}

/**
 * One step of the mirror: where is the chain, does it still contain what is mirrored, what comes next.
 * Rows, checkpoint and notifications commit together or not at all; repeating a step is harmless.
 * @throws Retry, Stop, and whatever the node or the database throws
 */
export async function step({ db, source, mirrored, span }: StepDeps): Promise<StepResult> {
  const [head, finalized, stored] = await Promise.all([source.latest(), source.finalized(), readCheckpoint(db, mirrored)])
  const checkpoint = stored ?? (await firstCheckpoint(source, mirrored))
  const base = await findBase(db, source, checkpoint, head)
  const next = await readAhead(source, base, head, finalized, span)
  const times = new Map(next.blocks.map((block) => [block.number, block.timeSeconds]))
  const rows = decode(next.logs, mirrored.contracts, (number) => times.get(number)!)
  const to = next.blocks.at(-1)?.number ?? base.number
  const undone = checkpoint.number - base.number

  const result = { from: base.number + 1n, to, head: head.number, events: next.logs.length, undone, finalized: finalized?.number }
  const mayMoveFinal = finalized !== undefined && finalized.number > checkpoint.final && checkpoint.final < checkpoint.number
  if (next.blocks.length === 0 && undone === 0n && !mayMoveFinal) return { ...result, final: checkpoint.final, hasWritten: false }

  return inTransaction(db, async () => {
    await lockCheckpoint(db, checkpoint)
    const holders = holdersOf(rows)
    if (undone > 0n) for (const holder of await rollBack(db, base)) holders.add(holder)
    await writeBlocks(db, withRoot(checkpoint, next.blocks), rows)
    const final = await finalAfter(db, finalized, checkpoint.final)
    const hasWritten = next.blocks.length > 0 || undone > 0n || final > checkpoint.final
    if (hasWritten) {
      await saveCheckpoint(db, mirrored, to, final)
      await pruneBlocks(db)
      await notify(db, holders, to)
    }
    return { ...result, final, hasWritten }
  })
}

function withRoot(checkpoint: Checkpoint, blocks: readonly Block[]): readonly Block[] {
  return checkpoint.root === undefined || blocks.length === 0 ? blocks : [checkpoint.root, ...blocks]
}

async function inTransaction<T>(db: Db, work: () => Promise<T>): Promise<T> {
  try {
    await db.query('begin')
    const result = await work()
    await db.query('commit')
    return result
  } catch (error) {
    // A dead connection has rolled back by itself.
    await db.query('rollback').catch(() => {})
    throw error
  }
}
