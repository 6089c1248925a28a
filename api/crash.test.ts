import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import pg from 'pg'
import type { Hash } from 'viem'
import { until } from '../common/node/testing.ts'
import { type Investor, type MintWorld, minter, startMintWorld } from './mint/testing.ts'
import { openWire, type WorkerStarter, workerStarter } from './testing-worker.ts'

const INVESTORS = 5
/** Investments paid before each kill. */
const EACH = Number(process.env.CRASH_EACH ?? 4)
const KILLS = Number(process.env.CRASH_KILLS ?? 10)
const SEED = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)

let world: MintWorld
let wire: Awaited<ReturnType<typeof openWire>>
let starter: WorkerStarter
let isMining = true
let mining: Promise<void>
before(async () => {
  world = await startMintWorld()
  wire = await openWire(world.chain.url)
  starter = await workerStarter(world, { RPC_URL: wire.url })
  await world.chain.client.setAutomine(false)
  mining = (async () => {
    while (isMining) {
      await sleep(200)
      await world.mine(1)
    }
  })()
})
after(async () => {
  isMining = false
  await mining
  await starter.close()
  await wire.close()
  await world.close()
})

test(`the worker, killed again and again over reorgs, dropped transactions and lost connections, mints every investment exactly once (seed ${SEED})`, async () => {
  const random = seeded(SEED)
  const pick = (below: number) => Math.floor(random() * below)
  const investors: Investor[] = []
  // With automatic mining: every investor is registered by a transaction that is waited for.
  await world.chain.client.setAutomine(true)
  for (let i = 0; i < INVESTORS; i++) investors.push(await world.addInvestor())
  await world.chain.client.setAutomine(false)
  const paid: { id: string; chainId: Hash }[] = []
  const pay = async () => {
    const one = await world.addPaid(investors[pick(INVESTORS)]!, { units: BigInt(1 + pick(6)), isQueued: false })
    paid.push(one)
    const payload = { investmentId: one.id }
    await world.db.admin.query(`insert into app.outbox (topic, payload) values ('investment.paid', $1)`, [payload])
  }

  const faults: Record<string, () => Promise<void> | void> = {
    reorg: () => world.chain.reorg(1 + pick(4)),
    drop: () => dropAll(),
    'reorg and drop': async () => {
      await world.chain.reorg(1 + pick(6))
      await dropAll()
    },
    'database connections cut': cutDatabase,
    'queue wiped': wipeQueue,
    'wire to the chain cut': async () => {
      wire.cut()
      await sleep(500)
      wire.mend()
    },
    nothing: () => {},
  }
  let killedBusy = 0
  for (let round = 0; round < KILLS; round++) {
    for (let i = 1; i < EACH; i++) await pay()
    const worker = starter.start()
    // Now and then a second one beside it, fighting for the same nonces.
    const rival = round % 5 === 4 ? starter.start() : undefined
    await worker.said('Took the signer')
    await sleep(pick(500))
    const names = Object.keys(faults)
    await faults[names[pick(names.length)]!]!()
    // Paid so late that even on an idle machine the kill finds something under way.
    await pay()
    await sleep(pick(500))
    if ((await countIn('settled')) < paid.length) killedBusy++
    await Promise.all([worker.kill(), rival?.kill()])
  }
  expect(killedBusy, 'kills that hit a busy worker').to.be.at.least(KILLS * 0.8)

  const last = starter.start()
  await until(async () => (await countIn('settled')) === paid.length, 40_000 + paid.length * 250, 200)
  await sleep(700)
  expect(await countIn('settled')).to.equal(paid.length)
  await last.stop()
  await expectLedgerEqualsRows(paid, investors)
})

test('a chain that is away for a minute, and a database that cuts every connection, are a delay and no loss', async () => {
  await world.chain.client.setAutomine(true)
  const investor = await world.addInvestor()
  await world.chain.client.setAutomine(false)
  const settledBefore = await countIn('settled')
  const worker = starter.start()
  await worker.said('The worker is running')
  wire.cut()
  for (let i = 0; i < 3; i++) await world.addPaid(investor, { isQueued: false })
  await sleep(60_000)
  expect(await countIn('settled')).to.equal(settledBefore)
  wire.mend()
  await until(async () => (await countIn('settled')) === settledBefore + 3, 20_000, 100)
  for (let i = 0; i < 3; i++) await world.addPaid(investor, { isQueued: false })
  for (let i = 0; i < 5; i++) {
    await cutDatabase()
    await sleep(200)
  }
  await until(async () => (await countIn('settled')) === settledBefore + 6, 20_000, 100)
  expect(await world.unitsOf(investor.wallet)).to.equal(6n)
  // It lived through all of it.
  await worker.stop()
})

/** Nothing double, nothing lost, nothing called settled that is not; every transaction of the key is one that was stored first. */
async function expectLedgerEqualsRows(paid: { id: string; chainId: Hash }[], investors: Investor[]): Promise<void> {
  for (const { id, chainId } of paid) {
    const { rows } = await world.db.admin.query('select wallet, units, project_id from app.investment where id = $1', [id])
    const receipt = await world.receiptOf(chainId)
    expect({ wallet: receipt.investor.toLowerCase(), units: String(receipt.units), project_id: receipt.projectId }).to.deep.equal(rows[0])
  }
  for (const { accountId, wallet } of investors) {
    const { rows } = await world.db.admin.query('select sum(units)::text as units from app.investment where account_id = $1', [accountId])
    expect(String(await world.unitsOf(wallet))).to.equal(rows[0].units)
  }
  const used = await world.chain.client.getTransactionCount({ address: minter.address })
  const { rows } = await world.db.admin.query(
    `select count(distinct nonce)::int as given, count(distinct (intent_id, nonce))::int as pairs,
       (select next_nonce::int from app.signer) as next, (select count(*)::int from app.notification) as told
     from app.tx_attempt`,
  )
  expect(rows[0]).to.deep.equal({ given: used, pairs: used, next: used, told: paid.length })
}

async function countIn(state: string): Promise<number> {
  const { rows } = await world.db.admin.query('select count(*)::int as n from app.investment where state = $1', [state])
  return rows[0].n
}

async function cutDatabase(): Promise<void> {
  await world.db.admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'terra_worker' and datname = current_database()`,
  )
}

/** A worker at work holds locks on the queue's tables, in its own order: the database ends the wipe for that now and then, and it is done again. */
async function wipeQueue(): Promise<void> {
  await until(async () => {
    try {
      await world.db.admin.query('drop schema bullmq cascade; create schema bullmq authorization terra_worker')
      return true
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === '40P01') return false
      throw error
    }
  })
}

async function dropAll(): Promise<void> {
  await world.chain.client.request({ method: 'anvil_dropAllTransactions' as never, params: [] as never })
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
}
