import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { until } from '../../common/node/testing.ts'
import { type DatabaseProxy, startDatabaseProxy } from '../simulator/database-proxy.ts'
import { launchIndexer } from '../simulator/process.ts'
import { createRandom, seedOf } from '../simulator/random.ts'
import { openWorld, type World } from '../simulator/world.ts'

describe('a load of more than five thousand blocks, fetched by a thread, its keys built at the end', () => {
  let world: World
  let proxy: DatabaseProxy
  let child: ChildProcess

  before(async () => {
    world = await openWorld(createRandom(seedOf('long load')), { blocks: 300, old: { blocks: 5_300, transfers: 30_000 } })
    proxy = await startDatabaseProxy(world.mirror.database.adminUrl)
  })
  after(async () => {
    child.kill('SIGKILL')
    await proxy.close()
    await world.close()
  })
  const launch = () => {
    child = launchIndexer(world, proxy.urlOf(world.mirror.database.urlOf('terra_indexer')))
    return once(child, 'exit')
  }
  const tables = async () => {
    const { rows } = await world.mirror.database.admin.query<{ name: string; options: string | null; keys: number }>(
      `select relname as name, reloptions::text as options, (select count(*)::int from pg_index where indrelid = c.oid) as keys
      from pg_class c
      where relnamespace = 'chain'::regnamespace and relname in ('transfer', 'holding')
      order by 1`,
    )
    return rows
  }

  it('goes on where it was killed, and leaves every row, every key, and autovacuum as it was', async () => {
    const whole = await tables()
    // After the transaction that took the keys away, in one that writes rows.
    const died = launch()
    await until(async () => (await tables())[1]!.keys === 0, 20_000, 5)
    proxy.before(3, () => void child.kill('SIGKILL'))
    await died
    expect(child.signalCode).to.equal('SIGKILL')
    expect((await tables())[1]).to.include({ options: '{autovacuum_enabled=false}', keys: 0 })
    await world.expectTruth()
    const ended = launch()
    await until(async () => (await world.mirror.head())?.hash === world.chain.head.hash, 30_000, 20)
    await until(async () => JSON.stringify(await tables()) === JSON.stringify(whole), 20_000, 20)
    child.kill('SIGTERM')
    await ended
    await world.expectFresh()
  })

  it('builds the key itself when the connection that builds it beside the holdings is lost', async () => {
    const { database } = world.mirror
    await world.mirror.empty()
    const ended = launch()
    await until(async () => (await tables())[1]!.keys === 0, 20_000, 5)
    const readers = await database.admin.connect()
    try {
      await readers.query('begin; lock table chain.transfer in row exclusive mode')
      const cut = `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'terra-indexer-helper' and wait_event_type = 'Lock' and datname = current_database()`
      await until(async () => (await database.admin.query(cut)).rows.length > 0, 20_000, 5)
    } finally {
      await readers.query('rollback')
      readers.release()
    }
    await until(async () => (await world.mirror.head())?.hash === world.chain.head.hash, 30_000, 20)
    child.kill('SIGTERM')
    await ended
    await world.expectFresh()
  })
})
