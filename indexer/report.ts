import type { Log } from '../common/node/log.ts'
import type { Verdict } from './audit.ts'
import type { Progress } from './backfill/backfill.ts'
import { type FinalityViolated, Retry, Stop } from './errors.ts'
import type { LoadBar } from './load-bar.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { reasonOf } from './nodes.ts'
import type { StepResult } from './step.ts'

/** How often what goes on for long is said again. */
const REMIND_MS = 60_000
const PROGRESS_MS = 5_000
/** A node without a new block for so long may be stuck: ask another. */
const STALL_MS = 10_000

export interface ReportDeps {
  log: Log
  clock: () => Date
  metrics?: Metrics
  bar?: LoadBar | undefined
}

/** Counts everything, and says what is worth a line: events, reorganisations, progress, trouble and its end, a head or a finality that stands still. */
export function createReport({ log, clock, metrics = createMetrics(), bar }: ReportDeps) {
  const now = () => clock().getTime()
  let progressAt = now()
  let head = { number: -1n, since: now(), saidAt: now(), stalledAt: now() }
  let lastCode = ''
  let load: { from: bigint; since: number; rows: number } | undefined
  let disputeSaidAt = -Infinity
  let finality = { since: now(), saidAt: now() }
  const disputed = (place: object, sentence: string) => {
    metrics.disputes.inc()
    if (now() - disputeSaidAt <= REMIND_MS) return
    disputeSaidAt = now()
    log.error({ code: 'NODES_DISAGREE', ...place }, sentence)
  }
  return {
    /** Returns true, once per ten seconds, while the head stands still. */
    stepped(result: StepResult, failuresBefore: number): boolean {
      bar?.stop()
      metrics.head.set(Number(result.head))
      metrics.mirrored.set(Number(result.to))
      metrics.final.set(Number(result.final))
      metrics.events.inc(result.events)
      if (failuresBefore > 0) log.info({ failures: failuresBefore }, 'The node answers again')
      const place = { from: result.from, to: result.to, head: result.head, final: result.final }
      if (result.undone > 0n) {
        metrics.reorganisations.inc()
        metrics.undoneBlocks.inc(Number(result.undone))
        log.warn({ ...place, depth: result.undone }, 'Followed a reorganisation')
      }
      if (result.events > 0) log.info({ ...place, events: result.events }, 'Mirrored events')
      else if (result.to < result.head && now() - progressAt > PROGRESS_MS) log.info(place, 'Caught up some way')
      if (result.events > 0 || result.to < result.head) progressAt = now()

      if (result.head !== head.number) head = { number: result.head, since: now(), saidAt: now(), stalledAt: now() }
      else if (now() - head.saidAt > REMIND_MS) {
        head.saidAt = now()
        log.warn({ head: result.head, seconds: Math.round((now() - head.since) / 1000) }, 'HEAD_STALLED: no new block')
      }
      const isFinalityKnown = result.finalized !== undefined && result.finalized >= result.final
      if (result.isDisputed)
        disputed({ finalized: result.finalized, kept: result.final }, 'Another node has another block where this one’s final block is')
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
    /** What the nodes say of rows that are about to become final. */
    judged({ kind, from, to, hasDissent }: Verdict) {
      if (!hasDissent) return
      const outcome = kind === 'agreed' ? 'most have the mirrored ones' : 'nothing of them becomes final until they agree'
      disputed({ from, to }, `A node has other logs than were mirrored; ${outcome}`)
      if (kind !== 'refuted') return
      metrics.rereads.inc()
      log.error({ code: 'ROWS_REFUTED', from, to }, 'Most nodes have other logs than were mirrored; reads these blocks again')
    },
    /** Of a long load: where it is, how fast, and how long it may still take; on a bar, or every five seconds. */
    progressed(progress: Progress) {
      const { phase, from, at, to, rows } = progress
      if (load === undefined || load.from !== from) load = { from, since: now(), rows: 0 }
      metrics.loadedTransfers.inc(rows - load.rows)
      metrics.mirrored.set(Number(at))
      load.rows = rows
      const seconds = Math.max((now() - load.since) / 1000, 0.001)
      const perSecond = Math.round(rows / seconds)
      const secondsLeft = Math.round((seconds * Number(to - at)) / Math.max(Number(at - from + 1n), 1))
      if (bar !== undefined) return bar.show({ ...progress, perSecond, secondsLeft })
      if (now() - progressAt < PROGRESS_MS && phase === 'reading') return
      progressAt = now()
      log.info({ phase, block: at, of: to, transfers: rows, perSecond, secondsLeft }, 'Loading old blocks')
    },
    violated(violation: FinalityViolated, node: string) {
      metrics.violations.inc()
      log.error({ code: violation.code, node, block: violation.final.number }, violation.message)
    },
    failed(error: unknown, node: string, failures: number) {
      const code = error instanceof Retry || error instanceof Stop ? error.code : 'RPC_FAILED'
      const isWorthALine = failures === 1 || code !== lastCode || failures % 30 === 0
      lastCode = code
      bar?.stop()
      metrics.failures.inc({ code })
      if (isWorthALine) log.warn({ node, code, failures, reason: reasonOf(error) }, 'A step failed and is tried again')
    },
  }
}
