import { expect } from 'chai'
import {
  type AnyContract,
  BOTH_WAYS,
  DAY,
  deployed,
  ethers,
  FLAG,
  FOREVER,
  investmentId,
  LOT,
  networkHelpers,
  PROJECT,
  type Signer,
  STATE,
  today,
  ZERO,
} from './fixture.ts'

const INVESTOR = 5
const record = (changes: Record<string, unknown> = {}) => ({
  flags: BOTH_WAYS,
  expiry: FOREVER,
  country: 276,
  class: 1,
  investorId: INVESTOR,
  ...changes,
})

async function withInvestor() {
  const world = await deployed()
  const { ledger, registry, alice, setAccount, stranger } = world
  await setAccount(alice, { investorId: INVESTOR })
  const relink = (from: Signer, to: AnyContract, changes: Record<string, unknown> = {}) =>
    ledger.connect(registry).relinkWallet(from, to, record(changes))
  const move = (from: Signer, projectIds: (number | bigint)[] = [PROJECT]) => ledger.connect(stranger).moveHoldings(from, projectIds)
  const holding = async (holder: AnyContract) => {
    const { balance, locked, unlockDay, clearedDay, frozen, carried } = await ledger.holdingOf(PROJECT, holder)
    return [balance, locked, unlockDay, clearedDay, frozen, carried].map(Number)
  }
  return { ...world, relink, move, holding, start: await today() }
}

describe('Accounts', () => {
  it('are written whole and told whole', async () => {
    const { ledger, registry, dave } = await networkHelpers.loadFixture(withInvestor)
    await expect(
      ledger.connect(registry).setAccount(dave, { flags: 15, expiry: FOREVER, country: 65_535, class: 255, investorId: 2n ** 64n - 1n }),
    )
      .to.emit(ledger, 'AccountSet')
      .withArgs(dave, 15, FOREVER, 65_535, 255, 2n ** 64n - 1n)
    expect((await ledger.accountOf(dave)).toArray()).to.deep.equal([15n, BigInt(FOREVER), 65_535n, 255n, 2n ** 64n - 1n])
    await ledger.connect(registry).setAccount(dave, record({ flags: 0 }))
    expect((await ledger.accountOf(dave)).toArray()).to.deep.equal([0n, BigInt(FOREVER), 276n, 1n, 5n])
  })

  it('have no flags that only the ledger sets', async () => {
    const { ledger, dave, alice, relink, setAccount } = await networkHelpers.loadFixture(withInvestor)
    for (const flags of [16, 19, 128, 255]) {
      await expect(setAccount(dave, { flags })).to.be.revertedWithCustomError(ledger, 'InvalidFlags').withArgs(flags)
      await expect(relink(alice, dave, { flags }))
        .to.be.revertedWithCustomError(ledger, 'InvalidFlags')
        .withArgs(flags)
    }
  })

  it('are nobody’s at the zero address', async () => {
    const { ledger, setAccount } = await networkHelpers.loadFixture(withInvestor)
    await expect(setAccount(ZERO)).to.be.revertedWithCustomError(ledger, 'ERC1155InvalidReceiver').withArgs(ZERO)
  })
})

