import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { startDatabaseProxy } from './database-proxy.ts'
import { launchIndexer } from './process.ts'
import type { Random } from './random.ts'
import { openWorld, type World } from './world.ts'

/** More blocks, and several times more transfers, than the indexer writes without keys and in one transaction. */
const OLD = { blocks: 5_400, transfers: 45_000 }

/**
 * Kills the real process (SIGKILL) again and again and compares after each death: in the first load of a mirror, before a random one of its
 * statements, and at the head, before a random one of its requests, while the chain goes on and changes its mind.
 * @throws when the mirror ever differs from what it has to be
 */
export async function killAgainAndAgain(random: Random, times: number): Promise<{ kills: number }> {
  const world = await openWorld(random, { blocks: 340, old: OLD })
  const proxy = await startDatabaseProxy(world.mirror.database.adminUrl)
  const databaseUrl = proxy.urlOf(world.mirror.database.urlOf('terra_indexer'))
  let kills = 0
  try {
    for (let at = 0; at < times; at++) {
      const isInLoad = at < times / 2
      if (isInLoad && random.chance(0.3)) await world.mirror.empty()
      const indexer = launchIndexer(world, databaseUrl)
      const died = new Promise((resolve) => indexer.once('close', resolve))
      const kill = () => void indexer.kill('SIGKILL')
      if (isInLoad) proxy.before(random.depth(150), kill)
      else world.node.before(1 + random.int(600), kill)
      await move(world, indexer)
      await died
      kills += indexer.signalCode === 'SIGKILL' ? 1 : 0
      await world.expectTruth()
    }
    world.ripen()
    await world.mirror.catchUp([world.node.url])
    await world.expectFresh()
    return { kills }
  } finally {
    await proxy.close()
    await world.close()
  }
}

/** Keeps the chain moving while the indexer lives. */
async function move({ chain, grow, random }: World, indexer: ChildProcess): Promise<void> {
  while (indexer.exitCode === null && indexer.signalCode === null) {
    if (random.chance(0.3)) chain.reorg(random.depth(Math.min(60, chain.undoable)))
    grow(1 + random.int(4))
    await sleep(20)
  }
}
