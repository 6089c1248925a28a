import { expect } from 'chai'
import { BOTH_WAYS, deployed, FLAG, networkHelpers, PROJECT, ROLE, STATE, ZERO, ZERO_HASH } from './fixture.ts'

const ONE = 1n << 64n

describe('Earnings', () => {
  it('open an epoch with supply, amount and the running sum per unit in the log', async () => {
    const { ledger, alice, mint, openEpoch, cashier, treasurer } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 4)
    expect(await ledger.connect(cashier).openEpoch.staticCall(PROJECT, 10, treasurer)).to.equal(1)
    await expect(openEpoch(10))
      .to.emit(ledger, 'EpochOpened')
      .withArgs(PROJECT, 1, 4, 10, (10n * ONE) / 4n)
    await mint(alice, 3)
    const sum = (10n * ONE) / 4n + (5n * ONE) / 7n
    await expect(openEpoch(5)).to.emit(ledger, 'EpochOpened').withArgs(PROJECT, 2, 7, 5, sum)
    expect(await ledger.supplyAt(PROJECT, 1)).to.equal(4)
    expect(await ledger.supplyAt(PROJECT, 2)).to.equal(7)
    expect(await ledger.cumulativeAt(PROJECT, 2)).to.equal(sum)
  })

  it('open an epoch for a vote that pays nothing', async () => {
    const { ledger, alice, mint, openEpoch, elector } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 4)
    await openEpoch(4)
    expect(await ledger.connect(elector).openVoteEpoch.staticCall(PROJECT)).to.equal(2)
    await expect(ledger.connect(elector).openVoteEpoch(PROJECT)).to.emit(ledger, 'EpochOpened').withArgs(PROJECT, 2, 4, 0, ONE)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(4)
    expect(await ledger.balanceAt(alice, PROJECT, 2)).to.equal(4)
  })

  it('come from a treasurer only', async () => {
    const { ledger, alice, mint, cashier, admin, treasurer } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 4)
    await expect(ledger.connect(cashier).openEpoch(PROJECT, 4, alice))
      .to.be.revertedWithCustomError(ledger, 'MissingRole')
      .withArgs(alice, ROLE.treasurer)
    await ledger.connect(admin).setRole(treasurer, ROLE.none)
    await expect(ledger.connect(cashier).openEpoch(PROJECT, 4, treasurer))
      .to.be.revertedWithCustomError(ledger, 'MissingRole')
      .withArgs(treasurer, ROLE.treasurer)
  })

  it('refuse a project without units and an amount that the sum can’t hold', async () => {
    const { ledger, alice, mint, openEpoch, elector } = await networkHelpers.loadFixture(deployed)
    await expect(openEpoch(10)).to.be.revertedWithCustomError(ledger, 'NoUnits').withArgs(PROJECT)
    await expect(ledger.connect(elector).openVoteEpoch(PROJECT)).to.be.revertedWithCustomError(ledger, 'NoUnits').withArgs(PROJECT)
    await mint(alice, 1)
    await expect(openEpoch(2n ** 112n))
      .to.be.revertedWithCustomError(ledger, 'SafeCastOverflowedUintDowncast')
      .withArgs(112, 2n ** 112n)
    for (let round = 0; round < 5; round++) await openEpoch(2n ** 112n - 1n)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(5n * (2n ** 112n - 1n))
  })

  it('of the largest sums and holdings never overflow', async () => {
    const { ledger, alice, bob, createProject, mint, send, openEpoch } = await networkHelpers.loadFixture(deployed)
    const most = 2n ** 56n - 1n
    await createProject(8, { cap: most, dailyMintCap: most })
    await mint(alice, most, { projectId: 8 })
    const payout = 2n ** 112n - 1n
    await openEpoch(payout, 8)
    await send(alice, bob, most - 1n, 8)
    await openEpoch(payout, 8)
    await send(bob, alice, most - 1n, 8)
    await openEpoch(payout, 8)
    const total = (await ledger.claimableOf(8, alice)) + (await ledger.claimableOf(8, bob))
    expect(3n * payout - total).to.be.within(0n, 4n)
  })

  it('remember every balance at every opening, however it changed since', async () => {
    const { ledger, alice, bob, mint, send, openEpoch } = await networkHelpers.loadFixture(deployed)
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
      await openEpoch(1000)
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
    expect(await ledger.balanceAt(alice, PROJECT, 2n ** 256n - 1n)).to.equal(0)
  })

  it('belong to whoever held at the opening, not to a later buyer', async () => {
    const { ledger, alice, bob, carol, mint, send, openEpoch } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 60)
    await mint(bob, 40)
    await openEpoch(1000)
    await send(alice, carol, 60)
    await mint(carol, 900)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(600)
    expect(await ledger.claimableOf(PROJECT, bob)).to.equal(400)
    expect(await ledger.claimableOf(PROJECT, carol)).to.equal(0)
    await openEpoch(1000)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(600)
    expect(await ledger.claimableOf(PROJECT, carol)).to.equal(960)
  })

  it('are settled once, round down once per claim and keep the fraction', async () => {
    const { ledger, alice, bob, mint, openEpoch, cashier, token } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 1)
    await mint(bob, 2)
    const settle = () => ledger.connect(cashier).settleClaim.staticCall(PROJECT, alice)
    await openEpoch(2)
    expect(await settle(), 'two thirds of a base unit').to.deep.equal([0n, 1n, ZERO, alice.address])
    await ledger.connect(cashier).settleClaim(PROJECT, alice)
    await openEpoch(2)
    expect(await settle(), 'four thirds').to.deep.equal([1n, 2n, await token.getAddress(), alice.address])
    await ledger.connect(cashier).settleClaim(PROJECT, alice)
    expect((await ledger.holdingOf(PROJECT, alice)).claimed).to.equal(2)
    expect((await settle()).amount).to.equal(0)
  })

  it('claimed in the middle of a stretch count from there', async () => {
    const { ledger, alice, bob, mint, send, openEpoch, cashier } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 10)
    await openEpoch(100)
    await ledger.connect(cashier).settleClaim(PROJECT, alice)
    await openEpoch(100)
    await openEpoch(100)
    await send(alice, bob, 5)
    await openEpoch(100)
    await send(alice, bob, 5)
    await openEpoch(100)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(250)
    expect(await ledger.claimableOf(PROJECT, bob)).to.equal(150)
    await ledger.connect(cashier).settleClaim(PROJECT, alice)
    await send(bob, alice, 1)
    await openEpoch(100)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(10)
  })

  it('wait while their account is frozen, and belong to the successor of a retired one', async () => {
    const { ledger, alice, bob, mint, openEpoch, cashier, setAccount, registry } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 1)
    await mint(bob, 1)
    await openEpoch(20)
    await setAccount(alice, { flags: BOTH_WAYS | FLAG.frozen, investorId: 5 })
    await expect(ledger.connect(cashier).settleClaim(PROJECT, alice))
      .to.be.revertedWithCustomError(ledger, 'AccountIsFrozen')
      .withArgs(alice)
    await setAccount(alice, { investorId: 5 })
    expect((await ledger.connect(cashier).settleClaim.staticCall(PROJECT, alice)).amount).to.equal(10)
    await ledger
      .connect(registry)
      .relinkWallet(alice, bob, { flags: BOTH_WAYS, expiry: 2n ** 40n - 1n, country: 1, class: 0, investorId: 5 })
    const settled = await ledger.connect(cashier).settleClaim.staticCall(PROJECT, alice)
    expect([settled.amount, settled.payee]).to.deep.equal([10n, bob.address])
    await setAccount(bob, { flags: BOTH_WAYS | FLAG.frozen, investorId: 5 })
    await expect(ledger.connect(cashier).settleClaim(PROJECT, alice)).to.be.revertedWithCustomError(ledger, 'AccountIsFrozen').withArgs(bob)
  })

  it('of whoever is no longer eligible are still settled', async () => {
    const { ledger, alice, mint, openEpoch, cashier, setAccount, operator } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 1)
    await openEpoch(20)
    await setAccount(alice, { flags: 0, expiry: 0 })
    await ledger.connect(operator).pause()
    expect((await ledger.connect(cashier).settleClaim.staticCall(PROJECT, alice)).amount).to.equal(20)
  })

  it('go on while the project is paused or its exit announced, and wait while it runs', async () => {
    const { ledger, alice, mint, openEpoch, elector, operator, dao } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 1)
    await ledger.connect(operator).setProjectState(PROJECT, STATE.paused, ZERO_HASH)
    await openEpoch(1)
    await ledger.connect(operator).setProjectState(PROJECT, STATE.active, ZERO_HASH)
    await ledger.connect(operator).announceExit(PROJECT, dao, 2 ** 32)
    await openEpoch(1)
    await networkHelpers.time.increaseTo(2 ** 32)
    await ledger.connect(operator).beginExit(PROJECT)
    await expect(openEpoch(1)).to.be.revertedWithCustomError(ledger, 'WrongState').withArgs(PROJECT, STATE.exiting)
    await expect(ledger.connect(elector).openVoteEpoch(PROJECT))
      .to.be.revertedWithCustomError(ledger, 'WrongState')
      .withArgs(PROJECT, STATE.exiting)
    await ledger.exitBatch(PROJECT, [alice])
    await ledger.finalizeExit(PROJECT)
    await openEpoch(1)
    expect([await ledger.claimableOf(PROJECT, alice), await ledger.claimableOf(PROJECT, dao)]).to.deep.equal([2n, 1n])
  })
})