describe('A change of wallet', () => {
  it('retires the old one for ever and registers the new one', async () => {
    const { ledger, alice, dave, relink, setAccount } = await networkHelpers.loadFixture(withInvestor)
    const change = relink(alice, dave)
    await expect(change).to.emit(ledger, 'AccountSet').withArgs(alice, FLAG.retired, FOREVER, 276, 0, INVESTOR)
    await expect(change).to.emit(ledger, 'AccountSet').withArgs(dave, BOTH_WAYS, FOREVER, 276, 1, INVESTOR)
    await expect(change).to.emit(ledger, 'WalletRelinked').withArgs(INVESTOR, alice, dave)
    expect(await ledger.successorOf(alice)).to.equal(dave.address)
    expect(await ledger.successorOf(dave)).to.equal(ZERO)
    expect([await ledger.canSend(alice), await ledger.canReceive(alice), await ledger.canReceive(dave)]).to.deep.equal([false, false, true])
    await expect(setAccount(alice)).to.be.revertedWithCustomError(ledger, 'AccountRetired').withArgs(alice)
  })

  it('is refused where it makes no sense or would be a way out', async () => {
    const { ledger, alice, bob, carol, dave, relink, setAccount } = await networkHelpers.loadFixture(withInvestor)
    const refused = async (from: Signer, to: AnyContract, changes: Record<string, unknown> = {}) =>
      expect(relink(from, to, changes))
        .to.be.revertedWithCustomError(ledger, 'InvalidRelink')
        .withArgs(from, to)
    await refused(alice, alice)
    await refused(alice, ZERO)
    await refused(alice, dave, { investorId: 6 })
    await refused(alice, dave, { flags: FLAG.send })
    await refused(bob, dave, { investorId: 0 })
    await refused(bob, dave)
    await setAccount(carol, { investorId: 6 })
    await refused(alice, carol)
    await setAccount(alice, { investorId: INVESTOR, flags: BOTH_WAYS | FLAG.frozen })
    await refused(alice, dave)
    await setAccount(alice, { investorId: INVESTOR })
    await setAccount(dave, { flags: FLAG.frozen })
    await refused(alice, dave)
    await relink(alice, dave, { flags: BOTH_WAYS | FLAG.frozen })
    for (const [from, to] of [
      [alice, carol],
      [dave, alice],
    ] as const)
      await expect(relink(from, to, { flags: BOTH_WAYS | FLAG.frozen }))
        .to.be.revertedWithCustomError(ledger, 'AccountRetired')
        .withArgs(alice)
  })

  it('may lead to another wallet of the same investor', async () => {
    const { ledger, alice, carol, relink, setAccount } = await networkHelpers.loadFixture(withInvestor)
    await setAccount(carol, { investorId: INVESTOR })
    await relink(alice, carol)
    expect(await ledger.successorOf(alice)).to.equal(carol.address)
  })
})

