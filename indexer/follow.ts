import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../common/node/db.ts'
import { adoptContracts } from './adopt.ts'
import { buildReadersKeys } from './backfill/keys.ts'
import type { Mirrored } from './checkpoint.ts'
import { FinalityViolated, Retry, Stop, type StopCode } from './errors.ts'
import { heal, recordIncident } from './incident.ts'
import { keepSnapshots, type SnapshotPace } from './keep-snapshots.ts'
import type { OpenHelper } from './lead.ts'
import { hostOf, type Nodes } from './nodes.ts'
import { createReport, type ReportDeps } from './report.ts'
import { createSpan } from './span.ts'
import { step } from './step.ts'
import { createVouching } from './vouch.ts'
import type { Heads } from './watch-heads.ts'

export interface FollowDeps extends ReportDeps {
  db: Db
  openHelper?: OpenHelper | undefined
  nodes: Nodes
  heads: Heads
  mirrored: Mirrored
  pollMs: number
  inFlight: number
  /** How long all nodes have to say that a final block was replaced before the mirror believes it. */
  healAfterMs: number
  /** How often snapshots of holdings are made once the mirror has reached the head; needs `openHelper`. */
  snapshots?: SnapshotPace | undefined
}

/** What one node's word for a log leads to. */
const OF_A_LOG = new Set<StopCode>(['UNEXPECTED_EVENT', 'HOLDING_BELOW_ZERO'])
const BACKOFF_MS = { first: 100, most: 2_000 }

/**
 * Steps until `signal` aborts, or until the mirror has reached the head when `untilHead`.
 * What a node does wrong is logged, waited out for at most two seconds at a time, and tried at the next node.
 * A final block that was replaced is noted at once, which halts minting, and believed when all nodes kept saying so.
 * From the head on, snapshots of holdings are made beside it, unless `untilHead`.
 * @throws Stop; FinalityViolated when none of the kept headers is on the chain any more
 * @throws database errors, for {@link lead} to judge
 */
export async function follow(deps: FollowDeps, signal: AbortSignal, untilHead = false): Promise<void> {
  const { openHelper, log, snapshots } = deps
  const ended = new AbortController()
  let keeping: Promise<void> | undefined
  const onHead = () => {
    if (openHelper !== undefined && !untilHead)
      keeping ??= keepSnapshots(openHelper, log, AbortSignal.any([signal, ended.signal]), snapshots)
  }
  try {
    await followChain(deps, signal, untilHead, onHead)
  } finally {
    ended.abort()
    await keeping
  }
}

async function followChain(deps: FollowDeps, signal: AbortSignal, untilHead: boolean, onHead: () => void): Promise<void> {
  const { db, openHelper, nodes, heads, mirrored, pollMs, inFlight, healAfterMs, log, clock } = deps
  const span = createSpan()
  const report = createReport(deps)
  const vouching = createVouching({ db, mirrored, nodes, report, isInHaste: untilHead })
  let hasAllContracts = false
  let hasKeys = false
  let failures = 0
  let violations = 0
  // One node may have garbled or invented a log; what all of them say is what the contract emitted.
  let unexpected = 0
  let violatedSince: number | undefined
  while (!signal.aborted) {
    let node = 'unknown'
    try {
      const { url, source, witnesses, voices, sourceOf } = await nodes.use()
      node = hostOf(url)
      if (!hasAllContracts) {
        const added = await adoptContracts({ db, mirrored, sourceOf, span, inFlight })
        if (added.length > 0) log.info({ contracts: added }, 'Read in contracts that the mirror was not told of before')
        hasAllContracts = true
      }
      const { agreed } = vouching
      const result = await step({
        db,
        openHelper,
        source,
        witnesses,
        agreed,
        mirrored,
        span,
        inFlight,
        signal,
        onProgress: report.progressed,
      })
      if (report.stepped(result, failures)) nodes.fail()
      failures = 0
      violations = 0
      unexpected = 0
      violatedSince = undefined
      if (await vouching.stepped(result, voices)) continue
      if (result.to >= result.head) {
        if (!hasKeys) await buildReadersKeys(db)
        hasKeys = true
        onHead()
        if (untilHead && (await vouching.settled(result))) continue
        if (untilHead) return
        await heads.next(pollMs, signal)
      }
    } catch (error) {
      if (signal.aborted) return
      if (isDatabaseError(error)) throw error
      if (error instanceof FinalityViolated) {
        if (await recordIncident(db, error)) report.violated(error, node)
        violatedSince ??= clock().getTime()
        // Every node has to say so, for as long as a node that is out of order might.
        const isBelieved = ++violations >= nodes.count && clock().getTime() - violatedSince >= healAfterMs
        if (isBelieved && error.ancestor === undefined) throw error
        if (isBelieved) {
          await heal(db, mirrored, error.ancestor!)
          log.error({ code: error.code, from: error.ancestor!.number }, 'Gave up what had been final, and follows the chain again')
          continue
        }
      } else if (error instanceof Stop && (!OF_A_LOG.has(error.code) || ++unexpected >= nodes.count)) throw error
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
