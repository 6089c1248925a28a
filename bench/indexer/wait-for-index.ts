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

/** By performance.now(). */
export interface Done {
  /** All transfers and balances were there. */
  rowsAt: number
  /** It had ended by itself; undefined for a program that never does. */
  endedAt: number | undefined
}

/**
 * Waits until a contestant has ended, or, when it never ends, has written the last transfer.
 * @throws Error when it gave up or stands still
 */
export async function waitForIndex(contestant: Contestant, program: Program, db: Pool, facts: Facts, progress: Progress): Promise<Done> {
  const { allRows, lastTransfer } = contestant
  let isOver = false
  let rowsAt: number | undefined
  const stalled = watchRows()
  const seen = untilSeen(lastTransfer?.(...facts.lastTransfer) ?? allRows?.(facts.head))
  try {
    const outcome = await Promise.race([program.ended, stalled, ...(lastTransfer ? [seen] : [])])
    const now = performance.now()
    if (outcome === 'seen') return { rowsAt: now, endedAt: undefined }
    if (outcome === 0 && lastTransfer === undefined) return { rowsAt: rowsAt ?? now, endedAt: now }
    if (outcome === 'stalled') throw new Error(`wrote nothing for ${STALL_MS / 60_000} minutes: ${program.lastWords()}`)
    throw new Error(`ended early (${outcome}): ${program.lastWords()}`)
  } finally {
    isOver = true
    await stalled
    await seen
  }

  async function untilSeen(query: string | undefined): Promise<'seen' | undefined> {
    while (query !== undefined && !isOver) {
      // The table itself may not be there yet.
      const found = await db.query(query).catch(() => ({ rowCount: 0 }))
      if (found.rowCount) {
        rowsAt = performance.now()
        return 'seen'
      }
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
