import { expect } from 'chai'
import {
  COOLING_OFF,
  DAY,
  deployed,
  ethers,
  failed,
  HARD_CAP,
  LEDGER_STATE,
  MIN_OPEN,
  networkHelpers,
  OPEN,
  OTHER_PROJECT,
  onSale,
  PRICE,
  PROJECT,
  ROLE,
  SALE_STATE,
  succeeded,
  TARGET,
  ZERO,
} from './sale-scene.ts'

const { loadFixture, time } = networkHelpers

describe('Opening a sale', () => {
  it('publishes all terms, takes the project to funding and shows them', async () => {
    const { sale, ledger, manager, forwarder, treasury, saleTerms } = await loadFixture(deployed)
    const terms = await saleTerms({ maxUnitsPerInvestor: 300 })
    const opening = sale.openSale(PROJECT, terms)
    await expect(opening).to.emit(sale, 'SaleOpened').withArgs(PROJECT, Object.values(terms), treasury)
    await expect(opening).to.emit(ledger, 'ProjectStateChanged')
    expect((await ledger.projectOf(PROJECT)).state).to.equal(LEDGER_STATE.funding)
    const shown = (await sale.saleOf(PROJECT)).toObject(true)
    expect(shown).to.deep.include({
      state: BigInt(SALE_STATE.open),
      treasury: treasury.address,
      closesAt: BigInt(terms.closesAt),
      finalizableAt: BigInt(terms.closesAt),
      finalizedAt: 0n,
      openUnits: 0n,
      openFiatUnits: 0n,
      settledUnits: 0n,
      investors: 0n,
      escrow: 0n,
      proceeds: 0n,
    })
    expect((await sale.saleOf(PROJECT)).terms.toObject()).to.deep.equal({
      currency: terms.currency,
      pricePerUnit: BigInt(PRICE),
      targetUnits: BigInt(TARGET),
      hardCapUnits: BigInt(HARD_CAP),
      maxFiatUnits: BigInt(HARD_CAP),
      maxUnitsPerInvestor: 300n,
      unlockDays: 365n,
      opensAt: BigInt(terms.opensAt),
      closesAt: BigInt(terms.closesAt),
      coolingOffSeconds: BigInt(COOLING_OFF),
    })
    expect(await sale.ledger()).to.equal(await ledger.getAddress())
    expect(await sale.authority()).to.equal(await manager.getAddress())
    expect(await sale.trustedForwarder()).to.equal(await forwarder.getAddress())
    expect(await sale.minOpenSeconds()).to.equal(MIN_OPEN)
    expect(await sale.MAX_OPEN_SECONDS()).to.equal(730 * DAY)
    expect(await sale.CANCEL_BEFORE_CLOSE()).to.equal(2 * DAY)
    expect(await sale.EARLY_CLOSE_NOTICE()).to.equal(7 * DAY)
    expect(await sale.SETTLEMENT_GRACE()).to.equal(90 * DAY)
  })

  it('shows nothing where there is nothing', async () => {
    const { sale, alice } = await loadFixture(deployed)
    expect((await sale.saleOf(PROJECT)).toArray(true).flat()).to.deep.equal([0n, ZERO, ...Array(9).fill(0n), ZERO, ...Array(9).fill(0n)])
    expect((await sale.commitmentOf(ethers.id('none'))).toArray()).to.deep.equal([0n, 0n, 0n, ZERO, 0n, 0n, 0n, 0n])
    expect(await sale.committedUnitsOf(PROJECT, alice)).to.equal(0)
    expect(await sale.refundAddressOf(alice)).to.equal(ZERO)
  })

  it('is the access manager’s to allow, as are the early close and giving it up', async () => {
    const { sale, stranger, attestor, minter, treasury, saleTerms } = await loadFixture(deployed)
    const terms = await saleTerms()
    for (const caller of [stranger, attestor, minter, treasury]) {
      const their = sale.connect(caller)
      for (const call of [
        () => their.openSale(PROJECT, terms),
        () => their.announceEarlyClose(PROJECT, terms.closesAt),
        () => their.abandonSale(PROJECT, ethers.id('x')),
      ])
        await expect(call()).to.be.revertedWithCustomError(sale, 'AccessManagedUnauthorized').withArgs(caller)
    }
  })

  it('happens once per project, and only for a draft that has a treasury other than the sale', async () => {
    const { sale, ledger, open, createProject, saleTerms } = await loadFixture(deployed)
    await open()
    await expect(sale.openSale(PROJECT, await saleTerms()))
      .to.be.revertedWithCustomError(sale, 'SaleAlreadyOpened')
      .withArgs(PROJECT)
    await expect(sale.openSale(99, await saleTerms()))
      .to.be.revertedWithCustomError(sale, 'ProjectHasNoTreasury')
      .withArgs(99)
    for (const treasury of [ZERO, sale]) {
      const id = treasury === ZERO ? OTHER_PROJECT : OTHER_PROJECT + 1
      await createProject(id, { treasury })
      await expect(sale.openSale(id, await saleTerms()))
        .to.be.revertedWithCustomError(sale, 'ProjectHasNoTreasury')
        .withArgs(id)
    }
    await createProject(20)
    await ledger.setProjectState(20, LEDGER_STATE.active, ethers.ZeroHash)
    await expect(sale.openSale(20, await saleTerms()))
      .to.be.revertedWithCustomError(ledger, 'InvalidStateChange')
      .withArgs(20, LEDGER_STATE.active, LEDGER_STATE.funding)
  })

  it('refuses a currency that is no contract, a price of zero and units that don’t fit together', async () => {
    const { sale, alice, saleTerms } = await loadFixture(deployed)
    const refused = async (changes: Record<string, unknown>) => expect(sale.openSale(PROJECT, await saleTerms(changes)))
    await (await refused({ currency: alice.address })).to.be.revertedWithCustomError(sale, 'InvalidCurrency').withArgs(alice)
    await (await refused({ currency: ZERO })).to.be.revertedWithCustomError(sale, 'InvalidCurrency').withArgs(ZERO)
    await (await refused({ pricePerUnit: 0 })).to.be.revertedWithCustomError(sale, 'ZeroPrice').withArgs()
    const units = [
      [0, 10, 0],
      [11, 10, 0],
      [10, 1_000_001, 0],
      [10, 20, 21],
      [0, 0, 0],
    ]
    for (const [targetUnits, hardCapUnits, maxFiatUnits] of units)
      await (await refused({ targetUnits, hardCapUnits, maxFiatUnits })).to.be
        .revertedWithCustomError(sale, 'InvalidUnits')
        .withArgs(targetUnits, hardCapUnits, maxFiatUnits, 1_000_000)
    await sale.openSale(PROJECT, await saleTerms({ targetUnits: 1_000_000, hardCapUnits: 1_000_000, maxFiatUnits: 1_000_000 }))
  })

  it('refuses periods that are in the past, too short or too long', async () => {
    const { sale, saleTerms } = await loadFixture(deployed)
    const now = (await time.latest()) + 10
    await time.setNextBlockTimestamp(now)
    await expect(sale.openSale(PROJECT, await saleTerms({ opensAt: now - 1 })))
      .to.be.revertedWithCustomError(sale, 'OpensTooEarly')
      .withArgs(now - 1, now)
    const opensAt = now + 100
    for (const closesAt of [0, opensAt, opensAt + MIN_OPEN - 1, opensAt + 730 * DAY + 1, 2 ** 40 - 1])
      await expect(sale.openSale(PROJECT, await saleTerms({ opensAt, closesAt })))
        .to.be.revertedWithCustomError(sale, 'InvalidClose')
        .withArgs(closesAt, opensAt + MIN_OPEN, opensAt + 730 * DAY)
    const huge = 2 ** 40 - 1
    await expect(sale.openSale(PROJECT, await saleTerms({ opensAt: huge, closesAt: huge })))
      .to.be.revertedWithCustomError(sale, 'InvalidClose')
      .withArgs(huge, huge + MIN_OPEN, huge + 730 * DAY)
    await expect(sale.openSale(PROJECT, await saleTerms({ coolingOffSeconds: 30 * DAY + 1 })))
      .to.be.revertedWithCustomError(sale, 'CoolingOffTooLong')
      .withArgs(30 * DAY + 1, 30 * DAY)
    await expect(sale.openSale(PROJECT, await saleTerms({ unlockDays: 3651 })))
      .to.be.revertedWithCustomError(sale, 'LockUpTooLong')
      .withArgs(3651, 3650)
  })

  it('takes the extremes of what it allows', async () => {
    const { sale, createProject, saleTerms } = await loadFixture(deployed)
    const now = (await time.latest()) + 10
    await time.setNextBlockTimestamp(now)
    await sale.openSale(PROJECT, await saleTerms({ opensAt: now, closesAt: now + MIN_OPEN, coolingOffSeconds: 0, unlockDays: 0 }))
    await createProject(OTHER_PROJECT)
    const opensAt = now + 100
    const longest = { opensAt, closesAt: opensAt + 730 * DAY, coolingOffSeconds: 30 * DAY, unlockDays: 3650, maxFiatUnits: 0 }
    await sale.openSale(OTHER_PROJECT, await saleTerms(longest))
    expect((await sale.saleOf(OTHER_PROJECT)).state).to.equal(SALE_STATE.open)
  })

  it('refuses an investor’s limit that the ledger would not mint', async () => {
    const { sale, createProject, saleTerms } = await loadFixture(deployed)
    await createProject(OTHER_PROJECT, { cap: 10_000, maxHolderBps: 333 })
    for (const maxUnitsPerInvestor of [0, 334])
      await expect(sale.openSale(OTHER_PROJECT, await saleTerms({ maxUnitsPerInvestor })))
        .to.be.revertedWithCustomError(sale, 'InvestorLimitTooHigh')
        .withArgs(maxUnitsPerInvestor, 333)
    await sale.openSale(OTHER_PROJECT, await saleTerms({ maxUnitsPerInvestor: 333 }))
  })

  it('is impossible without the ledger’s role', async () => {
    const { sale, ledger, saleTerms } = await loadFixture(deployed)
    await ledger.setRole(sale, ROLE.none)
    await expect(sale.openSale(PROJECT, await saleTerms()))
      .to.be.revertedWithCustomError(ledger, 'MissingRole')
      .withArgs(sale, ROLE.sale)
    expect((await sale.saleOf(PROJECT)).state).to.equal(SALE_STATE.none)
  })
})

