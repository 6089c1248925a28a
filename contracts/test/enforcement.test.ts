import { expect } from 'chai'
import {
  type AnyContract,
  BOTH_WAYS,
  CODE,
  DAY,
  deployed,
  ethers,
  FLAG,
  investmentId,
  LOT,
  networkHelpers,
  PROJECT,
  STATE,
  today,
  ZERO,
  ZERO_HASH,
} from './fixture.ts'

const REASON = ethers.id('court order')
const ALL = 2n ** 56n - 1n
type World = Awaited<ReturnType<typeof withHolders>>

async function withHolders() {
  const world = await deployed()
  const { ledger, operator, alice, mint } = world
  await mint(alice, 100)
  const enforcer = ledger.connect(operator)
  const holding = async (holder: AnyContract) => {
    const { balance, locked, unlockDay, clearedDay, frozen } = await ledger.holdingOf(PROJECT, holder)
    return [balance, locked, unlockDay, clearedDay, frozen].map(Number)
  }
  return { ...world, enforcer, holding, start: await today() }
}

/** Names of the ledger's events in a transaction, in their order. */
async function eventsOf({ ledger }: World, sent: Promise<AnyContract>) {
  const { logs } = await (await sent).wait()
  return logs.map((log: AnyContract) => ledger.interface.parseLog(log).name)
}

const exiting = async ({ beginExit }: World) => beginExit()
const exited = async ({ beginExit, ledger, alice }: World) => {
  await beginExit()
  await ledger.exitBatch(PROJECT, [alice])
  await ledger.finalizeExit(PROJECT)
}

describe('Freezing', () => {
  it('is told with the units frozen after it, and holds them', async () => {
    const { ledger, enforcer, alice } = await networkHelpers.loadFixture(withHolders)
    await expect(enforcer.setFrozenTokens(alice, PROJECT, 30))
      .to.emit(ledger, 'Frozen')
      .withArgs(alice, PROJECT, 30)
    expect([await ledger.getFrozenTokens(alice, PROJECT), await ledger.movableOf(alice, PROJECT)]).to.deep.equal([30n, 70n])
    await expect(enforcer.setFrozenTokens(alice, PROJECT, 0))
      .to.emit(ledger, 'Frozen')
      .withArgs(alice, PROJECT, 0)
    expect(await enforcer.setFrozenTokens.staticCall(alice, PROJECT, 1)).to.equal(true)
  })

  it('may exceed the balance, holds what comes later, and is kept up to 56 bits', async () => {
    const { ledger, enforcer, alice, bob, mint, send } = await networkHelpers.loadFixture(withHolders)
    await enforcer.setFrozenTokens(bob, PROJECT, 40)
    await send(alice, bob, 30)
    expect(await ledger.movableOf(bob, PROJECT)).to.equal(0)
    await mint(bob, 15)
    expect(await ledger.movableOf(bob, PROJECT)).to.equal(5)
    for (const units of [ALL, ALL + 1n, 2n ** 256n - 1n])
      await expect(enforcer.setFrozenTokens(bob, PROJECT, units))
        .to.emit(ledger, 'Frozen')
        .withArgs(bob, PROJECT, ALL)
    expect(await ledger.getFrozenTokens(bob, PROJECT)).to.equal(ALL)
    expect(await ledger.balanceOf(bob, PROJECT), 'the balance beside it is untouched').to.equal(45)
  })

  it('and a lock-up hold the larger of the two, not their sum', async () => {
    const { ledger, enforcer, alice, mint, start } = await networkHelpers.loadFixture(withHolders)
    await mint(alice, 50, { unlockDay: start + 9 })
    await enforcer.setFrozenTokens(alice, PROJECT, 40)
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(100)
    await enforcer.setFrozenTokens(alice, PROJECT, 60)
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(90)
  })
})

