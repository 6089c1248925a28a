import { setTimeout as sleep } from 'node:timers/promises'
import { type DatabaseProxy, startDatabaseProxy } from './database-proxy.ts'
import type { Random } from './random.ts'
import { openWorld, type World } from './world.ts'

/** How a run of cuts went: how often the line broke, and between how many statements it could have. */
export interface CutResult {
  cuts: number
  statements: number
}

/**
 * Cuts the line to the database at every `every`-th statement, one after the other, of following a reorganisation and of filling an
 * empty mirror, until one needs fewer statements than that.
 * @throws when the mirror then differs from what it has to be
 */
export async function cutEverywhere(random: Random, { every = 1 } = {}): Promise<CutResult> {
  return withProxy(random, 330, async (world, proxy) => {
    const result: CutResult = { cuts: 0, statements: 0 }
    const go = async (count: number, when: 'before' | 'after', prepare: () => Promise<void> | void) => {
      await prepare()
      const before = proxy.statements
      proxy.cut(count, when)
      await world.mirror.catchUp([world.node.url], { databaseUrl: proxy.urlOf(world.mirror.database.urlOf('terra_indexer')) })
      const wasCut = !proxy.isArmed
      proxy.disarm()
      if (wasCut) result.cuts++
      else result.statements += proxy.statements - before
      await world.expectTruth()
      return wasCut
    }
    await world.mirror.catchUp([world.node.url])
    const reorganise = () => {
      world.chain.reorg(1 + random.int(6))
      world.grow(7)
    }
    for (const when of ['before', 'after'] as const) {
      for (const change of [reorganise, world.mirror.empty]) {
        for (let count = 1 + random.int(every); await go(count, when, change); count += every);
        world.ripen()
        await world.mirror.catchUp([world.node.url])
        await world.expectFresh()
      }
    }
    return result
  })
}

/** Ends every connection of the indexer from the server's side again and again, at the head and while it fills an empty mirror. */
export async function restartDatabase(random: Random, times: number): Promise<CutResult> {
  return withProxy(random, 600, async (world) => {
    const result: CutResult = { cuts: 0, statements: 0 }
    const life = world.mirror.follow([world.node.url])
    try {
      for (let at = 0; at < times; at++) {
        if (random.chance(0.7)) world.chain.reorg(random.depth(Math.min(100, world.chain.undoable)))
        world.grow(101)
        await sleep(random.int(120))
        const { rowCount } = await world.mirror.database.admin.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'terra_indexer'`,
        )
        result.cuts += rowCount ?? 0
        if (random.chance(0.3)) continue
        await life.reaches(world.chain)
        await world.expectTruth()
      }
      world.ripen()
      await life.reaches(world.chain)
      await world.expectFresh()
      return result
    } finally {
      await life.stop()
    }
  })
}

async function withProxy<T>(random: Random, blocks: number, work: (world: World, proxy: DatabaseProxy) => Promise<T>): Promise<T> {
  const world = await openWorld(random, { blocks })
  const proxy = await startDatabaseProxy(world.mirror.database.adminUrl)
  try {
    return await work(world, proxy)
  } finally {
    await proxy.close()
    await world.close()
  }
}
