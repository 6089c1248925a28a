import { expect } from 'chai'
import { ALL, eventsOf, REASON, withHolders } from './enforcement-scene.ts'
import { DAY, investmentId, LOT, networkHelpers, PROJECT, ZERO, ZERO_HASH } from './fixture.ts'

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

  it('that leaves just what is locked leaves each lot its date', async () => {
    const { ledger, enforcer, bob, mint, start, holding } = await networkHelpers.loadFixture(withHolders)
    await mint(bob, 30, { id: investmentId('free') })
    await mint(bob, 20, { id: investmentId('a'), unlockDay: start + 10 })
    await mint(bob, 5, { id: investmentId('b'), unlockDay: start + 20 })
    await enforcer.reverseInvestment(investmentId('free'), REASON)
    expect(await holding(bob)).to.deep.equal([25, 25, start + 20, 0, 0])
    await networkHelpers.time.increaseTo((start + 10) * DAY)
    await ledger.release([investmentId('a')])
    expect(await ledger.movableOf(bob, PROJECT)).to.equal(20)
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