describe('The outcome of a sale', () => {
  it('is success when the target is met exactly, whoever asks', async () => {
    const { sale, ledger, terms, stranger, alice, bob, commit, commitFiat } = await loadFixture(onSale)
    await commit(alice, 60)
    await commitFiat(bob, 40)
    await time.setNextBlockTimestamp(terms.closesAt - 1)
    await expect(sale.finalize(PROJECT)).to.be.revertedWithCustomError(sale, 'TooEarlyToFinalize').withArgs(PROJECT, terms.closesAt)
    await time.setNextBlockTimestamp(terms.closesAt)
    const finalizing = sale.connect(stranger).finalize(PROJECT)
    await expect(finalizing)
      .to.emit(sale, 'SaleFinalized')
      .withArgs(PROJECT, true, 100, 60 * PRICE)
    await expect(finalizing).to.emit(ledger, 'ProjectStateChanged')
    expect((await ledger.projectOf(PROJECT)).state).to.equal(LEDGER_STATE.active)
    const shown = await sale.saleOf(PROJECT)
    expect([shown.state, shown.finalizedAt]).to.deep.equal([BigInt(SALE_STATE.succeeded), BigInt(terms.closesAt)])
    expect(await ledger.totalSupply(PROJECT)).to.equal(0)
  })

  it('is failure when one unit is missing, and closes the project', async () => {
    const { sale, ledger, terms, alice, commit } = await loadFixture(onSale)
    await commit(alice, TARGET - 1)
    await time.increaseTo(terms.closesAt)
    const finalizing = sale.finalize(PROJECT)
    await expect(finalizing)
      .to.emit(sale, 'SaleFinalized')
      .withArgs(PROJECT, false, TARGET - 1, (TARGET - 1) * PRICE)
    expect(await ledger.projectOf(PROJECT).then((project: { state: bigint }) => project.state)).to.equal(LEDGER_STATE.closed)
    expect((await sale.saleOf(PROJECT)).state).to.equal(SALE_STATE.failed)
  })

  it('is decided once only', async () => {
    for (const [scene, state] of [
      [succeeded, SALE_STATE.succeeded],
      [failed, SALE_STATE.failed],
    ] as const) {
      const { sale } = await loadFixture(scene)
      for (const call of [() => sale.finalize(PROJECT), () => sale.abandonSale(PROJECT, ethers.id('x'))])
        await expect(call()).to.be.revertedWithCustomError(sale, 'WrongSaleState').withArgs(PROJECT, state)
      await expect(sale.finalize(99)).to.be.revertedWithCustomError(sale, 'WrongSaleState').withArgs(99, SALE_STATE.none)
    }
  })

  it('waits for the cooling-off of the last commitment, which can still turn it', async () => {
    const { sale, terms, alice, bob, commit } = await loadFixture(onSale)
    await commit(alice, TARGET - 1)
    await time.setNextBlockTimestamp(terms.closesAt - 1)
    const id = await commit(bob, 1)
    const end = terms.closesAt - 1 + COOLING_OFF
    expect((await sale.saleOf(PROJECT)).finalizableAt).to.equal(end)
    await time.setNextBlockTimestamp(end - 2)
    await expect(sale.finalize(PROJECT)).to.be.revertedWithCustomError(sale, 'TooEarlyToFinalize').withArgs(PROJECT, end)
    await time.setNextBlockTimestamp(end - 1)
    await sale.connect(bob).cancel(id)
    await sale.finalize(PROJECT)
    expect((await sale.saleOf(PROJECT)).state).to.equal(SALE_STATE.failed)
  })

  it('waits for the cooling-off of a late fiat commitment too', async () => {
    const { sale, terms, alice, commitFiat } = await loadFixture(onSale)
    await time.increaseTo(terms.closesAt - DAY)
    await commitFiat(alice, TARGET)
    expect((await sale.saleOf(PROJECT)).finalizableAt).to.equal((await time.latest()) + COOLING_OFF)
  })

  it('stands when the ledger can’t be told, and can be told later', async () => {
    const { sale, ledger, terms, stranger, alice, commit } = await loadFixture(onSale)
    await expect(sale.reportOutcome(PROJECT)).to.be.revertedWithCustomError(sale, 'WrongSaleState').withArgs(PROJECT, SALE_STATE.open)
    await commit(alice, TARGET)
    await time.increaseTo(terms.closesAt)
    await ledger.setRole(sale, ROLE.none)
    await sale.finalize(PROJECT)
    expect((await sale.saleOf(PROJECT)).state).to.equal(SALE_STATE.succeeded)
    expect((await ledger.projectOf(PROJECT)).state).to.equal(LEDGER_STATE.funding)
    await expect(sale.reportOutcome(PROJECT)).to.be.revertedWithCustomError(ledger, 'MissingRole').withArgs(sale, ROLE.sale)
    await ledger.setRole(sale, ROLE.sale)
    await sale.connect(stranger).reportOutcome(PROJECT)
    expect((await ledger.projectOf(PROJECT)).state).to.equal(LEDGER_STATE.active)
    await expect(sale.reportOutcome(PROJECT))
      .to.be.revertedWithCustomError(ledger, 'InvalidStateChange')
      .withArgs(PROJECT, LEDGER_STATE.active, LEDGER_STATE.active)
    await expect(sale.reportOutcome(99)).to.be.revertedWithCustomError(sale, 'WrongSaleState').withArgs(99, SALE_STATE.none)
  })

  it('tells the ledger of a failure later too', async () => {
    const { sale, ledger, terms } = await loadFixture(onSale)
    await time.increaseTo(terms.closesAt)
    await ledger.setRole(sale, ROLE.none)
    await sale.finalize(PROJECT)
    await ledger.setRole(sale, ROLE.sale)
    await sale.reportOutcome(PROJECT)
    expect((await ledger.projectOf(PROJECT)).state).to.equal(LEDGER_STATE.closed)
  })
})