describe('A forced transfer', () => {
  it('moves units whatever is frozen, unfreezes what it needs first, and says so in that order', async () => {
    const world = await networkHelpers.loadFixture(withHolders)
    const { ledger, enforcer, operator, alice, bob, holders } = world
    await enforcer.setFrozenTokens(alice, PROJECT, 30)
    await expect(enforcer.forcedTransfer(alice, bob, PROJECT, 70)).not.to.emit(ledger, 'Frozen')
    const taking = enforcer.forcedTransfer(alice, bob, PROJECT, 10)
    await expect(taking).to.emit(ledger, 'Frozen').withArgs(alice, PROJECT, 20)
    await expect(taking).to.emit(ledger, 'TransferSingle').withArgs(operator, alice, bob, PROJECT, 10)
    await expect(taking).to.emit(ledger, 'ForcedTransfer').withArgs(alice, bob, PROJECT, 10)
    expect(await eventsOf(world, taking)).to.deep.equal(['Frozen', 'TransferSingle', 'ForcedTransfer'])
    expect(await ledger.getFrozenTokens(alice, PROJECT)).to.equal(20)
    expect(await enforcer.forcedTransfer.staticCall(alice, bob, PROJECT, 20)).to.equal(true)
    await enforcer.forcedTransfer(alice, bob, PROJECT, 20)
    expect([await ledger.balanceOf(bob, PROJECT), await holders()]).to.deep.equal([100n, 1n])
  })

  it('works when more is frozen than there is', async () => {
    const { ledger, enforcer, alice, bob } = await networkHelpers.loadFixture(withHolders)
    await enforcer.setFrozenTokens(alice, PROJECT, ALL)
    await expect(enforcer.forcedTransfer(alice, bob, PROJECT, 40))
      .to.emit(ledger, 'Frozen')
      .withArgs(alice, PROJECT, 60)
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(0)
  })

  it('takes a lock-up along and leaves the rest locked', async () => {
    const world = await networkHelpers.loadFixture(withHolders)
    const { ledger, enforcer, alice, bob, mint, start, holding } = world
    await mint(alice, 50, { id: investmentId('a'), unlockDay: start + 9 })
    const taking = enforcer.forcedTransfer(alice, bob, PROJECT, 120)
    await expect(taking)
      .to.emit(ledger, 'LockCarried')
      .withArgs(PROJECT, alice, bob, 20, start + 9)
    expect(await eventsOf(world, taking)).to.deep.equal(['LockCarried', 'TransferSingle', 'ForcedTransfer'])
    expect(await holding(alice)).to.deep.equal([30, 30, start + 9, start + 9, 0])
    expect(await holding(bob)).to.deep.equal([120, 20, start + 9, 0, 0])
  })

  it('asks whether the receiver is eligible and nothing else of accounts, states, countries or rules', async () => {
    const { ledger, enforcer, admin, alice, bob, setAccount } = await networkHelpers.loadFixture(withHolders)
    await setAccount(alice, { flags: FLAG.frozen })
    await ledger.connect(admin).setBlockedCountries(PROJECT, [0, 2n ** 20n, 0, 0])
    await enforcer.setProjectState(PROJECT, STATE.paused, ZERO_HASH)
    await enforcer.pause()
    await enforcer.forcedTransfer(alice, bob, PROJECT, 1)
    for (const changes of [{ flags: FLAG.send }, { flags: BOTH_WAYS | FLAG.frozen }, { expiry: 1 }, { flags: 0 }]) {
      await setAccount(bob, changes)
      await expect(enforcer.forcedTransfer(alice, bob, PROJECT, 1), JSON.stringify(changes))
        .to.be.revertedWithCustomError(ledger, 'ERC7943CannotReceive')
        .withArgs(bob)
    }
    await expect(enforcer.forcedTransfer(alice, ZERO, PROJECT, 1))
      .to.be.revertedWithCustomError(ledger, 'ERC7943CannotReceive')
      .withArgs(ZERO)
  })

  it('reaches a receiver up to the last second of its registration', async () => {
    const { ledger, enforcer, alice, bob, setAccount } = await networkHelpers.loadFixture(withHolders)
    const expiry = (await networkHelpers.time.latest()) + 100
    await setAccount(bob, { expiry })
    await networkHelpers.time.setNextBlockTimestamp(expiry)
    await enforcer.forcedTransfer(alice, bob, PROJECT, 1)
    await expect(enforcer.forcedTransfer(alice, bob, PROJECT, 1)).to.be.revertedWithCustomError(ledger, 'ERC7943CannotReceive')
  })

  it('makes no room where a project is full', async () => {
    const { ledger, enforcer, alice, bob, carol, createProject, mint, holders } = await networkHelpers.loadFixture(withHolders)
    await createProject(8, { maxHolders: 2 })
    await mint(alice, 10, { projectId: 8 })
    await mint(bob, 10, { projectId: 8 })
    await expect(enforcer.forcedTransfer(alice, carol, 8, 9))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.holderCap, alice, carol, 8, 9, 2)
    await enforcer.forcedTransfer(alice, bob, 8, 9)
    await enforcer.forcedTransfer(alice, carol, 8, 1)
    expect(await holders(8)).to.equal(2)
  })

  it('of nothing, to oneself or of more than there is reverts', async () => {
    const { ledger, enforcer, alice, bob } = await networkHelpers.loadFixture(withHolders)
    await expect(enforcer.forcedTransfer(alice, bob, PROJECT, 0)).to.be.revertedWithCustomError(ledger, 'ZeroUnits')
    await expect(enforcer.forcedTransfer(alice, alice, PROJECT, 1)).to.be.revertedWithCustomError(ledger, 'SelfForcedTransfer')
    for (const units of [101n, 2n ** 256n - 1n])
      await expect(enforcer.forcedTransfer(alice, bob, PROJECT, units))
        .to.be.revertedWithCustomError(ledger, 'ERC1155InsufficientBalance')
        .withArgs(alice, 100, units, PROJECT)
  })

  it('to a contract needs its consent', async () => {
    const { enforcer, alice, setAccount } = await networkHelpers.loadFixture(withHolders)
    const refusing = await ethers.deployContract('RefusingReceiver')
    await setAccount(refusing)
    await expect(enforcer.forcedTransfer(alice, refusing, PROJECT, 1)).to.be.revertedWithCustomError(refusing, 'NoThanks')
  })
})

