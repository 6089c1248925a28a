import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../common/node/db.ts'
import type { Log } from '../common/node/log.ts'
import type { Mirrored } from './checkpoint.ts'
import { Retry, Stop } from './errors.ts'
import { hostOf, type Nodes } from './nodes.ts'
import { createReport } from './report.ts'
import { createSpan } from './span.ts'
import { step } from './step.ts'

export interface FollowDeps {
  db: Db
  nodes: Nodes
  mirrored: Mirrored
  pollMs: number
  log: Log
  clock: () => Date
}

const BACKOFF_MS = { first: 100, most: 2_000 }

/**
 * Steps until `signal` aborts, or until the mirror has reached the head when `untilHead`.
 * What a node does wrong is logged, waited out for at most two seconds at a time, and tried at the next node.
 * @throws Stop; FINALITY_VIOLATED only when every node says so
 * @throws database errors, for {@link lead} to judge
 */
export async function follow(
  { db, nodes, mirrored, pollMs, log, clock }: FollowDeps,
  signal: AbortSignal,
  untilHead = false,
): Promise<void> {
  const span = createSpan()
  const report = createReport(log, clock)
  let failures = 0
  let violations = 0
  while (!signal.aborted) {
    let node = 'unknown'
    try {
      const { url, source } = await nodes.use()
      node = hostOf(url)
      const result = await step({ db, source, mirrored, span })
      if (report.stepped(result, failures)) nodes.fail()
      failures = 0
      violations = 0
      if (result.to >= result.head) {
        if (untilHead) return
        await sleep(pollMs, undefined, { signal }).catch(() => {})
      }
    } catch (error) {
      if (signal.aborted) return
      if (isDatabaseError(error)) throw error
      if (error instanceof Stop && (error.code !== 'FINALITY_VIOLATED' || ++violations >= nodes.count)) throw error
      if (error instanceof Retry && error.code === 'RPC_RANGE_TOO_LARGE') {
        log.debug({ node, blocks: span.blocks }, 'Asks for fewer blocks at once')
        continue
      }
      failures++
      // Behind is not broken: with one node there is nothing to do but wait for it.
      if (!(error instanceof Retry && error.code === 'RPC_HEAD_BEHIND' && nodes.count === 1)) nodes.fail()
      report.failed(error, node, failures)
      await sleep(Math.min(BACKOFF_MS.first * 2 ** (failures - 1), BACKOFF_MS.most), undefined, { signal }).catch(() => {})
    }
  }
}

/** Errors that Postgres itself sent carry a severity. */
function isDatabaseError(error: unknown): boolean {
  return typeof (error as { severity?: unknown }).severity === 'string'
}
