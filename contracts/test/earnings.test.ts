import { expect } from 'chai'
import { deployed, networkHelpers, PROJECT, STATE, ZERO, ZERO_HASH } from './fixture.ts'

const ONE = 1n << 64n

describe('Earnings', () => {
  it('open an epoch with supply, amount and the running sum per unit in the log', async () => {
    const { ledger, alice, mint, treasurer } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 4)
    await expect(ledger.connect(treasurer).openEpoch(PROJECT, 10))
      .to.emit(ledger, 'EpochOpened')
      .withArgs(PROJECT, 1, 4, 10, (10n * ONE) / 4n)
    await mint(alice, 3)
    const sum = (10n * ONE) / 4n + (5n * ONE) / 7n
    await expect(ledger.connect(treasurer).openEpoch(PROJECT, 5)).to.emit(ledger, 'EpochOpened').withArgs(PROJECT, 2, 7, 5, sum)
    expect(await ledger.supplyAt(PROJECT, 1)).to.equal(4)
    expect(await ledger.supplyAt(PROJECT, 2)).to.equal(7)
    expect(await ledger.cumulativeAt(PROJECT, 2)).to.equal(sum)
  })

  it('refuse a project without units and an amount that the sum can’t hold', async () => {
    const { ledger, alice, mint, treasurer } = await networkHelpers.loadFixture(deployed)
    await expect(ledger.connect(treasurer).openEpoch(PROJECT, 10)).to.be.revertedWithCustomError(ledger, 'NoUnits').withArgs(PROJECT)
    await mint(alice, 1)
    await expect(ledger.connect(treasurer).openEpoch(PROJECT, 2n ** 112n))
      .to.be.revertedWithCustomError(ledger, 'SafeCastOverflowedUintDowncast')
      .withArgs(112, 2n ** 112n)
    for (let round = 0; round < 5; round++) await ledger.connect(treasurer).openEpoch(PROJECT, 2n ** 112n - 1n)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(5n * (2n ** 112n - 1n))
  })

  it('remember every balance at every opening, however it changed since', async () => {
    const { ledger, alice, bob, mint, send, treasurer } = await networkHelpers.loadFixture(deployed)
    const open = () => ledger.connect(treasurer).openEpoch(PROJECT, 1000)
    const history: [bigint, bigint][] = []
    const steps = [
      () => mint(alice, 10),
      () => send(alice, bob, 4),
      async () => undefined,
      async () => {
        await send(bob, alice, 4)
        await send(alice, bob, 1)
      },
      () => send(alice, bob, 9),
      () => send(alice, bob, 0),
      () => mint(alice, 3),
      () => send(bob, alice, 10),
    ]
    for (const step of steps) {
      await step()
      await open()
      history.push([await ledger.balanceOf(alice, PROJECT), await ledger.balanceOf(bob, PROJECT)])
    }
    await send(alice, bob, 13)
    for (const [index, [ofAlice, ofBob]] of history.entries()) {
      expect(await ledger.balanceAt(alice, PROJECT, index + 1), `Alice at ${index + 1}`).to.equal(ofAlice)
      expect(await ledger.balanceAt(bob, PROJECT, index + 1), `Bob at ${index + 1}`).to.equal(ofBob)
      expect(ofAlice + ofBob).to.equal(await ledger.supplyAt(PROJECT, index + 1))
    }
    expect(await ledger.balanceAt(alice, PROJECT, 0)).to.equal(0)
    expect(await ledger.balanceAt(alice, PROJECT, history.length + 1), 'an epoch that never opened').to.equal(0)
  })

  it('belong to whoever held at the opening, not to a later buyer', async () => {
    const { ledger, alice, bob, carol, mint, send, treasurer } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 60)
    await mint(bob, 40)
    await ledger.connect(treasurer).openEpoch(PROJECT, 1000)
    await send(alice, carol, 60)
    await mint(carol, 900)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(600)
    expect(await ledger.claimableOf(PROJECT, bob)).to.equal(400)
    expect(await ledger.claimableOf(PROJECT, carol)).to.equal(0)
    await ledger.connect(treasurer).openEpoch(PROJECT, 1000)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(600)
    expect(await ledger.claimableOf(PROJECT, carol)).to.equal(960)
  })

  it('are settled once, round down once per claim and keep the fraction', async () => {
    const { ledger, alice, bob, mint, treasurer } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 1)
    await mint(bob, 2)
    const settle = () => ledger.connect(treasurer).settleClaim.staticCall(PROJECT, alice)
    await ledger.connect(treasurer).openEpoch(PROJECT, 2)
    expect(await settle(), 'two thirds of a base unit').to.deep.equal([0n, 1n, ZERO])
    await ledger.connect(treasurer).settleClaim(PROJECT, alice)
    await ledger.connect(treasurer).openEpoch(PROJECT, 2)
    expect((await settle()).amount, 'four thirds').to.equal(1)
    await ledger.connect(treasurer).settleClaim(PROJECT, alice)
    expect((await settle()).amount).to.equal(0)
  })

  it('go on while the project is paused or its exit announced, and wait while it runs', async () => {
    const { ledger, alice, mint, treasurer, operator, dao } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 1)
    const open = () => ledger.connect(treasurer).openEpoch(PROJECT, 1)
    await ledger.connect(operator).setProjectState(PROJECT, STATE.paused, ZERO_HASH)
    await open()
    await ledger.connect(operator).setProjectState(PROJECT, STATE.active, ZERO_HASH)
    await ledger.connect(operator).announceExit(PROJECT, dao, 2 ** 32)
    await open()
    await networkHelpers.time.increaseTo(2 ** 32)
    await ledger.connect(operator).beginExit(PROJECT)
    await expect(open()).to.be.revertedWithCustomError(ledger, 'WrongState').withArgs(PROJECT, STATE.exiting)
    await ledger.exitBatch(PROJECT, [alice])
    await ledger.finalizeExit(PROJECT)
    await open()
  })
})