describe('While an exit runs and after it', () => {
  for (const [name, state, prepare] of [
    ['nothing is frozen, forced or reversed', STATE.exiting, exiting],
    ['still nothing is', STATE.exited, exited],
  ] as const) {
    it(`${name} (state ${state})`, async () => {
      const world = await networkHelpers.loadFixture(withHolders)
      const { ledger, enforcer, alice, bob, mint } = world
      await mint(alice, 10, { id: investmentId('a') })
      await prepare(world)
      for (const call of [
        () => enforcer.setFrozenTokens(alice, PROJECT, 1),
        () => enforcer.forcedTransfer(alice, bob, PROJECT, 1),
        () => enforcer.transferLots([investmentId('a')], bob, REASON),
        () => enforcer.reverseInvestment(investmentId('a'), REASON),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(ledger, 'WrongState').withArgs(PROJECT, state)
      }
    })
  }
})

describe('The transfer of lots', () => {
  async function withLots() {
    const world = await withHolders()
    const { alice, mint, start } = world
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await mint(alice, 20, { id: investmentId('b'), unlockDay: start + 20 })
    await mint(alice, 5, { id: investmentId('free') })
    return world
  }
  const lots = (...names: string[]) => names.map((name) => investmentId(name))

  it('moves each with its own date, and only it', async () => {
    const world = await networkHelpers.loadFixture(withLots)
    const { ledger, enforcer, operator, alice, bob, carol, start, holding } = world
    const moving = enforcer.transferLots(lots('a'), bob, REASON)
    await expect(moving).to.emit(ledger, 'LotMoved').withArgs(investmentId('a'), alice, bob, 10, REASON)
    await expect(moving).to.emit(ledger, 'TransferSingle').withArgs(operator, alice, bob, PROJECT, 10)
    await expect(moving).to.emit(ledger, 'ForcedTransfer').withArgs(alice, bob, PROJECT, 10)
    expect(await eventsOf(world, moving)).to.deep.equal(['TransferSingle', 'LotMoved', 'ForcedTransfer'])
    expect(await holding(alice)).to.deep.equal([125, 20, start + 20, 0, 0])
    expect(await holding(bob)).to.deep.equal([10, 10, start + 10, 0, 0])
    expect((await ledger.lotOf(investmentId('a'))).toArray()).to.deep.equal([bob.address, BigInt(LOT.open)])
    expect((await ledger.receiptOf(investmentId('a'))).investor, 'the receipt stays').to.equal(alice.address)
    await enforcer.transferLots(lots('a'), carol, REASON)
    expect(await holding(bob)).to.deep.equal([0, 0, 0, 0, 0])
    await networkHelpers.time.increaseTo((start + 10) * DAY)
    await expect(ledger.release(lots('a')))
      .to.emit(ledger, 'LotReleased')
      .withArgs(investmentId('a'), PROJECT, carol, 10)
    expect(await ledger.movableOf(carol, PROJECT)).to.equal(10)
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(105)
  })

  it('moves free ones, and ones whose day has come, as free', async () => {
    const { ledger, enforcer, alice, bob, mint, start, holding } = await networkHelpers.loadFixture(withLots)
    await networkHelpers.time.increaseTo((start + 10) * DAY)
    await mint(bob, 7, { id: investmentId('own'), unlockDay: start + 40 })
    await enforcer.transferLots(lots('free', 'a'), bob, REASON)
    expect(await holding(bob)).to.deep.equal([22, 7, start + 40, 0, 0])
    expect(await holding(alice)).to.deep.equal([120, 20, start + 20, 0, 0])
    expect((await ledger.lotOf(investmentId('a'))).state).to.equal(LOT.released)
    await ledger.release(lots('free', 'a'))
    expect(await holding(bob), 'they are never taken off what Bob has locked').to.deep.equal([22, 7, start + 40, 0, 0])
  })

  it('of a lot that lost its separate date takes the latest along', async () => {
    const { ledger, enforcer, alice, bob, carol, start, holding } = await networkHelpers.loadFixture(withLots)
    await enforcer.forcedTransfer(alice, bob, PROJECT, 130)
    expect(await holding(alice)).to.deep.equal([5, 5, start + 20, start + 20, 0])
    await enforcer.forcedTransfer(bob, alice, PROJECT, 110)
    const moving = enforcer.transferLots(lots('a'), carol, REASON)
    await expect(moving).not.to.emit(ledger, 'LockCarried')
    expect(await holding(alice), 'free ones went first').to.deep.equal([105, 10, start + 20, start + 20, 0])
    await enforcer.forcedTransfer(alice, bob, PROJECT, 95)
    await expect(enforcer.transferLots(lots('free'), carol, REASON))
      .to.emit(ledger, 'LockCarried')
      .withArgs(PROJECT, alice, carol, 5, start + 20)
    expect((await ledger.lotOf(investmentId('free'))).toArray()).to.deep.equal([carol.address, BigInt(LOT.released)])
  })

  it('unfreezes what it needs first', async () => {
    const world = await networkHelpers.loadFixture(withLots)
    const { ledger, enforcer, alice, bob } = world
    await enforcer.setFrozenTokens(alice, PROJECT, 130)
    const moving = enforcer.transferLots(lots('a'), bob, REASON)
    await expect(moving).to.emit(ledger, 'Frozen').withArgs(alice, PROJECT, 125)
    expect(await eventsOf(world, moving)).to.deep.equal(['Frozen', 'TransferSingle', 'LotMoved', 'ForcedTransfer'])
  })

  it('refuses what was sold, what is reversed, unknown or at the receiver already, and a receiver who isn’t eligible', async () => {
    const { ledger, enforcer, alice, bob, dave, carol, send } = await networkHelpers.loadFixture(withLots)
    await expect(enforcer.transferLots(lots('x'), bob, REASON))
      .to.be.revertedWithCustomError(ledger, 'UnknownInvestment')
      .withArgs(investmentId('x'))
    await expect(enforcer.transferLots(lots('a'), alice, REASON)).to.be.revertedWithCustomError(ledger, 'SelfForcedTransfer')
    await expect(enforcer.transferLots(lots('a', 'a'), bob, REASON)).to.be.revertedWithCustomError(ledger, 'SelfForcedTransfer')
    await expect(enforcer.transferLots(lots('a'), dave, REASON))
      .to.be.revertedWithCustomError(ledger, 'ERC7943CannotReceive')
      .withArgs(dave)
    await enforcer.reverseInvestment(investmentId('a'), REASON)
    await expect(enforcer.transferLots(lots('b', 'a'), bob, REASON))
      .to.be.revertedWithCustomError(ledger, 'InvestmentIsReversed')
      .withArgs(investmentId('a'))
    await send(alice, carol, 105)
    await enforcer.transferLots(lots('b'), carol, REASON)
    await expect(enforcer.transferLots(lots('free'), bob, REASON))
      .to.be.revertedWithCustomError(ledger, 'ERC1155InsufficientBalance')
      .withArgs(alice, 0, 5, PROJECT)
  })

  it('keeps the limit of holders and the receiver’s consent', async () => {
    const { ledger, enforcer, alice, bob, carol, createProject, mint, setAccount } = await networkHelpers.loadFixture(withLots)
    await createProject(8, { maxHolders: 2 })
    await mint(alice, 10, { projectId: 8, id: investmentId('p8') })
    await mint(alice, 1, { projectId: 8 })
    await mint(bob, 10, { projectId: 8 })
    await expect(enforcer.transferLots(lots('p8'), carol, REASON))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.holderCap, alice, carol, 8, 10, 2)
    const refusing = await ethers.deployContract('RefusingReceiver')
    await setAccount(refusing)
    await expect(enforcer.transferLots(lots('a'), refusing, REASON)).to.be.revertedWithCustomError(refusing, 'NoThanks')
  })

  it('takes at most 256 at once', async () => {
    const { ledger, enforcer, bob } = await networkHelpers.loadFixture(withLots)
    await expect(enforcer.transferLots(Array(257).fill(investmentId('a')), bob, REASON))
      .to.be.revertedWithCustomError(ledger, 'TooMany')
      .withArgs(257, 256)
    await enforcer.transferLots([], bob, REASON)
  })
})

