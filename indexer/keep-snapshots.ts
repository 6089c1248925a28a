import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../common/node/log.ts'
import type { OpenHelper } from './lead.ts'
import { reasonOf } from './nodes.ts'
import { findDueSnapshots, isOvertaken, makeSnapshot } from './snapshots.ts'

export interface SnapshotPace {
  /** Transfers of a project between two of its snapshots; see {@link findDueSnapshots}. */
  every: number
  /** Between two of them at least; three times as long as one took, if that is more. */
  pauseMs: number
  /** Between two looks at whether any is due. */
  roundMs: number
}

/** Measured at 5 million transfers: twice as far apart, `holding_at` takes a third longer; half as far, no less, and they take up more. */
export const SNAPSHOT_PACE: SnapshotPace = { every: 2_048, pauseMs: 100, roundMs: 60_000 }

/** The database has at most a quarter of a core to spare for them. */
const REST = 3

/**
 * Makes the snapshots of holdings that are due, one after the other, on a connection of its own beside the one that follows the chain, until
 * `signal` aborts. Never fails: without them questions about past blocks take longer, and the next round tries again.
 */
export async function keepSnapshots(openHelper: OpenHelper, log: Log, signal: AbortSignal, pace = SNAPSHOT_PACE): Promise<void> {
  while (!signal.aborted) {
    const startedAt = performance.now()
    const made = await makeDue(openHelper, signal, pace).catch((error) => {
      if (!signal.aborted) log.warn({ reason: reasonOf(error) }, 'Snapshots of holdings were not made and are tried again')
      return 0
    })
    if (made > 0)
      log.info({ made, seconds: Math.round((performance.now() - startedAt) / 1_000) }, 'Made the snapshots of holdings that were due')
    await sleep(pace.roundMs, undefined, { signal }).catch(() => {})
  }
}

/** Makes snapshots until none is due; resolves to how many. */
async function makeDue(openHelper: OpenHelper, signal: AbortSignal, { every, pauseMs }: SnapshotPace): Promise<number> {
  const db = await openHelper()
  // Cuts off what the connection waits for.
  const stop = () => void db.end()
  signal.addEventListener('abort', stop)
  let made = 0
  try {
    for (let before = -1; made > before && !signal.aborted; ) {
      before = made
      for await (const due of findDueSnapshots(db, every))
        for (const place of due) {
          if (signal.aborted) return made
          const startedAt = performance.now()
          const isMade = await makeSnapshot(db, place).catch((error) => {
            if (!isOvertaken(error)) throw error
            return false
          })
          if (isMade) made++
          await sleep(Math.max(pauseMs, REST * (performance.now() - startedAt)), undefined, { signal }).catch(() => {})
        }
    }
    return made
  } finally {
    signal.removeEventListener('abort', stop)
    await db.end().catch(() => {})
  }
}
