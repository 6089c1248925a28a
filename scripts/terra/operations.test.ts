import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { type Address, createWalletClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { ownershipAbi, payoutTokenAbi } from '../../common/abi.ts'
import { TEST_KEYS, until } from '../../common/node/testing.ts'
import { MIN_NOTICE_SECONDS, openScene, type Scene } from './testing-scene.ts'

let scene: Scene
let report: string

before(async () => {
  scene = await openScene()
  report = join(scene.folder, 'report.txt')
  writeFileSync(report, 'Third quarter: 12,904 MWh sold.')
  await scene.addProject(1, 'Ridge Wind')
})
after(() => scene.close())

const json = (out: string) => JSON.parse(out) as Record<string, unknown>
const ledger = () => ({ address: scene.deployment.ownership as Address, abi: ownershipAbi }) as const

test('a project is created on chain once, however often it is asked for', async () => {
  const asked = await scene.terra(['project', 'create', '1'])
  expect([asked.code, asked.err.includes('error CONFIRM_REQUIRED')]).to.deep.equal([2, true])
  const dry = await scene.terra(['project', 'create', '1', '--dry-run'])
  expect(dry.out).to.include('Ridge Wind').and.include('Nothing was sent')
  const created = await scene.terra(['project', 'create', '1', '--yes', '--json'])
  expect(json(created.out)).to.include({ ok: true, status: 'created', name: 'Ridge Wind' })
  const again = await scene.terra(['project', 'create', '1', '--yes', '--json'])
  expect(json(again.out)).to.include({ ok: true, status: 'already_done', state: 'active' })
  const unknown = await scene.terra(['project', 'create', '99', '--yes'])
  expect([unknown.code, unknown.err.includes('error NOT_FOUND')]).to.deep.equal([1, true])
  const { rows } = await scene.database.admin.query(
    `select actor, action, subject from app.audit where permission = 'terra project create' order by id`,
  )
  expect(rows).to.deep.equal([
    { actor: 'operator', action: 'break off terra project create', subject: 'arguments 1' },
    { actor: 'operator', action: 'run terra project create', subject: 'arguments 1' },
    { actor: 'operator', action: 'run terra project create', subject: 'arguments 1' },
    { actor: 'operator', action: 'break off terra project create', subject: 'arguments 99' },
  ])
})

test('a creation that was cut off before the project was opened is gone on with', async () => {
  await scene.addProject(4, 'Coast Tide')
  const killed = await scene.terra(['project', 'create', '4', '--yes'], { kill: /Created: / })
  expect(killed.code).to.equal(null)
  const resumed = await scene.terra(['project', 'create', '4', '--yes', '--json'])
  expect(json(resumed.out)).to.include({ ok: true, state: 'active' })
  const again = await scene.terra(['project', 'create', '4', '--yes', '--json'])
  expect(json(again.out)).to.include({ ok: true, status: 'already_done', state: 'active' })
})

test('a project can be left a draft with the operator’s own terms, and opened later without naming them again', async () => {
  await scene.addProject(5, 'Lake Solar')
  const treasury = privateKeyToAccount(TEST_KEYS[5]).address
  const limits = ['--max-holders', '99', '--max-holder-bps', '2500', '--daily-mint-cap', '10', '--buy-out', '12.50', '--treasury', treasury]
  const drafted = await scene.terra(['project', 'create', '5', ...limits, '--draft', '--yes', '--json'])
  expect(json(drafted.out)).to.include({ ok: true, status: 'created', state: 'draft' })
  const onChain = await scene.chain.client.readContract({ ...ledger(), functionName: 'projectOf', args: [5n] })
  expect(onChain).to.deep.include({
    state: 1,
    maxHolders: 99,
    maxHolderBps: 2_500,
    dailyMintCap: 10n,
    buyOutPerUnit: 12_500_000n,
    treasury,
  })
  const other = await scene.terra(['project', 'create', '5', '--max-holders', '98', '--yes'])
  expect([other.code, other.err.includes('error STATE')]).to.deep.equal([1, true])
  const opened = await scene.terra(['project', 'create', '5', '--yes', '--json'])
  expect(json(opened.out)).to.include({ ok: true, status: 'opened', state: 'active' })
})

test('a payout to nobody is refused', async () => {
  const { code, err } = await scene.terra(['distribute', '1', '--amount', '100', '--report', report, '--yes'])
  expect([code, err.includes('error NO_HOLDERS')]).to.deep.equal([1, true])
})

test('amounts that are none are refused before anything is opened', async () => {
  for (const amount of ['0', '1,000', '1e3', '-5', '1.0000001']) {
    const { code, err } = await scene.terra(['distribute', '1', '--amount', amount, '--report', report, '--yes'])
    expect([code, err.includes('error USAGE')], amount).to.deep.equal([2, true])
  }
})

test('a payout is previewed, needs the money, is made once, and its repeat is reported as done', async () => {
  const holders = await scene.addHolders(1, 5)
  const args = ['distribute', '1', '--amount', '60.00', '--report', report]
  const dry = await scene.terra([...args, '--dry-run', '--json'])
  const shares = json(dry.out).shares as { holder: string; units: string; amount: string }[]
  expect(shares).to.have.length(5)
  // 60 units in all, one USDC each; the last holder has 14.
  expect(shares.find(({ holder }) => holder === holders[4]!.toLowerCase())).to.deep.include({ units: '14', amount: '14000000' })
  const poor = await scene.terra([...args, '--yes'])
  expect([poor.code, poor.err.includes('error FUNDS')]).to.deep.equal([1, true])

  const operator = createWalletClient({ account: privateKeyToAccount(TEST_KEYS[0]), transport: http(scene.chain.url) })
  const token = { address: scene.deployment.payoutToken as Address, abi: payoutTokenAbi } as const
  await operator.writeContract({ ...token, chain: null, functionName: 'mint', args: [operator.account.address, 100_000_000n] })
  const paid = await scene.terra([...args, '--yes', '--json'])
  expect(json(paid.out)).to.include({ ok: true, status: 'paid', epoch: 1, holders: 5 })
  const again = await scene.terra([...args, '--yes', '--json'])
  expect([again.code, json(again.out).status, json(again.out).epoch]).to.deep.equal([0, 'already_done', 1])
  expect(await scene.chain.client.readContract({ ...token, functionName: 'balanceOf', args: [operator.account.address] })).to.equal(
    40_000_000n,
  )
})

test('two writing commands on one deployment do not mix', async () => {
  writeFileSync(join(scene.folder, '.terra-lock'), JSON.stringify({ pid: process.pid, command: 'terra distribute' }))
  const { code, err } = await scene.terra(['exit', '1', '--yes'])
  expect([code, err.includes('error LOCKED: terra distribute is working on this deployment')]).to.deep.equal([1, true])
  writeFileSync(join(scene.folder, '.terra-lock'), JSON.stringify({ pid: 99_999_999, command: 'terra distribute' }))
})

test('an exit by an account without the role is refused and named', async () => {
  const env = { OPERATOR_KEYSTORE: join(scene.folder, 'stranger.json') }
  const { code, err } = await scene.terra(['exit', '1', '--yes'], { env })
  expect([code, err.includes('error ROLE')]).to.deep.equal([1, true])
})

test('a community that cannot receive is found out before anybody is told', async () => {
  const { code, err } = await scene.terra(['exit', '1', '--yes', '--dao', privateKeyToAccount(TEST_KEYS[5]).address])
  expect([code, err.includes('error DAO_CANNOT_RECEIVE')]).to.deep.equal([1, true])
})

test('an exit waits for its notice, asks for the name, and is gone on with when it was killed half-way', async () => {
  const announced = await scene.terra(['exit', '1', '--yes', '--json'])
  expect(json(announced.out)).to.include({ ok: true, status: 'notice_running' })
  const early = await scene.terra(['exit', '1', '--yes', '--json'])
  expect(json(early.out)).to.include({ ok: true, status: 'notice_running' })
  expect(json(early.out).steps).to.deep.equal([])

  await scene.chain.client.increaseTime({ seconds: MIN_NOTICE_SECONDS + 120 })
  await scene.chain.client.mine({ blocks: 1 })
  const nameless = await scene.terra(['exit', '1', '--yes'])
  expect([nameless.code, nameless.err.includes('error CONFIRM_REQUIRED')]).to.deep.equal([2, true])
  const misnamed = await scene.terra(['exit', '1', '--yes', '--confirm-name', 'Ridge Wnd'])
  expect([misnamed.code, misnamed.err.includes('error NOT_CONFIRMED')]).to.deep.equal([1, true])

  const name = ['--yes', '--confirm-name', 'Ridge Wind', '--batch-size', '1']
  const killed = await scene.terra(['exit', '1', ...name], { kill: /batch: .*\n.*batch: / })
  expect(killed.code).to.equal(null)
  expect(existsSync(join(scene.folder, '.terra-lock'))).to.equal(true)
  const resumed = await scene.terra(['exit', '1', ...name, '--json'])
  expect(json(resumed.out)).to.include({ ok: true, status: 'exited', supply: '60', atDao: '60' })
  const steps = (json(resumed.out).steps as { step: string }[]).map(({ step }) => step)
  expect(steps).not.to.include('begun')
  expect(steps.at(-1)).to.equal('finalised')

  const dao = scene.deployment.communityDao as Address
  expect(await scene.chain.client.readContract({ ...ledger(), functionName: 'balanceOf', args: [dao, 1n] })).to.equal(60n)
  const again = await scene.terra(['exit', '1', ...name, '--json'])
  expect(json(again.out)).to.include({ ok: true, status: 'already_done' })
})

test('verify proves the mirror, and names what differs with exit code 1', async () => {
  await scene.chain.client.mine({ blocks: 5 })
  const head = await scene.chain.client.getBlockNumber({ cacheTime: 0 })
  const proven = await scene.terra(['verify', '--json', '--min-block', String(head - 4n)])
  expect([proven.code, json(proven.out).mismatches]).to.deep.equal([0, []])
  await scene.database.admin.query('update chain.transfer set units = units + 1 where project_id = 1 and to_address = $1', [
    scene.deployment.communityDao,
  ])
  const differing = await scene.terra(['verify', '--json'])
  expect(differing.code).to.equal(1)
  expect(json(differing.out)).to.have.property('ok', false)
  expect(json(differing.out).mismatches).not.to.deep.equal([])
  await scene.database.admin.query('update chain.transfer set units = units - 1 where project_id = 1 and to_address = $1', [
    scene.deployment.communityDao,
  ])
})

test('an empty mint queue is nothing to do', async () => {
  const { code, out } = await scene.terra(['mint', '--yes', '--json'])
  expect([code, json(out).status]).to.deep.equal([0, 'already_done'])
})

test('the paid queue is drained once by two that drain it at the same time', async () => {
  await scene.addProject(2, 'Valley Sun')
  await scene.terra(['project', 'create', '2', '--yes'])
  const holders = await scene.addHolders(2, 3)
  const supply = () => scene.chain.client.readContract({ ...ledger(), functionName: 'totalSupply', args: [2n] })
  const before = await supply()
  await waitForAccounts(holders)
  await scene.addPaid(2, holders)
  const planned = await scene.terra(['mint', '--dry-run', '--json'])
  expect(json(planned.out)).to.include({ status: 'planned', paid: 3, open: 0, review: 0 })
  // A chain that goes on by itself, so that blocks become final.
  await scene.chain.client.setIntervalMining({ interval: 1 })
  const both = await Promise.all([scene.terra(['mint', '--yes', '--json']), scene.terra(['mint', '--yes', '--json'])])
  for (const { code, out } of both) expect([code, json(out).ok], out).to.deep.equal([0, true])
  expect((await supply()) - before).to.equal(9n)
  const { rows } = await scene.database.admin.query('select state, count(*)::int from app.investment group by state')
  expect(rows).to.deep.equal([{ state: 'settled', count: 3 }])
})

test('a verified investor is registered on chain once, and nobody who is not verified', async () => {
  const wallet = privateKeyToAccount(TEST_KEYS[5]).address
  await addInvestor(9_001, wallet)
  const early = await scene.terra(['investor', 'register', wallet, '--yes'])
  expect([early.code, early.err.includes('error NOT_READY')]).to.deep.equal([1, true])
  await scene.database.admin.query(
    `insert into app.kyc_check (account_id, provider, applicant_ref, state, created_at, decided_at, expires_at)
     select account_id, 'onfido', 'applicant', 'approved', now(), now(), now() + interval '1 year' from app.wallet where address = $1`,
    [wallet.toLowerCase()],
  )
  const planned = await scene.terra(['investor', 'register', wallet, '--dry-run', '--json'])
  expect(json(planned.out)).to.include({ ok: true, status: 'planned' })
  const registered = await scene.terra(['investor', 'register', wallet, '--yes', '--json'])
  expect(json(registered.out), registered.err).to.include({ ok: true, status: 'registered', investorId: '9001' })
  const record = await scene.chain.client.readContract({ ...ledger(), functionName: 'accountOf', args: [wallet] })
  expect(record).to.include({ flags: 3, country: 620, investorId: 9_001n })
  const again = await scene.terra(['investor', 'register', wallet, '--yes', '--json'])
  expect(json(again.out)).to.include({ ok: true, status: 'already_done' })
})

test('a command that is interrupted says so, leaves no lock, and its repeat goes through', async () => {
  await scene.addProject(3, 'Harbour Heat')
  const stopped = await scene.terra(['project', 'create', '3', '--yes', '--json'], { kill: /Harbour Heat/, signal: 'SIGINT' })
  expect([stopped.code, json(stopped.out).ok]).to.deep.equal([130, false])
  expect(existsSync(join(scene.folder, '.terra-lock'))).to.equal(false)
  const repeated = await scene.terra(['project', 'create', '3', '--yes', '--json'])
  expect(repeated.code).to.equal(0)
})

test('status tells how things stand', async () => {
  const { out } = await scene.terra(['status', '--json'])
  expect(json(out)).to.deep.include({ ok: true, investments: [{ state: 'settled', count: 3 }], queue: [] })
  expect(json(out).projects).to.deep.include({ state: 'exited', count: 1 })
})

/** An account with a proven wallet whose identity was never checked. */
async function addInvestor(investorId: number, wallet: Address): Promise<void> {
  await scene.database.admin.query(
    `with account as (
       insert into app.account (investor_id, email, password_hash, country)
       overriding system value
       values ($1, $2::text || '@people.example', 'x', 'PT')
       returning id
     )
     insert into app.wallet (address, account_id, proven_at) select $2, id, now() from account`,
    [investorId, wallet.toLowerCase()],
  )
}

async function waitForAccounts(holders: readonly Address[]): Promise<void> {
  await until(async () => {
    const { rowCount } = await scene.database.admin.query('select from chain.account where account = any($1)', [
      holders.map((holder) => holder.toLowerCase()),
    ])
    return rowCount === holders.length
  })
}