describe('The reversal of an investment', () => {
  it('burns its units for ever and leaves what was earned before', async () => {
    const world = await networkHelpers.loadFixture(withHolders)
    const { ledger, enforcer, operator, minter, alice, bob, mint, openEpoch, holders } = world
    await mint(bob, 50, { id: investmentId('a') })
    await openEpoch(150)
    const reversal = enforcer.reverseInvestment(investmentId('a'), REASON)
    await expect(reversal).to.emit(ledger, 'TransferSingle').withArgs(operator, bob, ZERO, PROJECT, 50)
    await expect(reversal).to.emit(ledger, 'InvestmentReversed').withArgs(investmentId('a'), PROJECT, bob, 50, REASON)
    expect([await ledger.totalSupply(PROJECT), await holders(), await ledger.balanceOf(bob, PROJECT)]).to.deep.equal([100n, 1n, 0n])
    await openEpoch(100)
    expect([await ledger.claimableOf(PROJECT, bob), await ledger.claimableOf(PROJECT, alice)]).to.deep.equal([50n, 200n])
    expect([await ledger.balanceAt(bob, PROJECT, 1), await ledger.supplyAt(PROJECT, 2)]).to.deep.equal([50n, 100n])
    expect((await ledger.lotOf(investmentId('a'))).toArray()).to.deep.equal([bob.address, BigInt(LOT.reversed)])
    const again = [investmentId('a'), PROJECT, bob, 50, 0, { deadline: 0, signature: '0x' }]
    expect(await ledger.connect(minter).mintInvestment.staticCall(...again)).to.equal(false)
    for (const call of [() => enforcer.reverseInvestment(investmentId('a'), REASON), () => ledger.release([investmentId('a')])])
      await expect(call()).to.be.revertedWithCustomError(ledger, 'InvestmentIsReversed').withArgs(investmentId('a'))
  })

  it('takes its lock-up with it and no other', async () => {
    const { enforcer, alice, mint, start, holding } = await networkHelpers.loadFixture(withHolders)
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await mint(alice, 20, { id: investmentId('b'), unlockDay: start + 20 })
    await enforcer.reverseInvestment(investmentId('b'), REASON)
    expect(await holding(alice)).to.deep.equal([110, 10, start + 20, 0, 0])
    await enforcer.reverseInvestment(investmentId('a'), REASON)
    expect(await holding(alice)).to.deep.equal([100, 0, 0, 0, 0])
  })

  it('of a free lot whose units were sold burns others and keeps as much locked as is left', async () => {
    const { ledger, enforcer, alice, bob, carol, mint, send, start, holding } = await networkHelpers.loadFixture(withHolders)
    await mint(bob, 30, { id: investmentId('free') })
    await mint(bob, 20, { id: investmentId('locked'), unlockDay: start + 20 })
    await send(bob, alice, 15)
    await enforcer.reverseInvestment(investmentId('free'), REASON)
    expect(await holding(bob)).to.deep.equal([5, 5, start + 20, start + 20, 0])
    await expect(enforcer.reverseInvestment(investmentId('locked'), REASON))
      .to.be.revertedWithCustomError(ledger, 'ERC1155InsufficientBalance')
      .withArgs(bob, 5, 20, PROJECT)
    await networkHelpers.time.increaseTo((start + 20) * DAY)
    await ledger.release([investmentId('locked')])
    await send(bob, carol, 5)
  })

  it('unfreezes what it must, and says so first', async () => {
    const world = await networkHelpers.loadFixture(withHolders)
    const { ledger, enforcer, bob, mint } = world
    await mint(bob, 10, { id: investmentId('a') })
    await mint(bob, 10)
    await enforcer.setFrozenTokens(bob, PROJECT, ALL)
    const reversal = enforcer.reverseInvestment(investmentId('a'), REASON)
    await expect(reversal).to.emit(ledger, 'Frozen').withArgs(bob, PROJECT, 10)
    expect(await eventsOf(world, reversal)).to.deep.equal(['Frozen', 'TransferSingle', 'InvestmentReversed'])
  })

  it('finds the lot where it was transferred to, and works while all is paused', async () => {
    const { ledger, enforcer, alice, bob, start, mint, holding } = await networkHelpers.loadFixture(withHolders)
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await enforcer.transferLots([investmentId('a')], bob, REASON)
    await enforcer.pause()
    await expect(enforcer.reverseInvestment(investmentId('a'), REASON))
      .to.emit(ledger, 'InvestmentReversed')
      .withArgs(investmentId('a'), PROJECT, bob, 10, REASON)
    expect(await holding(bob)).to.deep.equal([0, 0, 0, 0, 0])
  })

  it('of an investment that nobody made is refused', async () => {
    const { ledger, enforcer } = await networkHelpers.loadFixture(withHolders)
    for (const id of [investmentId('x'), ZERO_HASH])
      await expect(enforcer.reverseInvestment(id, REASON)).to.be.revertedWithCustomError(ledger, 'UnknownInvestment').withArgs(id)
  })
})
