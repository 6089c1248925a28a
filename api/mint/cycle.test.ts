import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { type Address, createWalletClient, encodeFunctionData, http, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { ownershipAbi, registrarAbi } from '../../common/abi.ts'
import { restrictionSentence } from '../../common/chain-restrictions.ts'
import { LEDGER_ROLES } from '../../common/node/access.ts'
import { TEST_KEYS } from '../../common/node/testing.ts'
import { type CycleState, FIRST_CYCLE, runCycle } from './cycle.ts'
import type { Engine } from './engine.ts'
import { requestRegistration } from './registrations.ts'
import { attestor, type MintWorld, minter, operator, paymentAttestor, startMintWorld } from './testing.ts'
import { decodeMint } from './voucher.ts'

/** ITerraLuminaOwnership.Role.None */
const NO_ROLE = 0

let world: MintWorld
before(async () => {
  world = await startMintWorld()
})
after(() => world.close())

test('a paid investment is minted, and settled once its block is final', async () => {
  const { id, chainId } = await world.addPaid(await world.addInvestor(), { units: 3n })
  const round = rounds(world.engine())
  await round()
  expect(await stateOf(id)).to.deep.equal({ investment: 'minting', intent: 'broadcast' })
  await round()
  expect(await stateOf(id)).to.deep.equal({ investment: 'minting', intent: 'mined' })
  expect((await world.receiptOf(chainId)).units).to.equal(3n)
  await world.mine(3)
  await round()
  expect(await stateOf(id)).to.deep.equal({ investment: 'settled', intent: 'final' })
})

test('the investor is told once that the units have arrived', async () => {
  const { rows } = await world.db.admin.query(`select n.subject, n.cause from app.notification n where n.kind = 'investment_settled'`)
  expect(rows).to.have.length(1)
  expect(rows[0].subject).to.equal('Your 3 units of Sun One are in your wallet')
})

test('an approved account with a wallet is registered on chain by attestation, once', async () => {
  const investor = await world.addInvestor({ isRegistered: false })
  const engine = world.engine()
  const deps = { ...engine, attestor }
  const asked = await Promise.all([1, 2, 3].map(() => requestRegistration(deps, investor.accountId)))
  expect(asked.filter(Boolean)).to.have.length(1)
  await untilQuiet(engine)
  const account = await world.chain.client.readContract({
    address: world.deployment.ownership as Address,
    abi: ownershipAbi,
    functionName: 'accountOf',
    args: [investor.wallet],
  })
  expect(account).to.include({ flags: 3, country: 276, class: 0, investorId: investor.investorId })
  expect(await requestRegistration(deps, investor.accountId)).to.equal(false)
})

test('no more than twelve transactions are in flight, and none of the others is lost', async () => {
  const investor = await world.addInvestor()
  const paid = []
  for (let i = 0; i < 20; i++) paid.push(await world.addPaid(investor))
  await world.chain.client.setAutomine(false)
  const engine = world.engine()
  const round = rounds(engine)
  for (let i = 0; i < 3; i++) await round()
  const { rows } = await world.db.admin.query(`select count(*)::int as n from app.chain_intent where state in ('signed', 'broadcast')`)
  expect(rows[0].n).to.equal(12)
  await world.chain.client.setAutomine(true)
  await untilQuiet(engine)
  for (const { id } of paid) expect((await stateOf(id)).investment).to.equal('settled')
  expect(await world.unitsOf(investor.wallet)).to.equal(20n)
})

test('an investor who may not receive units goes to review with the reason, and no nonce is spent', async () => {
  const { id } = await world.addPaid(await world.addInvestor({ isRegistered: false }))
  const before = await nextNonce()
  await rounds(world.engine())()
  expect(await stateOf(id)).to.deep.equal({ investment: 'review', intent: 'review' })
  const { rows } = await world.db.admin.query('select review_reason from app.investment where id = $1', [id])
  expect(rows[0].review_reason).to.equal(restrictionSentence(4))
  expect(await nextNonce()).to.equal(before)
})

test('while the ledger is paused mints wait, and go on by themselves afterwards', async () => {
  const { id } = await world.addPaid(await world.addInvestor())
  await world.operate('pause', [])
  const engine = world.engine()
  const round = rounds(engine)
  await round()
  await round()
  expect(await stateOf(id)).to.deep.equal({ investment: 'paid', intent: 'created' })
  await world.operate('unpause', [])
  await untilQuiet(engine)
  expect((await stateOf(id)).investment).to.equal('settled')
})

test('a mint that reverts on chain goes to review and is not sent again', async () => {
  const investor = await world.addInvestor()
  const { id, chainId } = await world.addPaid(investor)
  await world.chain.client.setAutomine(false)
  const engine = world.engine()
  const round = rounds(engine)
  await round()
  // The operator takes the investor's rights away and is mined first.
  await createWalletClient({ account: operator, transport: http(world.chain.url) }).sendTransaction({
    chain: null,
    to: world.deployment.registrar as Address,
    data: encodeFunctionData({ abi: registrarAbi, functionName: 'revoke', args: [investor.wallet] }),
    maxPriorityFeePerGas: 500_000_000_000n,
    maxFeePerGas: 900_000_000_000n,
  })
  await world.chain.client.setAutomine(true)
  await world.mine(1)
  await round()
  expect(await stateOf(id)).to.deep.equal({ investment: 'review', intent: 'review' })
  await world.mine(5)
  await round()
  expect((await world.receiptOf(chainId)).units).to.equal(0n)
  const { rows } = await world.db.admin.query('select review_reason as reason from app.investment where id = $1', [id])
  expect(rows[0].reason).to.contain(restrictionSentence(4))
})

test('a mint that the pause overtook on the way to its block waits again, and is minted once afterwards', async () => {
  const investor = await world.addInvestor()
  const { id } = await world.addPaid(investor)
  await world.chain.client.setAutomine(false)
  const engine = world.engine()
  const round = rounds(engine)
  await round()
  await createWalletClient({ account: operator, transport: http(world.chain.url) }).sendTransaction({
    chain: null,
    to: world.deployment.ownership as Address,
    data: encodeFunctionData({ abi: ownershipAbi, functionName: 'pause' }),
    maxPriorityFeePerGas: 500_000_000_000n,
    maxFeePerGas: 900_000_000_000n,
  })
  await world.chain.client.setAutomine(true)
  await world.mine(1)
  await round()
  expect(await stateOf(id)).to.deep.equal({ investment: 'minting', intent: 'created' })
  await world.operate('unpause', [])
  await untilQuiet(engine)
  expect((await stateOf(id)).investment).to.equal('settled')
  expect(await world.unitsOf(investor.wallet)).to.equal(1n)
  expect(new Set((await attemptsOf(id)).map(({ nonce }) => nonce)).size).to.equal(2)
})

test('a mint that waited longer than its voucher can be used gets a fresh one for the very same mint', async () => {
  const investor = await world.addInvestor()
  const { id, chainId } = await world.addPaid(investor, { units: 2n, queuedAt: new Date(Date.now() - 31 * 86_400_000) })
  const before = await mintOf(id)
  expect(before.voucher.deadline * 1000).to.be.below(Date.now())
  const engine = world.engine()
  const nonce = await nextNonce()
  await rounds(engine)()
  expect(await nextNonce(), 'no nonce was spent on the old one').to.equal(nonce)
  await untilQuiet(engine)
  expect((await stateOf(id)).investment).to.equal('settled')
  expect((await world.receiptOf(chainId)).units).to.equal(2n)
  const after = await mintOf(id)
  expect(after.mint).to.deep.equal(before.mint)
  expect(after.voucher.deadline).to.be.greaterThan(before.voucher.deadline)
})

test('a voucher of a payment attestor that was replaced is replaced too; without any attestor mints wait', async () => {
  const [investor, successor] = [await world.addInvestor(), privateKeyToAccount(TEST_KEYS[4])]
  const { id } = await world.addPaid(investor)
  await world.operate('setRole', [paymentAttestor.address, NO_ROLE])
  const engine = world.engine()
  await rounds(engine)()
  expect(await stateOf(id)).to.deep.equal({ investment: 'paid', intent: 'created' })
  await world.operate('setRole', [successor.address, LEDGER_ROLES.PaymentAttestor])
  await untilQuiet({ ...engine, paymentAttestor: successor })
  expect((await stateOf(id)).investment).to.equal('settled')
  await world.operate('setRole', [successor.address, NO_ROLE])
  await world.operate('setRole', [paymentAttestor.address, LEDGER_ROLES.PaymentAttestor])
})

test('transactions that nodes dropped are sent again under the same hash', async () => {
  const { id } = await world.addPaid(await world.addInvestor())
  await world.chain.client.setAutomine(false)
  const engine = world.engine()
  const round = rounds(engine)
  await round()
  await dropAll()
  await world.chain.client.setAutomine(true)
  await new Promise((resolve) => setTimeout(resolve, 150))
  await round()
  await untilQuiet(engine)
  expect((await stateOf(id)).investment).to.equal('settled')
  expect(await attemptsOf(id)).to.have.length(1)
})

test('a reorg of a block that was not final sends the mint again and mints once', async () => {
  const investor = await world.addInvestor()
  const { id } = await world.addPaid(investor)
  const engine = world.engine()
  const round = rounds(engine)
  await round()
  await round()
  expect((await stateOf(id)).intent).to.equal('mined')
  await world.chain.reorg(1)
  await dropAll()
  expect(await world.unitsOf(investor.wallet)).to.equal(0n)
  await round()
  await untilQuiet(engine)
  expect((await stateOf(id)).investment).to.equal('settled')
  expect(await world.unitsOf(investor.wallet)).to.equal(1n)
})

test('a reorg past finality heals too: what was called settled is sent again and minted once', async () => {
  const investor = await world.addInvestor()
  const { id } = await world.addPaid(investor)
  const engine = world.engine()
  await untilQuiet(engine)
  expect((await stateOf(id)).investment).to.equal('settled')
  await world.mine(3)
  const { rows } = await world.db.admin.query('select block_number::int as n from app.chain_intent where investment_id = $1', [id])
  const head = Number(await world.chain.client.getBlockNumber({ cacheTime: 0 }))
  await world.chain.reorg(head - rows[0].n + 1)
  await dropAll()
  expect(await world.unitsOf(investor.wallet)).to.equal(0n)
  const round = rounds(engine)
  await round()
  expect((await stateOf(id)).investment).to.equal('minting')
  await untilQuiet(engine)
  expect((await stateOf(id)).investment).to.equal('settled')
  expect(await world.unitsOf(investor.wallet)).to.equal(1n)
})

test('a transaction that offers too little is replaced at the same nonce with the same call, and mints once', async () => {
  const investor = await world.addInvestor()
  const { id } = await world.addPaid(investor)
  await world.chain.client.setAutomine(false)
  const cheap = { fees: { tipFloorWei: 1n, maxFeeCapWei: 1_000_000_000_000n } }
  await rounds(world.engine({ settings: cheap }))()
  // The base fee rises far above what was offered.
  await world.chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: 400_000_000_000n })
  await world.mine(1)
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  const round = rounds(world.engine())
  await round()
  await world.chain.client.setAutomine(true)
  await untilQuiet(world.engine())
  const attempts = await attemptsOf(id)
  expect(attempts.length).to.be.greaterThan(1)
  expect(new Set(attempts.map(({ nonce }) => nonce)).size).to.equal(1)
  expect((await stateOf(id)).investment).to.equal('settled')
  expect(await world.unitsOf(investor.wallet)).to.equal(1n)
})

