import { expect } from 'chai'
import {
  type AnyContract,
  BOTH_WAYS,
  deployed,
  ethers,
  FOREVER,
  HASH,
  investmentId,
  networkHelpers,
  order,
  PROJECT,
  ROLE,
  STATE,
  terms,
  voucherFor,
  ZERO,
  ZERO_HASH,
} from './fixture.ts'

type World = Awaited<ReturnType<typeof armed>>
const INVESTOR = 9
const REASON = ethers.id('reason')
const record = { flags: BOTH_WAYS, expiry: FOREVER, country: 276, class: 0, investorId: INVESTOR }

/** Alice, Bob and a calling receiver hold units; the receiver may call whatever the access manager guards. */
async function armed() {
  const world = await deployed()
  const { admin, manager, setAccount, mint, ledger, alice, bob, openEpoch } = world
  const receiver: AnyContract = await ethers.deployContract('CallingReceiver')
  await manager.connect(admin).grantRole(0, receiver, 0)
  await manager.connect(admin).grantRole(1, receiver, 0)
  for (const holder of [receiver, alice]) await setAccount(holder, { investorId: INVESTOR })
  await mint(alice, 100, { id: investmentId('alice') })
  await mint(bob, 50, { id: investmentId('bob') })
  await mint(receiver, 10, { id: investmentId('receiver'), unlockDay: 1 })
  await openEpoch(1000)
  await ledger.connect(alice).setApprovalForAll(receiver, true)
  return { ...world, receiver }
}

const GUARDED = 'ReentrancyGuardReentrantCall'
const WORKS = 'works'
/**
 * Every function of the ledger that changes something: what the receiver calls from its hook, the ledger's role it has
 * then, and what comes of it in the middle of a transfer.
 */
const CALLS: [string, string, (world: World) => unknown[] | Promise<unknown[]>, number?][] = [
  ['safeTransferFrom', GUARDED, ({ alice, bob }) => [alice.address, bob.address, PROJECT, 1, '0x']],
  ['safeBatchTransferFrom', GUARDED, ({ alice, bob }) => [alice.address, bob.address, [PROJECT], [1], '0x']],
  ['mintInvestment', GUARDED, async (world) => [investmentId('more'), PROJECT, world.bob.address, 1, 0, await more(world)], ROLE.minter],
  ['mintInvestments', GUARDED, async (world) => [PROJECT, [moreOrder(world)], await more(world)], ROLE.minter],
  ['mintSettled', GUARDED, (world) => [PROJECT, [moreOrder(world)]], ROLE.sale],
  ['mintOrder', 'OnlySelf', (world) => [world.bob.address, PROJECT, moreOrder(world)]],
  ['moveHoldings', GUARDED, ({ alice }) => [alice.address, [PROJECT]]],
  ['forcedTransfer', GUARDED, ({ alice, bob }) => [alice.address, bob.address, PROJECT, 1]],
  ['transferLots', GUARDED, ({ alice }) => [[investmentId('bob')], alice.address, REASON]],
  ['announceExit', GUARDED, async ({ dao }) => [PROJECT, await dao.getAddress(), FOREVER]],
  ['beginExit', GUARDED, () => [PROJECT]],
  ['beginExitByBuyOut', 'MissingRole', () => [PROJECT]],
  ['exitBatch', GUARDED, ({ bob }) => [PROJECT, [bob.address]]],
  ['finalizeExit', GUARDED, () => [PROJECT]],
  ['cancelExit', 'InvalidStateChange', () => [PROJECT]],
  ['release', WORKS, () => [[investmentId('receiver')]]],
  ['setApprovalForAll', WORKS, ({ bob }) => [bob.address, true]],
  ['permitForAll', 'SignatureExpired', ({ bob, alice }) => [bob.address, alice.address, true, 0, '0x']],
  ['setFrozenTokens', WORKS, ({ alice }) => [alice.address, PROJECT, 5]],
  ['reverseInvestment', WORKS, () => [investmentId('bob'), REASON]],
  ['createProject', WORKS, async ({ token }) => [8, terms(await token.getAddress())]],
  ['setProjectState', WORKS, () => [PROJECT, STATE.paused, ZERO_HASH]],
  ['setSaleState', 'InvalidStateChange', () => [PROJECT, STATE.funding], ROLE.sale],
  ['setDailyMintCap', WORKS, () => [PROJECT, 0]],
  ['setRules', WORKS, ({ receiver }) => [PROJECT, receiver.target]],
  ['setBlockedCountries', WORKS, () => [PROJECT, [0, 1, 0, 0]]],
  ['setMetadata', WORKS, () => [PROJECT, HASH, 'ipfs://hook']],
  ['freezeMetadata', WORKS, () => [PROJECT]],
  ['pause', WORKS, () => []],
  ['unpause', WORKS, () => []],
  ['setRole', WORKS, ({ stranger }) => [stranger.address, ROLE.minter]],
  ['setAuthority', 'AccessManagedUnauthorized', ({ stranger }) => [stranger.address]],
  ['setAccount', WORKS, ({ bob }) => [bob.address, record], ROLE.registrar],
  ['relinkWallet', WORKS, ({ alice, dave }) => [alice.address, dave.address, record], ROLE.registrar],
  ['openEpoch', 'MissingRole', ({ treasurer }) => [PROJECT, 10, treasurer.address]],
  ['openVoteEpoch', WORKS, () => [PROJECT], ROLE.governor],
  ['settleClaim', 'MissingRole', ({ alice }) => [PROJECT, alice.address]],
]
const moreOrder = ({ bob }: { bob: { address: string } }) => order('more', bob.address, 1)
const more = (world: World) => voucherFor(world.ledger, world.payments, PROJECT, [moreOrder(world)])