describe('The holdings of a relinked wallet', () => {
  it('follow whole, by anybody’s hand, and repeats change nothing', async () => {
    const { ledger, operator, stranger, alice, dave, mint, openEpoch, relink, move, holding, holders, start } =
      await networkHelpers.loadFixture(withInvestor)
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await mint(alice, 20)
    await openEpoch(300)
    await ledger.connect(operator).setFrozenTokens(alice, PROJECT, 4)
    await relink(alice, dave)
    expect((await ledger.lotOf(investmentId('a'))).holder).to.equal(alice.address)
    const moving = move(alice)
    await expect(moving).to.emit(ledger, 'Frozen').withArgs(alice, PROJECT, 0)
    await expect(moving).to.emit(ledger, 'Frozen').withArgs(dave, PROJECT, 4)
    await expect(moving).to.emit(ledger, 'TransferSingle').withArgs(stranger, alice, dave, PROJECT, 30)
    await expect(moving)
      .to.emit(ledger, 'HoldingMoved')
      .withArgs(PROJECT, alice, dave, 30, 10, start + 10, 300)
    expect(await holding(alice)).to.deep.equal([0, 0, 0, 0, 0, 0])
    expect(await holding(dave)).to.deep.equal([30, 10, start + 10, 0, 4, 300])
    expect((await ledger.lotOf(investmentId('a'))).toArray()).to.deep.equal([dave.address, BigInt(LOT.open)])
    expect([await ledger.claimableOf(PROJECT, alice), await ledger.claimableOf(PROJECT, dave)]).to.deep.equal([0n, 300n])
    expect([await ledger.balanceAt(alice, PROJECT, 1), await ledger.balanceAt(dave, PROJECT, 1)]).to.deep.equal([30n, 0n])
    expect((await (await move(alice)).wait()).logs).to.have.length(0)
    expect(await holders()).to.equal(1)
    await networkHelpers.time.increaseTo((start + 10) * DAY)
    await expect(ledger.release([investmentId('a')]))
      .to.emit(ledger, 'LotReleased')
      .withArgs(investmentId('a'), PROJECT, dave, 10)
  })

  it('move while everything is paused, and not without a change of wallet', async () => {
    const { ledger, operator, alice, bob, dave, mint, relink, move } = await networkHelpers.loadFixture(withInvestor)
    await mint(alice, 10)
    await expect(move(bob)).to.be.revertedWithCustomError(ledger, 'InvalidRelink').withArgs(bob, ZERO)
    await relink(alice, dave)
    await ledger.connect(operator).pause()
    await move(alice)
    expect(await ledger.balanceOf(dave, PROJECT)).to.equal(10)
  })

  it('are moved for at most 256 projects at once, known or not', async () => {
    const { ledger, alice, dave, relink, move } = await networkHelpers.loadFixture(withInvestor)
    await relink(alice, dave)
    await expect(move(alice, Array(257).fill(1)))
      .to.be.revertedWithCustomError(ledger, 'TooMany')
      .withArgs(257, 256)
    const receipt = await (await move(alice, [99, 2n ** 256n - 1n, 0, ...Array(253).fill(PROJECT)])).wait()
    expect(receipt.logs).to.have.length(0)
  })

  it('join those of the new wallet, which counts once', async () => {
    const { ledger, operator, alice, carol, mint, openEpoch, setAccount, relink, move, holding, holders } =
      await networkHelpers.loadFixture(withInvestor)
    await setAccount(carol, { investorId: INVESTOR })
    await mint(alice, 10)
    await mint(carol, 30)
    await openEpoch(400)
    await ledger.connect(operator).setFrozenTokens(alice, PROJECT, 2n ** 56n - 1n)
    await ledger.connect(operator).setFrozenTokens(carol, PROJECT, 7)
    await relink(alice, carol)
    expect(await holders()).to.equal(2)
    await expect(move(alice)).to.emit(ledger, 'HoldingMoved').withArgs(PROJECT, alice, carol, 10, 0, 0, 100)
    expect(await holders()).to.equal(1)
    expect(await holding(carol)).to.deep.equal([40, 0, 0, 0, 2 ** 56 - 1, 100])
    await openEpoch(400)
    expect(await ledger.claimableOf(PROJECT, carol)).to.equal(800)
  })

  it('bring their unclaimed money once, however often it is claimed or carried on', async () => {
    const { ledger, cashier, alice, carol, dave, mint, openEpoch, relink, move } = await networkHelpers.loadFixture(withInvestor)
    await mint(alice, 10)
    await openEpoch(100)
    await relink(alice, carol)
    await move(alice)
    await openEpoch(50)
    await relink(carol, dave)
    await expect(move(carol)).to.emit(ledger, 'HoldingMoved').withArgs(PROJECT, carol, dave, 10, 0, 0, 150)
    expect(await ledger.claimableOf(PROJECT, carol)).to.equal(0)
    expect((await ledger.holdingOf(PROJECT, carol)).carried).to.equal(0)
    await openEpoch(70)
    expect((await ledger.connect(cashier).settleClaim.staticCall(PROJECT, dave)).amount).to.equal(220)
    await ledger.connect(cashier).settleClaim(PROJECT, dave)
    expect(await ledger.claimableOf(PROJECT, dave)).to.equal(0)
    expect((await ledger.holdingOf(PROJECT, dave)).carried).to.equal(0)
    await openEpoch(30)
    expect(await ledger.claimableOf(PROJECT, dave)).to.equal(30)
  })

  it('that were sold before leave the money only', async () => {
    const { ledger, alice, bob, dave, mint, send, openEpoch, relink, move, holding } = await networkHelpers.loadFixture(withInvestor)
    await mint(alice, 10)
    await openEpoch(100)
    await send(alice, bob, 10)
    await relink(alice, dave)
    const moving = move(alice)
    await expect(moving).to.emit(ledger, 'HoldingMoved').withArgs(PROJECT, alice, dave, 0, 0, 0, 100)
    await expect(moving).not.to.emit(ledger, 'TransferSingle')
    expect(await holding(dave)).to.deep.equal([0, 0, 0, 0, 0, 100])
  })

  it('need the new wallet’s consent when it is a contract', async () => {
    const { alice, mint, relink, move } = await networkHelpers.loadFixture(withInvestor)
    const refusing = await ethers.deployContract('RefusingReceiver')
    await mint(alice, 10)
    await relink(alice, refusing)
    await expect(move(alice)).to.be.revertedWithCustomError(refusing, 'NoThanks')
  })
})

