import { setTimeout as sleep } from 'node:timers/promises'
import { investmentJobs } from '../../api/investments/queue-mint.ts'
import { type CycleState, runCycle } from '../../api/mint/cycle.ts'
import type { Engine } from '../../api/mint/engine.ts'
import { sweepJob } from '../../api/outbox/job.ts'
import type { Db } from '../../common/node/db.ts'
import { CliError } from './cli-error.ts'
import type { Progress } from './progress.ts'

export interface QueueView {
  /** Paid, and not even queued. */
  paid: number
  /** Queued, signed, sent or in a block that may still go away. */
  open: number
  /** Needs a person. */
  review: number
}

/** One kind of intent to wait for, or one intent. */
export interface Wanted {
  kind: 'mint' | 'register'
  accountId?: string
}

const ROUND_MS = 500
/** Ten seconds or more of nothing but failures. */
const PATIENCE_ROUNDS = 20
const WATCHING: CycleState = { hold: null, isStarting: false, isBusy: false }

/** How much is still to be done. */
export async function readQueue(db: Db, { kind, accountId }: Wanted): Promise<QueueView> {
  const { rows } = await db.query<QueueView>(
    `select
       (select count(*) from app.investment i
        where $1 = 'mint' and i.state = 'paid'
          and not exists (select from app.chain_intent c where c.investment_id = i.id))::int as paid,
       (select count(*) from app.chain_intent
        where kind = $1 and state in ('created', 'signed', 'broadcast', 'mined') and ($2::uuid is null or account_id = $2))::int as open,
       (select count(*) from app.chain_intent
        where kind = $1 and state = 'review' and ($2::uuid is null or account_id = $2))::int as review`,
    [kind, accountId ?? null],
  )
  return rows[0]!
}

/**
 * Works the queue until nothing of the wanted kind is open: each mint in a final block or set aside for a person. Runs the worker's
 * own machine, so it may be run twice, at once, and beside a worker: who holds the signer signs, the others wait and watch.
 * @throws CliError NOT_READY when nothing moves for a while
 */
export async function drainQueue(
  engine: Engine,
  wanted: Wanted,
  progress: Progress,
  label: string,
): Promise<{ done: number; view: QueueView }> {
  // Not as the newest worker: a living one keeps the signer, a dead one's is taken over.
  let state = WATCHING
  let [total, left, movedAt, failures] = [0, -1, Date.now(), 0]
  for (;;) {
    try {
      for (const job of investmentJobs(engine)) await sweepJob(job, engine.log)
      state = await runCycle(engine, state)
      failures = 0
    } catch (error) {
      // As in the worker: a round that fails, be it that another took the signer, begins anew. What goes on failing is said.
      state = WATCHING
      if (++failures > PATIENCE_ROUNDS) throw error
    }
    const view = await readQueue(engine.pool, wanted)
    const now = view.paid + view.open
    if (now !== left) movedAt = Date.now()
    left = now
    total = Math.max(total, left)
    progress.advance(total - left, total, label)
    if (left === 0) return { done: total, view }
    if (Date.now() - movedAt > STUCK_MS) {
      throw new CliError('NOT_READY', `${left} are open and nothing has moved for ${STUCK_MS / 1000} seconds`, {
        hint: 'look at terra status: a stopped signer, a signer without coin, or a chain without new blocks',
      })
    }
    await sleep(ROUND_MS)
  }
}

/** Longer than any fee bump and takeover takes. */
const STUCK_MS = 180_000
