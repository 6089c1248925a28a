import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { type Address, createWalletClient, encodeFunctionData, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { ownershipAbi, registrarAbi } from '../../common/abi.ts'
import { restrictionSentence } from '../../common/chain-restrictions.ts'
import { LEDGER_ROLES } from '../../common/node/access.ts'
import { TEST_KEYS } from '../../common/node/testing.ts'
import { requestRegistration } from './registrations.ts'
import { attestor, type MintWorld, operator, paymentAttestor, startMintWorld } from './testing.ts'
import { openCycleScene, rounds } from './testing-cycle.ts'

/** ITerraLuminaOwnership.Role.None */
const NO_ROLE = 0

let world: MintWorld
before(async () => {
  world = await startMintWorld()
})
after(() => world.close())
const { untilQuiet, stateOf, attemptsOf, mintOf, nextDay, nextNonce } = openCycleScene(() => world)

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