test('a nonce used by a foreign transaction is proven at finality, and then the mint gets another', async () => {
  const investor = await world.addInvestor()
  const { id } = await world.addPaid(investor)
  await world.chain.client.setAutomine(false)
  const engine = world.engine()
  const round = rounds(engine)
  await round()
  const { nonce } = (await attemptsOf(id))[0]!
  await dropAll()
  await createWalletClient({ account: minter, transport: http(world.chain.url) }).sendTransaction({
    chain: null,
    to: minter.address,
    nonce: Number(nonce),
    maxFeePerGas: 900_000_000_000n,
    maxPriorityFeePerGas: 500_000_000_000n,
  })
  await world.chain.client.setAutomine(true)
  await world.mine(1)
  await round()
  expect((await stateOf(id)).intent, 'not before finality').to.equal('broadcast')
  await world.mine(4)
  await untilQuiet(engine)
  expect((await stateOf(id)).investment).to.equal('settled')
  expect((await attemptsOf(id)).map((attempt) => attempt.nonce)).to.have.length(2)
  expect(await world.unitsOf(investor.wallet)).to.equal(1n)
})

test('a database restored from an old backup finds what was minted meanwhile and mints none of it again', async () => {
  const investor = await world.addInvestor()
  const { id } = await world.addPaid(investor, { units: 7n })
  const engine = world.engine()
  await untilQuiet(engine)
  // The backup knew that it was paid, and nothing of nonce, transaction and receipt.
  await world.db.admin.query('delete from app.tx_attempt where intent_id = (select id from app.chain_intent where investment_id = $1)', [
    id,
  ])
  await world.db.admin.query(
    `update app.chain_intent set state = 'created', signer = null, nonce = null, tx_hash = null, block_number = null, block_hash = null where investment_id = $1`,
    [id],
  )
  await world.db.admin.query(`alter table app.investment disable trigger investment_step`)
  await world.db.admin.query(`update app.investment set state = 'paid' where id = $1`, [id])
  await world.db.admin.query(`alter table app.investment enable trigger investment_step`)
  await world.db.admin.query('update app.signer set next_nonce = next_nonce - 1')
  const used = await world.chain.client.getTransactionCount({ address: minter.address })
  await untilQuiet(engine)
  expect(await stateOf(id)).to.deep.equal({ investment: 'settled', intent: 'final' })
  expect(await world.unitsOf(investor.wallet)).to.equal(7n)
  expect(await world.chain.client.getTransactionCount({ address: minter.address })).to.equal(used)
  expect(Number(await nextNonce())).to.equal(used)
})

