import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { actAs } from '../../common/node/acting.ts'
import { inTransaction, openPool, type Pool } from '../../common/node/db.ts'
import { openLog } from '../../common/node/log.ts'
import { freePort, freshDatabase, type TestDatabase, until } from '../../common/node/testing.ts'
import { announce, type Job, type Payload, sweepJob } from './job.ts'
import { openBell } from './queue.ts'
import { relayOutbox } from './relay.ts'

const REDIS = '/usr/bin/redis-server'
const log = openLog('worker', 'silent')

let db: TestDatabase
let pool: Pool
let redis: ChildProcess | undefined
let redisUrl: string | undefined
before(async () => {
  db = await freshDatabase()
  pool = openPool(db.urlOf('terra_worker'), { max: 20 })
  if (existsSync(REDIS)) {
    const port = await freePort()
    redis = spawn(REDIS, ['--port', String(port), '--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'], { stdio: 'ignore' })
    redisUrl = `redis://127.0.0.1:${port}`
  }
})
after(async () => {
  await pool.end()
  redis?.kill('SIGKILL')
  await db.drop()
})

test('what a request announced carries its correlation to the job', async () => {
  const acting = { actor: 'nobody', permission: 'POST /x', correlation: 'of-the-request' }
  await actAs(
    () => acting,
    () => announce(pool, 'test', { id: 'a' }),
  )
  await announce(pool, 'test', { id: 'b' })
  const payloads: Payload[] = []
  await relayOutbox(pool, async (rows) => {
    payloads.push(...rows.map(({ payload }) => payload))
  })
  expect(payloads).to.deep.equal([{ id: 'a', correlationId: 'of-the-request' }, { id: 'b' }])
})

test('no row is passed over, though eight writers commit in any order while two relays read', async () => {
  const taken: string[] = []
  const ring = async (rows: { id: string }[]) => {
    taken.push(...rows.map(({ id }) => id))
  }
  let isWriting = true
  const reading = [1, 2].map(async () => {
    while (isWriting) await relayOutbox(pool, ring)
    // The last read of that loop may have begun before the last row was committed.
    while ((await relayOutbox(pool, ring)) > 0);
  })
  await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; i < 50; i++) {
        await inTransaction(pool, async (client) => {
          await announce(client, 'test', { writer: String(writer) })
          // Ids are given now and committed later, in another order.
          await client.query('select pg_sleep($1)', [Math.random() * 0.01])
        })
      }
    }),
  )
  isWriting = false
  await Promise.all(reading)
  expect(taken).to.have.length(400)
  expect(new Set(taken).size).to.equal(400)
})

test('rows that the queue did not take stay open', async () => {
  await announce(pool, 'test', { n: '1' })
  const failure = await relayOutbox(pool, async () => {
    throw new Error('the queue is away')
  }).catch((error: Error) => error)
  expect(failure).to.be.instanceOf(Error)
  let taken = 0
  await relayOutbox(pool, async (rows) => {
    taken = rows.length
  })
  expect(taken).to.equal(1)
})

test('what is undone with its transaction is never rung for', async () => {
  await inTransaction(pool, async (client) => {
    await announce(client, 'test', { n: 'undone' })
    throw new Error('changed my mind')
  }).catch(() => {})
  expect(await relayOutbox(pool, async () => {})).to.equal(0)
})

test('one piece of work that fails does not keep the others, and stays open', async () => {
  const done: string[] = []
  const job: Job = {
    topic: 'test',
    async handle({ n = '' }) {
      if (n === '2') throw new Error('cannot')
      done.push(n)
    },
    listOpen: async () => ['1', '2', '3', '4', '5', '6'].map((n) => ({ n })),
  }
  await sweepJob(job, log)
  expect(done.sort()).to.deep.equal(['1', '3', '4', '5', '6'])
})

for (const backend of ['Postgres', 'Redis'] as const) {
  test(`the bell on ${backend} brings each row to the job of its topic`, { skip: backend === 'Redis' && !existsSync(REDIS) }, async () => {
    const heard: Payload[] = []
    const bell = openBell({
      databaseUrl: db.urlOf('terra_worker'),
      redisUrl: backend === 'Redis' ? redisUrl : undefined,
      jobs: [listener(heard)],
      log,
    })
    try {
      for (let i = 0; i < 20; i++) await announce(pool, 'heard', { n: String(i) })
      await announce(pool, 'nobody listens', { n: 'x' })
      await until(async () => {
        await relayOutbox(pool, bell.ring).catch(() => 0)
        return heard.length === 20
      })
      expect(heard.map(({ n }) => Number(n)).sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 20 }, (_, i) => i))
      expect(await openRows()).to.equal(0)
    } finally {
      await bell.close()
    }
  })
}

test('a queue whose tables are gone is made anew, and nothing that was in the outbox is lost', async () => {
  const heard: Payload[] = []
  const bell = openBell({ databaseUrl: db.urlOf('terra_worker'), jobs: [listener(heard)], log })
  try {
    await announce(pool, 'heard', { n: 'before' })
    await until(async () => {
      await relayOutbox(pool, bell.ring).catch(() => 0)
      return heard.some(({ n }) => n === 'before')
    })
    await db.admin.query('drop schema bullmq cascade; create schema bullmq authorization terra_worker')
    await announce(pool, 'heard', { n: 'after' })
    await until(async () => {
      await relayOutbox(pool, bell.ring).catch(() => 0)
      return heard.some(({ n }) => n === 'after')
    })
  } finally {
    await bell.close()
  }
})

test('a Redis that is away fails the ring within seconds, and the rows stay open', async () => {
  const bell = openBell({ databaseUrl: db.urlOf('terra_worker'), redisUrl: 'redis://127.0.0.1:9', jobs: [], log })
  await announce(pool, 'heard', { n: 'lost?' })
  const failure = await relayOutbox(pool, bell.ring).catch((error: Error) => error)
  expect((failure as Error).message).to.equal('The queue did not take the rows')
  expect(await openRows()).to.equal(1)
  await bell.close()
})

function listener(heard: Payload[]): Job {
  return {
    topic: 'heard',
    async handle(payload) {
      heard.push(payload)
    },
    listOpen: async () => [],
  }
}

async function openRows(): Promise<number> {
  const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from app.outbox where not done')
  return rows[0]!.n
}