describe('The lock-ups of a relinked wallet', () => {
  async function withTwo() {
    const world = await withInvestor()
    await world.setAccount(world.carol, { investorId: INVESTOR })
    return world
  }

  it('end on their days at the new one', async () => {
    const { ledger, alice, bob, carol, mint, send, relink, move, start } = await networkHelpers.loadFixture(withTwo)
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await mint(alice, 20, { id: investmentId('b'), unlockDay: start + 20 })
    await mint(carol, 5)
    await relink(alice, carol)
    await move(alice)
    expect(await ledger.movableOf(carol, PROJECT)).to.equal(5)
    await expect(ledger.release([investmentId('a')]))
      .to.be.revertedWithCustomError(ledger, 'LotStillLocked')
      .withArgs(investmentId('a'), start + 10)
    await networkHelpers.time.increaseTo((start + 10) * DAY)
    await ledger.release([investmentId('a')])
    expect(await ledger.movableOf(carol, PROJECT)).to.equal(15)
    await networkHelpers.time.increaseTo((start + 20) * DAY)
    await send(carol, bob, 35)
  })

  it('collide with those of the new one until both are over', async () => {
    const { ledger, alice, carol, mint, relink, move, start, holding } = await networkHelpers.loadFixture(withTwo)
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await mint(carol, 20, { id: investmentId('c'), unlockDay: start + 20 })
    await relink(alice, carol)
    const collides = () => expect(move(alice)).to.be.revertedWithCustomError(ledger, 'LockupsCollide').withArgs(PROJECT, alice, carol)
    await collides()
    await networkHelpers.time.increaseTo((start + 10) * DAY)
    await collides()
    await networkHelpers.time.increaseTo((start + 20) * DAY)
    await move(alice)
    expect(await holding(carol)).to.deep.equal([30, 0, 0, start + 20, 0, 0])
    await ledger.release([investmentId('a'), investmentId('c')])
    await mint(carol, 1, { unlockDay: start + 30 })
    expect(await ledger.movableOf(carol, PROJECT)).to.equal(30)
  })

  it('don’t collide once they were released', async () => {
    const { ledger, alice, carol, mint, relink, move, start, holding } = await networkHelpers.loadFixture(withTwo)
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await mint(carol, 20, { id: investmentId('c'), unlockDay: start + 20 })
    await relink(alice, carol)
    await networkHelpers.time.increaseTo((start + 10) * DAY)
    await ledger.release([investmentId('a')])
    await move(alice)
    expect(await holding(carol)).to.deep.equal([30, 20, start + 20, 0, 0, 0])
    await ledger.release([investmentId('a')])
    expect(await holding(carol)).to.deep.equal([30, 20, start + 20, 0, 0, 0])
  })

  it('that were cut keep the day they were cut to', async () => {
    const { ledger, operator, alice, bob, dave, mint, relink, move, start, holding } = await networkHelpers.loadFixture(withTwo)
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await ledger.connect(operator).forcedTransfer(alice, bob, PROJECT, 4)
    await relink(alice, dave)
    await move(alice)
    expect(await holding(dave)).to.deep.equal([6, 6, start + 10, start + 10, 0, 0])
    await networkHelpers.time.increaseTo((start + 10) * DAY)
    await expect(ledger.release([investmentId('a')])).not.to.emit(ledger, 'LotReleased')
    expect(await ledger.movableOf(dave, PROJECT)).to.equal(6)
  })
})

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
