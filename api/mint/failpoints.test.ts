import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Hash } from 'viem'
import { FIRST_CYCLE, runCycle } from './cycle.ts'
import { STEPS, type StepName } from './steps.ts'
import { type Investor, type MintWorld, startMintWorld } from './testing.ts'

let world: MintWorld
let folder: string
let investor: Investor
before(async () => {
  world = await startMintWorld()
  folder = await mkdtemp(join(tmpdir(), 'terra-failpoint-'))
  await writeFile(join(folder, 'deployment.json'), JSON.stringify(world.deployment))
  investor = await world.addInvestor()
  await drain()
})
after(async () => {
  await world.close()
  await rm(folder, { recursive: true })
})

for (const name of STEPS) {
  test(`an error at ${name} loses nothing and doubles nothing`, async () => {
    const paid = await setScene(name)
    let hits = 0
    const engine = world.engine({
      async step(reached) {
        if (reached === name && ++hits <= 2) throw new Error(`failed at ${name}`)
      },
    })
    let state = FIRST_CYCLE
    for (let i = 0; i < 12 && hits < 2; i++) {
      state = await runCycle(engine, state).catch(() => state)
      await letTimePass(name)
    }
    expect(hits, 'the step was reached').to.be.greaterThan(0)
    await drain()
    await expectMintedOnce(paid)
  })

  test(`a power cut at ${name} loses nothing and doubles nothing`, async () => {
    const paid = await setScene(name)
    const child = spawn(process.execPath, [join(import.meta.dirname, 'failpoint-process.ts')], {
      env: {
        DATABASE_URL: world.db.urlOf('terra_worker'),
        RPC_URL: world.chain.url,
        DEPLOYMENT_FILE: join(folder, 'deployment.json'),
        DIE_AT: name,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    let signal: NodeJS.Signals | null = null
    const ended = new Promise<void>((resolve) => {
      child.once('exit', (_, by) => {
        signal = by
        resolve()
      })
    })
    for (let i = 0; i < 80 && signal === null; i++) {
      await letTimePass(name)
      await Promise.race([ended, sleep(50)])
    }
    if (signal === null) child.kill('SIGTERM')
    await ended
    expect(signal, 'the step was reached').to.equal('SIGKILL')
    await drain()
    await expectMintedOnce(paid)
  })
}

test('every step boundary has its case', async () => {
  const seen = new Set<StepName>()
  const engine = world.engine({
    async step(name) {
      seen.add(name)
    },
  })
  for (const name of ['sweep:bumped', 'sweep:gaps-filled', 'finalise:written'] as const) {
    const paid = await setScene(name)
    let state = FIRST_CYCLE
    for (let i = 0; i < 12; i++) {
      state = await runCycle(engine, state)
      await letTimePass(name)
    }
    await drain()
    await expectMintedOnce(paid)
  }
  expect([...seen].sort()).to.deep.equal([...STEPS].sort())
})

interface Paid {
  chainIds: Hash[]
  unitsBefore: bigint
}

/** Two paid investments, and what it takes for the step to be reached. */
async function setScene(name: StepName): Promise<Paid> {
  const unitsBefore = await world.unitsOf(investor.wallet)
  const paid = [await world.addPaid(investor), await world.addPaid(investor)]
  if (name === 'sweep:gaps-filled') await world.db.admin.query('update app.signer set next_nonce = next_nonce + 1')
  // Nothing is mined until time passes, so that there is something to send again and to offer more for.
  await world.chain.client.setAutomine(false)
  return { chainIds: paid.map(({ chainId }) => chainId), unitsBefore }
}

/** A block comes, or, where the step is about transactions that no block takes, only time goes by. */
async function letTimePass(name: StepName): Promise<void> {
  if (name === 'sweep:bumped' || name === 'sweep:resent') await sleep(120)
  else await world.mine(1)
}

/** A worker without faults finishes what was begun. */
async function drain(): Promise<void> {
  await world.chain.client.setAutomine(true)
  const engine = world.engine()
  let state = FIRST_CYCLE
  for (let i = 0; i < 60; i++) {
    state = await runCycle(engine, state)
    const { rows } = await world.db.admin.query(`select count(*)::int as n from app.chain_intent where state = 'created'`)
    if (!state.isBusy && rows[0].n === 0) return
    await world.mine(1)
    await sleep(50)
  }
  throw new Error('Minting did not come to rest')
}

async function expectMintedOnce({ chainIds, unitsBefore }: Paid): Promise<void> {
  expect(await world.unitsOf(investor.wallet)).to.equal(unitsBefore + 2n)
  for (const chainId of chainIds) expect((await world.receiptOf(chainId)).units).to.equal(1n)
  const { rows } = await world.db.admin.query(
    `select i.state as investment, c.state as intent, count(distinct a.nonce)::int as nonces
     from app.investment i
     join app.chain_intent c on c.investment_id = i.id
     join app.tx_attempt a on a.intent_id = c.id
     where i.chain_investment_id = any($1)
     group by 1, 2, i.id`,
    [chainIds],
  )
  expect(rows).to.deep.equal([
    { investment: 'settled', intent: 'final', nonces: 1 },
    { investment: 'settled', intent: 'final', nonces: 1 },
  ])
}
