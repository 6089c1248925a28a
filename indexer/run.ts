import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../common/node/log.ts'
import { Stop } from './errors.ts'
import { follow } from './follow.ts'
import { lead } from './lead.ts'
import { type Nodes, openNodes, reasonOf } from './nodes.ts'
import type { Settings } from './settings.ts'

const RETRY_MS = 1_000

/** The whole indexer: waits for a node, checks chain and contracts, waits for its turn, follows the chain. @throws Stop */
export async function run(
  settings: Settings,
  { log, clock }: { log: Log; clock: () => Date },
  stopping: AbortSignal,
  untilHead = false,
): Promise<void> {
  const nodes = await waitForNodes(settings, log, stopping)
  if (nodes === undefined) return
  const { contracts, startBlock, pollMs, databaseUrl } = settings
  const mirrored = { chainId: nodes.chainId, contracts, startBlock }
  await lead(databaseUrl, log, stopping, (db, signal) => follow({ db, nodes, mirrored, pollMs, log, clock }, signal, untilHead))
}

async function waitForNodes(settings: Settings, log: Log, stopping: AbortSignal): Promise<Nodes | undefined> {
  for (let tries = 0; !stopping.aborted; tries++) {
    try {
      return await openNodes(settings.urls, settings.chainId, settings.contracts, log)
    } catch (error) {
      if (error instanceof Stop) throw error
      if (tries % 30 === 0) log.warn({ reason: reasonOf(error) }, 'No node answers yet')
      await sleep(RETRY_MS, undefined, { signal: stopping }).catch(() => {})
    }
  }
  return undefined
}
