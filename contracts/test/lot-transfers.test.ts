import { expect } from 'chai'
import { eventsOf, REASON, withHolders } from './enforcement-scene.ts'
import { CODE, DAY, ethers, investmentId, LOT, networkHelpers, PROJECT } from './fixture.ts'

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
