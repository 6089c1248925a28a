import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { freePort, until } from '../common/node/testing.ts'
import { startTestSandbox, type TestSandbox } from '../common/node/testing-sandbox.ts'
import type { Investment, Session } from '../common/wire.ts'
import { verifyAudit } from './audit/verify.ts'
import { type MintWorld, startMintWorld } from './mint/testing.ts'
import { signIn, startTestApi, type TestApi } from './testing.ts'
import { type WorkerProcess, type WorkerStarter, workerStarter } from './testing-worker.ts'

const wallet = privateKeyToAccount(generatePrivateKey())

let world: MintWorld
let sandbox: TestSandbox
let api: TestApi
let starter: WorkerStarter
let worker: WorkerProcess
let indexer: ChildProcess
let folder: string
let investor: Session
before(async () => {
  const port = await freePort()
  ;[world, sandbox] = await Promise.all([
    startMintWorld({ hasIndexer: true, blockTimeSeconds: 1 }),
    startTestSandbox({
      STRIPE_WEBHOOK_URL: `http://127.0.0.1:${port}/api/v1/webhooks/stripe`,
      ONFIDO_WEBHOOK_URL: `http://127.0.0.1:${port}/api/v1/webhooks/onfido`,
    }),
  ])
  api = await startTestApi({ db: world.db, sandboxUrl: sandbox.url, rpcUrl: world.chain.url, deployment: world.deployment })
  // Vendors sign with their own clock, so this one must go on too.
  api.deps.clock = () => new Date()
  api.app.clock = api.deps.clock
  await api.app.listen({ port, host: '127.0.0.1' })
  folder = await mkdtemp(join(tmpdir(), 'terra-indexer-'))
  await writeFile(join(folder, 'deployment.json'), JSON.stringify(world.deployment))
  indexer = spawn(process.execPath, [join(import.meta.dirname, '..', 'indexer', 'main.ts')], {
    env: {
      RPC_URL: world.chain.url,
      DATABASE_URL: world.db.urlOf('terra_indexer'),
      DEPLOYMENT_FILE: join(folder, 'deployment.json'),
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  starter = await workerStarter(world, { STRIPE_API_URL: sandbox.url, ONFIDO_API_URL: sandbox.url, SMTP_URL: sandbox.smtpUrl })
  worker = starter.start()
  await worker.said('The worker is running')
  investor = await api.register('ada@investor.example')
})
after(async () => {
  await starter.close()
  indexer.kill('SIGKILL')
  await api.close()
  await sandbox.stop()
  await world.close()
  await rm(folder, { recursive: true })
})

test('identity check and wallet, in either order, end with an account on chain', async () => {
  const { cookie, message, signature } = await signIn(api, wallet)
  const linked = await api.call('POST', 'wallets', { message, signature }, investor.accessToken, { cookie })
  expect(linked.statusCode, linked.body).to.equal(200)
  const started = await api.call(
    'POST',
    'users/kyc',
    { firstName: 'Ada', lastName: 'Lovelace', birthDate: '1990-12-10', country: 'DE' },
    investor.accessToken,
  )
  expect(started.statusCode, started.body).to.equal(200)
  await fetch(started.json().data.formUrl, {
    method: 'POST',
    body: new URLSearchParams({ document: 'Passport', consent: 'yes' }),
    redirect: 'manual',
  })
  await until(async () => (await api.call('GET', 'users/me', undefined, investor.accessToken)).json().data.registeredOnChain, 20_000)
  const { rows } = await world.db.admin.query('select flags, country, investor_id::int as investor from chain.account where account = $1', [
    wallet.address.toLowerCase(),
  ])
  expect(rows).to.deep.equal([{ flags: 3, country: 276, investor: Number(investor.user.investorId) }])
})

test('a payment on the provider’s page becomes units in the wallet, and a mail, without anybody doing anything', async () => {
  const { id, checkoutUrl } = await invest()
  await pay(checkoutUrl!)
  const settled = await until(async () => {
    const shown = await show(id)
    return shown.state === 'settled' && shown.progress === 'final' && shown
  }, 25_000)
  expect(settled.txHash).to.match(/^0x[0-9a-f]{64}$/)
  expect(Number(settled.blockNumber)).to.be.greaterThan(0)
  expect(await world.unitsOf(wallet.address)).to.equal(10n)
  const mails = await until(async () => {
    const found = (await (await fetch(`${sandbox.url}/inbox.json?to=ada@investor.example`)).json()) as { subject: string }[]
    return found.length > 1 && found
  })
  expect(mails.map(({ subject }) => subject)).to.deep.equal(['Your 10 units of Sun One are in your wallet', 'Confirm your e-mail address'])
})

test('every step on that way is in the audit, in the name of who took it, and the audit is whole', async () => {
  const { rows: steps } = await world.db.admin.query<{ actor: string; permission: string; state: string }>(
    `select actor, permission, coalesce(data->'state'->>1, data->>'state') as state
     from app.audit where subject like 'investment %' and (action like 'insert %' or data->'state' is not null) order by id`,
  )
  expect(steps.map(({ state }) => state)).to.deep.equal(['awaiting_payment', 'paid', 'minting', 'settled'])
  expect(steps[0]).to.include({ actor: `account:${investor.user.id}`, permission: 'POST /api/v1/investments' })
  expect(steps.slice(1).every(({ actor }) => actor === 'worker')).to.equal(true)
  expect(steps[1]!.permission).to.match(/^(job|loop sweep) /)
  expect(steps.slice(2).map(({ permission }) => permission)).to.deep.equal(['loop mint', 'loop mint'])
  const nameless = await world.db.admin.query(`select distinct action from app.audit where actor = 'database:terra_worker'`)
  expect(nameless.rows).to.deep.equal([])
  const report = await verifyAudit(world.pool, [], () => {})
  expect(report.flaw).to.equal(null)
  expect(report.rows).to.be.greaterThan(20)
})

test('events that come three times each and newest first lead to one mint', async () => {
  await sandbox.control('webhooks', { vendor: 'stripe', duplicate: 2, reorder: 3 })
  const before = await world.unitsOf(wallet.address)
  const { id, checkoutUrl } = await invest()
  await pay(checkoutUrl!)
  await until(async () => (await show(id)).state === 'settled', 25_000)
  await sandbox.control('webhooks', {})
  expect(await world.unitsOf(wallet.address)).to.equal(before + 10n)
  const { rows } = await world.db.admin.query('select count(*)::int as n from app.chain_intent where investment_id = $1', [id])
  expect(rows[0].n).to.equal(1)
})

test('a worker that was stopped takes up, when it comes back, what was paid meanwhile', async () => {
  await worker.stop()
  const { id, checkoutUrl } = await invest()
  await pay(checkoutUrl!)
  await until(async () => {
    const { rows } = await world.db.admin.query('select count(*)::int as n from app.webhook_inbox where processed_at is null')
    return rows[0].n > 0
  })
  // And the queue that held its bells is lost.
  await world.db.admin.query('update app.outbox set done = true')
  await world.db.admin.query('drop schema bullmq cascade; create schema bullmq authorization terra_worker')
  worker = starter.start()
  await until(async () => (await show(id)).state === 'settled', 25_000)
})

async function invest(): Promise<Investment> {
  const response = await api.call('POST', 'investments', { projectId: world.projectId, amountCents: '10000' }, investor.accessToken, {
    'idempotency-key': crypto.randomUUID(),
  })
  if (response.statusCode !== 201) throw new Error(response.body)
  return response.json().data
}

async function pay(checkoutUrl: string): Promise<void> {
  const body = new URLSearchParams({ number: '4242424242424242', expiry: '12/34', cvc: '123' })
  await fetch(checkoutUrl, { method: 'POST', body, redirect: 'manual' })
}

async function show(id: string): Promise<Investment> {
  return (await api.call('GET', `investments/${id}`, undefined, investor.accessToken)).json().data
}