/** How the receiver's hook comes to be called: what must stand before it is armed, and the deed. */
const HOOKS: [string, (world: World) => Promise<unknown>, ((world: World) => Promise<unknown>)?][] = [
  ['a transfer', ({ send, alice, receiver }) => send(alice, receiver, 1)],
  [
    'a batch transfer',
    ({ ledger, alice, receiver }) => ledger.connect(alice).safeBatchTransferFrom(alice, receiver, [PROJECT, PROJECT], [1, 2], '0x'),
  ],
  ['a mint', ({ mint, receiver }) => mint(receiver, 1)],
  ['a mint of many', ({ mintMany, receiver }) => mintMany([order('many', receiver, 1)])],
  ['a mint for a sale', ({ ledger, seller, receiver }) => ledger.connect(seller).mintSettled(PROJECT, [order('many', receiver, 1)])],
  ['a forced transfer', ({ ledger, operator, alice, receiver }) => ledger.connect(operator).forcedTransfer(alice, receiver, PROJECT, 1)],
  [
    'a transfer of lots',
    ({ ledger, operator, receiver }) => ledger.connect(operator).transferLots([investmentId('alice')], receiver, REASON),
  ],
  [
    'a change of wallet',
    ({ ledger, alice }) => ledger.moveHoldings(alice, [PROJECT]),
    ({ ledger, registry, alice, receiver }) => ledger.connect(registry).relinkWallet(alice, receiver, record),
  ],
  ['an exit', ({ ledger, alice }) => ledger.exitBatch(PROJECT, [alice]), ({ beginExit, receiver }) => beginExit(receiver)],
]

