import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { createWalletClient, http, parseEther } from 'viem'
import { FIRST_CYCLE, runCycle } from './cycle.ts'
import { type MintWorld, minter, startMintWorld } from './testing.ts'
import { openCycleScene, rounds } from './testing-cycle.ts'

let world: MintWorld
before(async () => {
  world = await startMintWorld()
})
after(() => world.close())
const { untilQuiet, stateOf, attemptsOf, nextNonce, dropAll } = openCycleScene(() => world)

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
  // The chain's own time: its block may come a round later on a busy machine.
  for (let tries = 0; tries < 10 && (await stateOf(id)).intent !== 'mined'; tries++) await round()
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