test('nonces that belong to nothing are filled, so that later ones are not blocked', async () => {
  const investor = await world.addInvestor()
  await untilQuiet(world.engine())
  await world.db.admin.query('update app.signer set next_nonce = next_nonce + 3')
  const { id } = await world.addPaid(investor)
  await untilQuiet(world.engine())
  expect((await stateOf(id)).investment).to.equal('settled')
  const { rows } = await world.db.admin.query(`select count(*)::int as n from app.chain_intent where kind = 'noop' and state = 'final'`)
  expect(rows[0].n).to.equal(3)
})

test('the newest worker takes the signer; the older one signs nothing more until the newer shows no life', async () => {
  const [first, second] = [world.engine(), world.engine()]
  let older = await runCycle(first, FIRST_CYCLE)
  const newer = await runCycle(second, FIRST_CYCLE)
  expect(newer.hold).not.to.equal(null)
  older = await runCycle(first, older)
  expect(older.hold).to.equal(null)
  expect((await runCycle(first, older)).hold).to.equal(null)
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  expect((await runCycle(first, older)).hold).not.to.equal(null)
})

test('a worker that was frozen between checking and signing is refused by its epoch', async () => {
  const { id } = await world.addPaid(await world.addInvestor())
  let refused: Error | undefined
  const frozen = world.engine({
    async step(name) {
      if (name === 'allocate:checked') await runCycle(world.engine(), FIRST_CYCLE)
    },
  })
  await runCycle(frozen, FIRST_CYCLE).catch((error: Error) => {
    refused = error
  })
  // The newer one signed it, or the older one is fenced out of doing so.
  expect(refused === undefined || /Fenced/.test(refused.message)).to.equal(true)
  await untilQuiet(world.engine())
  expect((await stateOf(id)).investment).to.equal('settled')
  expect(await attemptsOf(id)).to.have.length(1)
})