/** What must be true of the books after anything at all. */
async function expectBalanced({ ledger, alice, bob, carol, dave, dao, receiver, holders }: World) {
  const accounts = [alice, bob, carol, dave, dao, receiver]
  const balances: bigint[] = await Promise.all(accounts.map((account) => ledger.balanceOf(account, PROJECT)))
  const sum = (list: bigint[]) => list.reduce((total, each) => total + each, 0n)
  expect(sum(balances), 'sum of balances').to.equal(await ledger.totalSupply(PROJECT))
  expect(await holders(), 'number of holders').to.equal(balances.filter((each) => each > 0n).length)
  const { epoch } = await ledger.projectOf(PROJECT)
  for (let each = 1n; each <= epoch; each++) {
    const history: bigint[] = await Promise.all(accounts.map((account) => ledger.balanceAt(account, PROJECT, each)))
    expect(sum(history), `sum at ${each}`).to.equal(await ledger.supplyAt(PROJECT, each))
  }
  const claims: bigint[] = await Promise.all(accounts.map((account) => ledger.claimableOf(PROJECT, account)))
  expect(sum(claims), 'sum of claims').to.be.within(1000n - 6n, 1000n)
}

describe('A receiver that calls back', () => {
  for (const [name, expected, args, role = ROLE.none] of CALLS) {
    it(`with ${name} from any hook finds the books in order and leaves them so`, async () => {
      for (const [hook, deliver, prepare] of HOOKS) {
        const world = await networkHelpers.loadFixture(armed)
        const { ledger, admin, receiver } = world
        const data = ledger.interface.encodeFunctionData(name, await args(world))
        await ledger.connect(admin).setRole(receiver, role)
        await prepare?.(world)
        await receiver.arm(ledger, data)
        await deliver(world)
        expect(await receiver.called(), hook).to.equal(true)
        if (hook === 'a transfer' || expected === GUARDED) {
          const outcome = (await receiver.succeeded()) ? WORKS : ledger.interface.parseError(await receiver.answer())?.name
          expect(outcome, hook).to.equal(expected)
        }
        await expectBalanced(world)
      }
    })
  }

  it('has tried every function there is', async () => {
    const { ledger } = await networkHelpers.loadFixture(deployed)
    const writing = ledger.interface.fragments.filter(
      (part: AnyContract) => part.type === 'function' && !['view', 'pure'].includes(part.stateMutability),
    )
    expect(writing.map((part: AnyContract) => part.name)).to.have.members(CALLS.map(([name]) => name))
  })

  it('sees in each hook what is true after it', async () => {
    for (const [hook, deliver, prepare] of HOOKS) {
      const world = await networkHelpers.loadFixture(armed)
      const { ledger, receiver } = world
      const before = await ledger.balanceOf(receiver, PROJECT)
      const data = ledger.interface.encodeFunctionData('holdingOf', [PROJECT, receiver.target])
      await prepare?.(world)
      await receiver.arm(ledger, data)
      await deliver(world)
      const [seen] = ledger.interface.decodeFunctionResult('holdingOf', await receiver.answer())
      expect(seen.balance, hook).to.equal(await ledger.balanceOf(receiver, PROJECT))
      expect(seen.balance, hook).to.be.greaterThan(before)
    }
  })

  it('at the announcement and the beginning of an exit changes nothing of it', async () => {
    const world = await networkHelpers.loadFixture(armed)
    const { ledger, operator, receiver } = world
    const announce = () => ledger.connect(operator).announceExit(PROJECT, receiver, FOREVER)
    for (const name of ['announceExit', 'beginExit', 'exitBatch']) {
      const args = CALLS.find(([each]) => each === name)![2]
      await receiver.arm(ledger, ledger.interface.encodeFunctionData(name, await args(world)))
      await announce()
      expect(await receiver.answer(), name).to.equal(ledger.interface.encodeErrorResult(GUARDED))
      await receiver.disarm()
      await ledger.connect(operator).cancelExit(PROJECT)
    }
    await receiver.arm(ledger, ledger.interface.encodeFunctionData('cancelExit', [PROJECT]))
    await announce()
    expect([await receiver.succeeded(), (await ledger.projectOf(PROJECT)).state]).to.deep.equal([true, BigInt(STATE.active)])
    expect((await ledger.exitOf(PROJECT)).dao).to.equal(ZERO)
    await expectBalanced(world)
  })
})
