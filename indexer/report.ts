import type { Log } from '../common/node/log.ts'
import type { Progress } from './backfill/backfill.ts'
import { Retry, Stop } from './errors.ts'
import { reasonOf } from './nodes.ts'
import type { StepResult } from './step.ts'

/** How often what goes on for long is said again. */
const REMIND_MS = 60_000
const PROGRESS_MS = 5_000
/** A node without a new block for so long may be stuck: ask another. */
const STALL_MS = 10_000

/** Says what is worth a line: events, reorganisations, progress, trouble and its end, a head or a finality that stands still. */
export function createReport(log: Log, clock: () => Date) {
  const now = () => clock().getTime()
  let progressAt = now()
  let head = { number: -1n, since: now(), saidAt: now(), stalledAt: now() }
  let lastCode = ''
  let load: { from: bigint; since: number } | undefined
  let finality = { since: now(), saidAt: now() }
  return {
    /** Returns true, once per ten seconds, while the head stands still. */
    stepped(result: StepResult, failuresBefore: number): boolean {
      if (failuresBefore > 0) log.info({ failures: failuresBefore }, 'The node answers again')
      const place = { from: result.from, to: result.to, head: result.head, final: result.final }
      if (result.undone > 0n) log.warn({ ...place, depth: result.undone }, 'Followed a reorganisation')
      if (result.events > 0) log.info({ ...place, events: result.events }, 'Mirrored events')
      else if (result.to < result.head && now() - progressAt > PROGRESS_MS) log.info(place, 'Caught up some way')
      if (result.events > 0 || result.to < result.head) progressAt = now()

      if (result.head !== head.number) head = { number: result.head, since: now(), saidAt: now(), stalledAt: now() }
      else if (now() - head.saidAt > REMIND_MS) {
        head.saidAt = now()
        log.warn({ head: result.head, seconds: Math.round((now() - head.since) / 1000) }, 'HEAD_STALLED: no new block')
      }
      const isFinalityKnown = result.finalized !== undefined && result.finalized >= result.final
      if (isFinalityKnown) finality = { since: now(), saidAt: now() }
      else if (now() - finality.saidAt > REMIND_MS) {
        finality.saidAt = now()
        const code = result.finalized === undefined ? 'FINALITY_UNKNOWN' : 'FINALITY_REGRESSED'
        log.warn({ finalized: result.finalized, kept: result.final }, `${code}: the node's final block is behind the one already seen`)
      }
      const hasStalled = now() - head.stalledAt > STALL_MS
      if (hasStalled) head.stalledAt = now()
      return hasStalled
    },
    /** Of a long load: every five seconds where it is, how fast, and how long it may still take. */
    progressed({ phase, from, at, to, rows }: Progress) {
      if (load === undefined || load.from !== from) load = { from, since: now() }
      if (now() - progressAt < PROGRESS_MS && phase === 'reading') return
      progressAt = now()
      const seconds = Math.max((now() - load.since) / 1000, 0.001)
      const left = Math.round((seconds * Number(to - at)) / Math.max(Number(at - from + 1n), 1))
      log.info(
        { phase, block: at, of: to, transfers: rows, perSecond: Math.round(rows / seconds), secondsLeft: left },
        'Loading old blocks',
      )
    },
    failed(error: unknown, node: string, failures: number) {
      const code = error instanceof Retry || error instanceof Stop ? error.code : 'RPC_FAILED'
      const isWorthALine = failures === 1 || code !== lastCode || failures % 30 === 0
      lastCode = code
      if (isWorthALine) log.warn({ node, code, failures, reason: reasonOf(error) }, 'A step failed and is tried again')
    },
  }
}