describe('Giving a sale up', () => {
  it('fails it before its close, even before its opening', async () => {
    const { sale, ledger, terms, alice, commit, createProject, saleTerms } = await loadFixture(onSale)
    await commit(alice, TARGET)
    await time.setNextBlockTimestamp(terms.closesAt - 1)
    const abandoning = sale.abandonSale(PROJECT, ethers.id('permit refused'))
    await expect(abandoning).to.emit(sale, 'SaleAbandoned').withArgs(PROJECT, ethers.id('permit refused'))
    await expect(abandoning)
      .to.emit(sale, 'SaleFinalized')
      .withArgs(PROJECT, false, TARGET, TARGET * PRICE)
    expect((await ledger.projectOf(PROJECT)).state).to.equal(LEDGER_STATE.closed)
    await createProject(OTHER_PROJECT)
    await sale.openSale(OTHER_PROJECT, await saleTerms({ opensAt: terms.closesAt + OPEN, closesAt: terms.closesAt + 2 * OPEN }))
    await sale.abandonSale(OTHER_PROJECT, ethers.id('x'))
    expect((await sale.saleOf(OTHER_PROJECT)).state).to.equal(SALE_STATE.failed)
  })

  it('is impossible from the close on, so that a success can’t be taken back', async () => {
    const { sale, terms, alice, commit } = await loadFixture(onSale)
    await commit(alice, TARGET)
    await time.setNextBlockTimestamp(terms.closesAt)
    await expect(sale.abandonSale(PROJECT, ethers.id('x')))
      .to.be.revertedWithCustomError(sale, 'SaleIsOver')
      .withArgs(PROJECT, terms.closesAt)
  })
})
