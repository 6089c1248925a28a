import { expect } from 'chai'
import { DAY, investmentId, networkHelpers, PROJECT, STATE } from './fixture.ts'
import { INVESTOR, withInvestor } from './relink-scene.ts'

describe('A chain of changed wallets', () => {
  for (const order of [['first', 'second'], ['second', 'first'], ['first', 'first', 'second', 'second'], ['first']]) {
    it(`leads everything to its end when ${order.join(', ')} ${order.length > 1 ? 'are' : 'is'} moved in this order`, async () => {
      const { ledger, cashier, alice, carol, dave, bob, mint, send, openEpoch, relink, move, setAccount, holders, start } =
        await networkHelpers.loadFixture(withInvestor)
      await setAccount(carol, { investorId: INVESTOR })
      await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
      await mint(carol, 5, { id: investmentId('c') })
      await mint(bob, 85)
      await openEpoch(100)
      await relink(alice, carol)
      await relink(carol, dave)
      for (const name of order) await move(name === 'first' ? alice : carol)
      for (const name of ['a', 'c']) expect((await ledger.lotOf(investmentId(name))).holder, name).to.equal(dave.address)
      expect(await ledger.balanceOfBatch([alice, carol, dave], [PROJECT, PROJECT, PROJECT])).to.deep.equal([0n, 0n, 15n])
      expect(await holders()).to.equal(2)
      await openEpoch(100)
      expect((await ledger.connect(cashier).settleClaim.staticCall(PROJECT, dave)).amount).to.equal(30)
      await networkHelpers.time.increaseTo((start + 10) * DAY)
      await expect(ledger.release([investmentId('a')]))
        .to.emit(ledger, 'LotReleased')
        .withArgs(investmentId('a'), PROJECT, dave, 10)
      await send(dave, bob, 15)
    })
  }

  it('passes through a wallet that never held anything', async () => {
    const { ledger, alice, carol, dave, mint, relink, move, start } = await networkHelpers.loadFixture(withInvestor)
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await relink(alice, carol)
    await relink(carol, dave)
    expect((await ledger.lotOf(investmentId('a'))).holder).to.equal(alice.address)
    await move(alice)
    expect((await ledger.lotOf(investmentId('a'))).holder).to.equal(dave.address)
    expect(await ledger.balanceOf(dave, PROJECT)).to.equal(10)
    expect(await ledger.balanceOf(carol, PROJECT)).to.equal(0)
  })

  it('goes on where it ended before', async () => {
    const { ledger, alice, carol, dave, mint, relink, move } = await networkHelpers.loadFixture(withInvestor)
    await mint(alice, 10, { id: investmentId('a') })
    await relink(alice, carol)
    await move(alice)
    await relink(carol, dave)
    expect((await ledger.lotOf(investmentId('a'))).holder).to.equal(carol.address)
    await move(alice)
    expect((await ledger.lotOf(investmentId('a'))).holder).to.equal(dave.address)
    expect(await ledger.balanceOf(dave, PROJECT)).to.equal(10)
  })
})

describe('A relinked wallet in an exit', () => {
  it('is exited itself while it runs; its money follows afterwards', async () => {
    const { ledger, cashier, alice, dave, mint, openEpoch, relink, move, beginExit } = await networkHelpers.loadFixture(withInvestor)
    await mint(alice, 10)
    await openEpoch(100)
    await relink(alice, dave)
    await beginExit()
    await expect(move(alice)).to.be.revertedWithCustomError(ledger, 'WrongState').withArgs(PROJECT, STATE.exiting)
    await ledger.exitBatch(PROJECT, [alice])
    await expect(move(alice)).to.emit(ledger, 'HoldingMoved').withArgs(PROJECT, alice, dave, 0, 0, 0, 100)
    await ledger.finalizeExit(PROJECT)
    await openEpoch(1000)
    expect((await ledger.connect(cashier).settleClaim.staticCall(PROJECT, dave)).amount).to.equal(100)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(0)
    expect(await ledger.balanceAt(alice, PROJECT, 1)).to.equal(10)
  })

  it('without units brings its money to an exited one, whose own stays whole', async () => {
    const { ledger, cashier, alice, bob, carol, mint, send, openEpoch, setAccount, relink, move, beginExit } =
      await networkHelpers.loadFixture(withInvestor)
    await setAccount(carol, { investorId: INVESTOR })
    await mint(alice, 10)
    await mint(carol, 10)
    await openEpoch(100)
    await send(alice, bob, 10)
    await beginExit()
    await ledger.exitBatch(PROJECT, [bob, carol])
    await ledger.finalizeExit(PROJECT)
    await openEpoch(1000)
    await relink(alice, carol)
    await move(alice)
    expect(await ledger.claimableOf(PROJECT, carol)).to.equal(100)
    expect((await ledger.connect(cashier).settleClaim.staticCall(PROJECT, carol)).amount).to.equal(100)
    expect(await ledger.balanceAt(carol, PROJECT, 1)).to.equal(10)
  })

  it('releases no lot of its own against the new one’s lock-up', async () => {
    const { ledger, alice, carol, mint, setAccount, relink, move, beginExit, start, holding } =
      await networkHelpers.loadFixture(withInvestor)
    await setAccount(carol, { investorId: INVESTOR })
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await mint(carol, 5, { id: investmentId('c'), unlockDay: start + 40 })
    await beginExit()
    await ledger.exitBatch(PROJECT, [alice])
    await relink(alice, carol)
    await move(alice)
    expect((await holding(carol)).slice(0, 2)).to.deep.equal([5, 5])
    await expect(ledger.release([investmentId('a')]))
      .to.emit(ledger, 'LotReleased')
      .withArgs(investmentId('a'), PROJECT, alice, 10)
    expect((await holding(carol)).slice(0, 2)).to.deep.equal([5, 5])
  })
})