test('a stopped signer signs nothing, and goes on when it is released', async () => {
  const { id } = await world.addPaid(await world.addInvestor())
  await world.db.admin.query(`update app.signer set stopped_reason = 'the mirror differs from the chain'`)
  await rounds(world.engine())()
  expect(await stateOf(id)).to.deep.equal({ investment: 'paid', intent: 'created' })
  await world.db.admin.query('update app.signer set stopped_reason = null')
  await untilQuiet(world.engine())
  expect((await stateOf(id)).investment).to.equal('settled')
})

test('without gas money mints wait, and none is lost', async () => {
  const { id } = await world.addPaid(await world.addInvestor())
  await world.chain.client.setBalance({ address: minter.address, value: 1n })
  await rounds(world.engine())()
  expect(await stateOf(id)).to.deep.equal({ investment: 'paid', intent: 'created' })
  await world.chain.client.setBalance({ address: minter.address, value: parseEther('1000') })
  await untilQuiet(world.engine())
  expect((await stateOf(id)).investment).to.equal('settled')
})

test('with two nodes of which one is away, nothing is signed on the word of the other alone', async () => {
  const { id } = await world.addPaid(await world.addInvestor())
  const engine = world.engine({ urls: [world.chain.url, 'http://127.0.0.1:9'] })
  const failure = await runCycle(engine, FIRST_CYCLE).then(
    () => undefined,
    (error: Error) => error,
  )
  expect(failure?.message).to.contain('Too few RPC nodes')
  expect(await stateOf(id)).to.deep.equal({ investment: 'paid', intent: 'created' })
  await untilQuiet(world.engine())
})

