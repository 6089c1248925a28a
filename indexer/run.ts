import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../common/node/log.ts'
import { Stop } from './errors.ts'
import { follow } from './follow.ts'
import { lead } from './lead.ts'
import { createMetrics } from './metrics.ts'
import { type Nodes, openNodes, reasonOf } from './nodes.ts'
import type { ReportDeps } from './report.ts'
import type { Settings } from './settings.ts'
import { watchHeads } from './watch-heads.ts'

const RETRY_MS = 1_000
/** A service waits for its node for ever; who asks for `--until-head` waits for an answer. */
const PATIENCE_MS = 10_000

/** The whole indexer: waits for a node, checks chain and contracts, waits for its turn, follows the chain. @throws Stop */
export async function run(settings: Settings, report: ReportDeps, stopping: AbortSignal, untilHead = false): Promise<void> {
  const { log, clock, metrics = createMetrics() } = report
  const newestTime = () => BigInt(Math.floor(clock().getTime() / 1_000)) + settings.maxAheadSeconds
  const nodes = await waitForNodes(settings, newestTime, log, stopping, untilHead)
  if (nodes === undefined) return
  const { contracts, startBlock, settleDepth, pollMs, inFlight, databaseUrl, schema, healAfterMs } = settings
  const mirrored = { chainId: nodes.chainId, contracts, startBlock, settleDepth }
  const heads = watchHeads(settings.webSocketUrls, log)
  await lead(databaseUrl, schema, log, stopping, async (db, signal, openHelper) => {
    metrics.leading.set(1)
    try {
      await follow(
        { log, clock, metrics, bar: report.bar, db, openHelper, nodes, heads, mirrored, pollMs, inFlight, healAfterMs },
        signal,
        untilHead,
      )
    } finally {
      metrics.leading.set(0)
    }
  }).finally(heads.close)
}

async function waitForNodes(
  settings: Settings,
  newestTime: () => bigint,
  log: Log,
  stopping: AbortSignal,
  untilHead: boolean,
): Promise<Nodes | undefined> {
  for (let tries = 0; !stopping.aborted; tries++) {
    try {
      return await openNodes(settings.urls, settings.chainId, settings.contracts, log, newestTime)
    } catch (error) {
      if (error instanceof Stop) throw error
      if (untilHead && tries * RETRY_MS >= PATIENCE_MS) throw new Stop('RPC_UNREACHABLE', `No node of RPC_URL answers: ${reasonOf(error)}`)
      if (tries % 30 === 0) log.warn({ reason: reasonOf(error) }, 'No node answers yet')
      await sleep(RETRY_MS, undefined, { signal: stopping }).catch(() => {})
    }
  }
  return undefined
}
