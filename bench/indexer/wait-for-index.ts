import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from '../../common/node/db.ts'
import type { Progress } from '../../scripts/terra/progress.ts'
import type { Facts } from './chain/generate.ts'
import type { Contestant } from './contestants.ts'
import type { Program } from './start-program.ts'

const POLL_MS = 20
const PROGRESS_MS = 1_000
/** Long enough for keys to be built on a busy machine. */
const STALL_MS = 300_000

/**
 * Waits until a contestant has ended, or, when it never ends, has written the last transfer; answers when that was, by performance.now().
 * @throws Error when it gave up or stands still
 */
export async function waitForIndex(contestant: Contestant, program: Program, db: Pool, facts: Facts, progress: Progress): Promise<number> {
  let isOver = false
  const stalled = watchRows()
  try {
    const outcome = await Promise.race([program.ended, stalled, ...(contestant.lastTransfer ? [untilSeen(contestant.lastTransfer)] : [])])
    const doneAt = performance.now()
    if (outcome === 'seen' || (outcome === 0 && contestant.lastTransfer === undefined)) return doneAt
    if (outcome === 'stalled') throw new Error(`wrote nothing for ${STALL_MS / 60_000} minutes: ${program.lastWords()}`)
    throw new Error(`ended early (${outcome}): ${program.lastWords()}`)
  } finally {
    isOver = true
    await stalled
  }

  async function untilSeen(queryOf: NonNullable<Contestant['lastTransfer']>): Promise<'seen' | undefined> {
    while (!isOver) {
      // The table itself may not be there yet.
      const found = await db.query(queryOf(...facts.lastTransfer)).catch(() => ({ rowCount: 0 }))
      if (found.rowCount) return 'seen'
      await sleep(POLL_MS)
    }
    return undefined
  }

  /** By Postgres's own count of rows, since counting them would cost what is being measured. */
  async function watchRows(): Promise<'stalled' | undefined> {
    let count = 0
    let changedAt = Date.now()
    while (!isOver) {
      await sleep(PROGRESS_MS, undefined, { ref: false })
      const { rows } = await db
        .query<{ count: string | null }>('select max(n_tup_ins) as count from pg_stat_user_tables')
        .catch(() => ({ rows: [] }))
      const next = Number(rows[0]?.count ?? 0)
      if (next !== count) changedAt = Date.now()
      count = next
      if (Date.now() - changedAt > STALL_MS) return 'stalled'
      if (!isOver) progress.advance(Math.min(count, facts.transfers), facts.transfers, `${contestant.title}: rows`)
    }
    return undefined
  }
}
