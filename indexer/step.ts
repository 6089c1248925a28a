import type { Db } from '../common/node/db.ts'
import { backfill, type Progress } from './backfill/backfill.ts'
import {
  type Checkpoint,
  firstCheckpoint,
  lockCheckpoint,
  type Mirrored,
  pruneBlocks,
  readCheckpoint,
  saveCheckpoint,
} from './checkpoint.ts'
import { copyRows, encodeRows, takeAll } from './copy-rows.ts'
import { decode } from './decode.ts'
import type { BlockId } from './errors.ts'
import { finalAfter, isUndisputed, readFinalized } from './final.ts'
import { moveHoldings } from './holdings.ts'
import { inTransaction } from './in-transaction.ts'
import type { OpenHelper } from './lead.ts'
import { readAhead, settledBlock } from './read-ahead.ts'
import { findBase, rollBack } from './reorg.ts'
import type { Block, Source } from './source.ts'
import type { Span } from './span.ts'
import type { Witness } from './witness.ts'
import { holdersOf, notify, writeBlocks } from './write.ts'

export interface StepDeps {
  /** One connection, not a pool: the one that holds the leader's lock, so that who lost the lock can't write. */
  db: Db
  /** Builds the key of a first load beside its holdings. */
  openHelper?: OpenHelper | undefined
  source: Source
  /** Other nodes, asked before a block counts as final. */
  witnesses?: readonly Witness[]
  /** The block up to which other nodes have the same logs as the mirror: near the head, where it is set, nothing above becomes final. */
  agreed?: (() => BlockId | undefined) | undefined
  mirrored: Mirrored
  span: Span
  /** Requests for old ranges under way at one time. */
  inFlight?: number
  /** Ends a long backfill early. */
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
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
  /** Another node has another block where this node's final one is; the watermark stays. */
  isDisputed: boolean
  /** The block that may become final as soon as its rows are agreed on. */
  mayBeFinal: BlockId | undefined
  hasWritten: boolean
}

/**
 * One step of the mirror: where is the chain, does it still contain what is mirrored, what comes next. Far behind, the step is the whole
 * {@link backfill}; near the head some blocks, whose rows, checkpoint, holdings and notifications commit together or not at all.
 * Repeating a step is harmless.
 * @throws Retry, Stop, and whatever the node or the database throws
 */
export async function step(deps: StepDeps): Promise<StepResult> {
  const { db, openHelper, source, witnesses = [], agreed, mirrored, span, inFlight = IN_FLIGHT, signal, onProgress = () => {} } = deps
  const [head, said, stored] = await Promise.all([source.latest(), source.finalized(), readCheckpoint(db, mirrored)])
  const checkpoint = stored ?? (await firstCheckpoint(source, mirrored, head))
  const base = await findBase(db, source, checkpoint, head)
  const named = await readFinalized(source, head, base.number, said)
  const isDisputed = named !== undefined && named.number > checkpoint.final && !(await isUndisputed(named, witnesses))
  const finalized = isDisputed ? undefined : named
  const settled = settledBlock(head, finalized)
  const undone = checkpoint.number - base.number
  const result = { from: base.number + 1n, head: head.number, undone, finalized: named?.number, isDisputed, mayBeFinal: finalized }

  const isFarBehind = base.number < settled || checkpoint.holding < checkpoint.number
  if (isFarBehind && undone === 0n) {
    const done = await backfill({ db, openHelper, source, mirrored, span, inFlight, signal, onProgress }, checkpoint, settled, finalized)
    const { number: to, final } = done.checkpoint
    return { ...result, to, events: done.events, final, hasWritten: true }
  }
  const next = isFarBehind ? { blocks: [], logs: [] } : await readAhead(source, base, head)
  const times = new Map(next.blocks.map((block) => [block.number, block.timeSeconds]))
  const rows = decode(next.logs, mirrored.contracts, (number) => times.get(number)!)
  const to = next.blocks.at(-1)?.number ?? base.number
  const vouched = agreed === undefined ? finalized : lower(agreed(), finalized)
  const mayMoveFinal = vouched !== undefined && vouched.number > checkpoint.final && checkpoint.final < checkpoint.number
  const events = next.logs.length
  if (next.blocks.length === 0 && undone === 0n && !mayMoveFinal)
    return { ...result, to, events, final: checkpoint.final, hasWritten: false }

  return inTransaction(db, async () => {
    await lockCheckpoint(db, checkpoint)
    const holders = holdersOf(rows)
    if (undone > 0n) for (const holder of await rollBack(db, base)) holders.add(holder)
    await writeBlocks(db, withRoot(checkpoint, next.blocks))
    await copyRows(db, takeAll(encodeRows(rows)))
    if (rows.some((row) => row.table === 'transfer')) await moveHoldings(db, 1, base.number + 1n, to)
    const final = await finalAfter(db, vouched, checkpoint.final)
    const hasWritten = next.blocks.length > 0 || undone > 0n || final > checkpoint.final
    if (hasWritten) {
      await saveCheckpoint(db, mirrored, to, final, to)
      await pruneBlocks(db)
      await notify(db, holders, to)
    }
    return { ...result, to, events, final, hasWritten }
  })
}

/** Requests for old ranges under way at one time. */
const IN_FLIGHT = 4

/** What is agreed on and called final besides. */
function lower(agreed: BlockId | undefined, finalized: BlockId | undefined): BlockId | undefined {
  return agreed !== undefined && finalized !== undefined && agreed.number <= finalized.number ? agreed : undefined
}

function withRoot(checkpoint: Checkpoint, blocks: readonly Block[]): readonly Block[] {
  return checkpoint.root === undefined || blocks.length === 0 ? blocks : [checkpoint.root, ...blocks]
}