test('an investment taken back before it got a nonce is not minted', async () => {
  const investor = await world.addInvestor()
  const { id, chainId } = await world.addPaid(investor)
  await world.db.admin.query(`update app.investment set state = 'refund_due' where id = $1`, [id])
  await untilQuiet(world.engine())
  expect(await stateOf(id)).to.deep.equal({ investment: 'refund_due', intent: 'cancelled' })
  expect((await world.receiptOf(chainId)).units).to.equal(0n)
})

test('what is above the day’s mints waits for the next day; what no day allows goes to review', async () => {
  const investor = await world.addInvestor()
  await world.operate('setDailyMintCap', [BigInt(world.projectId), 3n])
  const tooMuch = await world.addPaid(investor, { units: 4n })
  const engine = world.engine()
  const round = rounds(engine)
  await nextDay()
  const paid = [await world.addPaid(investor, { units: 2n }), await world.addPaid(investor, { units: 2n })]
  for (let i = 0; i < 6; i++) {
    await round()
    await world.mine(1)
  }
  const states = await Promise.all(paid.map(async ({ id }) => (await stateOf(id)).intent))
  expect(states.sort()).to.deep.equal(['created', 'final'])
  const { rows } = await world.db.admin.query('select review_reason as reason from app.investment where id = $1', [tooMuch.id])
  expect(rows[0].reason).to.match(/^4 units more would pass the 3 units that can be minted of project \d+ in one day/)
  await nextDay()
  await untilQuiet(engine)
  for (const { id } of paid) expect((await stateOf(id)).investment).to.equal('settled')
  expect(await world.unitsOf(investor.wallet)).to.equal(4n)
})

/** Cycle after cycle, as the worker's loop runs them. */
function rounds(engine: Engine): () => Promise<CycleState> {
  let state = FIRST_CYCLE
  return async () => {
    state = await runCycle(engine, state)
    return state
  }
}

/** Runs cycles over a chain that moves until nothing is under way. */
async function untilQuiet(engine: Engine): Promise<void> {
  const round = rounds(engine)
  for (let i = 0; i < 60; i++) {
    const { isBusy } = await round()
    const { rows } = await world.db.admin.query(`select count(*)::int as n from app.chain_intent where state = 'created'`)
    if (!isBusy && rows[0].n === 0) return
    await world.mine(1)
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
  throw new Error('Minting did not come to rest')
}

async function stateOf(id: string): Promise<{ investment: string; intent: string }> {
  const { rows } = await world.db.admin.query(
    `select i.state as investment, c.state as intent from app.investment i left join app.chain_intent c on c.investment_id = i.id where i.id = $1`,
    [id],
  )
  return rows[0]
}

async function attemptsOf(id: string): Promise<{ nonce: string }[]> {
  const { rows } = await world.db.admin.query(
    'select a.nonce from app.tx_attempt a join app.chain_intent c on c.id = a.intent_id where c.investment_id = $1',
    [id],
  )
  return rows
}

/** What the intent of an investment calls, as it stands now. */
async function mintOf(id: string): Promise<ReturnType<typeof decodeMint>> {
  const { rows } = await world.db.admin.query('select call_data as data from app.chain_intent where investment_id = $1', [id])
  return decodeMint(rows[0].data)
}

async function nextDay(): Promise<void> {
  await world.chain.client.increaseTime({ seconds: 86_400 })
  await world.mine(1)
}

async function nextNonce(): Promise<string> {
  const { rows } = await world.db.admin.query('select next_nonce from app.signer')
  return rows[0].next_nonce
}

async function dropAll(): Promise<void> {
  await world.chain.client.request({ method: 'anvil_dropAllTransactions' as never, params: [] as never })
}
