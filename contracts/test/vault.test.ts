import { expect } from 'chai'
import { ethers, networkHelpers, PROJECT, ROLE, STATE, ZERO } from './fixture.ts'
import { CLAWBACK_SECONDS, OTHER, withHolders, withOther, withToken } from './vault-scene.ts'

const REPORT = ethers.id('report')

/** Project 8 can be bought out for 10 a unit. */
const withBuyOut = () => withOther({ exitTargetPerUnit: 1_000_000, buyOutPerUnit: 10 })

describe('The vault, as money comes in', () => {
  it('takes the money and opens the epoch in one transaction', async () => {
    const { ledger, vault, token, treasurer } = await networkHelpers.loadFixture(withHolders)
    const id = ethers.id('2026-11')
    const distribution = vault.connect(treasurer).distributeReturns(id, PROJECT, 1000, REPORT, 'ipfs://report')
    await expect(distribution).to.emit(vault, 'ReturnsDistributed').withArgs(PROJECT, 1, token, 1000, REPORT, 'ipfs://report', id)
    await expect(distribution)
      .to.emit(ledger, 'EpochOpened')
      .withArgs(PROJECT, 1, 100, 1000, 10n << 64n)
    await expect(distribution).to.changeTokenBalances(ethers, token, [treasurer, vault], [-1000, 1000])
    expect(await vault.distributionOf(id)).to.deep.equal([BigInt(PROJECT), 1n])
    expect(await vault.distributionOf(ethers.id('another'))).to.deep.equal([0n, 0n])
  })

  it('says what it was built with', async () => {
    const { ledger, vault, manager, forwarder } = await networkHelpers.loadFixture(withHolders)
    expect(await vault.ledger()).to.equal(await ledger.getAddress())
    expect(await vault.authority()).to.equal(await manager.getAddress())
    expect(await vault.trustedForwarder()).to.equal(await forwarder.getAddress())
    expect(await vault.minClawbackSeconds()).to.equal(CLAWBACK_SECONDS)
  })

  it('takes each distribution once only, for whichever project', async () => {
    const { vault, treasurer } = await withOther()
    const id = ethers.id('x')
    const distribute = (projectId: number, amount: number) => vault.connect(treasurer).distributeReturns(id, projectId, amount, REPORT, '')
    await distribute(PROJECT, 1000)
    for (const [projectId, amount] of [
      [PROJECT, 1000],
      [PROJECT, 5],
      [OTHER, 1000],
    ] as const) {
      await expect(distribute(projectId, amount)).to.be.revertedWithCustomError(vault, 'DistributionAlreadyMade').withArgs(id)
      await expect(vault.connect(treasurer).buyOut(id, projectId, amount, REPORT, ''))
        .to.be.revertedWithCustomError(vault, 'DistributionAlreadyMade')
        .withArgs(id)
    }
  })

  it('takes money from the treasurer only, and not through the forwarder', async () => {
    const { vault, ledger, token, admin, alice, operator, seller, stranger } = await networkHelpers.loadFixture(withHolders)
    for (const caller of [admin, alice, operator, seller, stranger]) {
      await token.mint(caller, 1000)
      await token.connect(caller).approve(vault, 1000)
      for (const method of ['distributeReturns', 'buyOut'])
        await expect(vault.connect(caller)[method](ethers.id('x'), PROJECT, 1000, REPORT, ''))
          .to.be.revertedWithCustomError(ledger, 'MissingRole')
          .withArgs(caller, ROLE.treasurer)
      expect(await token.balanceOf(caller)).to.equal(1000)
    }
    expect((await ledger.projectOf(PROJECT)).epoch).to.equal(0)
  })

  it('refuses nothing, and money that is not there', async () => {
    const { vault, ledger, token, treasurer, distribute } = await networkHelpers.loadFixture(withHolders)
    await expect(distribute(0)).to.be.revertedWithCustomError(vault, 'ZeroAmount').withArgs()
    await token.connect(treasurer).approve(vault, 10)
    await expect(distribute(11)).to.be.revertedWithCustomError(token, 'ERC20InsufficientAllowance').withArgs(vault, 10, 11)
    await token.connect(treasurer).approve(vault, ethers.MaxUint256)
    const tooMuch = 10n ** 18n + 1n
    await expect(distribute(tooMuch))
      .to.be.revertedWithCustomError(token, 'ERC20InsufficientBalance')
      .withArgs(treasurer, 10n ** 18n, tooMuch)
    expect((await ledger.projectOf(PROJECT)).epoch, 'no epoch without the money').to.equal(0)
  })

  it('refuses a project without units, and gives the money back', async () => {
    const { vault, ledger, token, createProject, distribute } = await networkHelpers.loadFixture(withHolders)
    await createProject(OTHER)
    await expect(distribute(5, OTHER)).to.be.revertedWithCustomError(ledger, 'NoUnits').withArgs(OTHER)
    expect(await token.balanceOf(vault)).to.equal(0)
  })

  it('refuses tokens that are not on the list, and projects that do not exist', async () => {
    const { vault, token, odd, admin, alice, distribute } = await withToken('BlockingToken')
    await expect(distribute(1, 99)).to.be.revertedWithCustomError(vault, 'TokenNotAllowed').withArgs(99, ZERO)
    await distribute(1000, OTHER)
    await expect(vault.connect(admin).setTokenAllowed(odd, false)).to.emit(vault, 'TokenAllowedSet').withArgs(odd, false)
    expect([await vault.isTokenAllowed(odd), await vault.isTokenAllowed(token)]).to.deep.equal([false, true])
    await expect(distribute(1, OTHER)).to.be.revertedWithCustomError(vault, 'TokenNotAllowed').withArgs(OTHER, odd)
    await expect(vault.connect(alice).claim([OTHER]), 'claims go on').to.changeTokenBalances(ethers, odd, [alice], [600])
    await expect(vault.connect(admin).setTokenAllowed(odd, true)).to.emit(vault, 'TokenAllowedSet').withArgs(odd, true)
    await distribute(1, OTHER)
  })

  it('lets only those allow tokens whom the access manager names, and only contracts be allowed', async () => {
    const { vault, token, admin, treasurer, stranger } = await networkHelpers.loadFixture(withHolders)
    for (const caller of [treasurer, stranger])
      await expect(vault.connect(caller).setTokenAllowed(token, false))
        .to.be.revertedWithCustomError(vault, 'AccessManagedUnauthorized')
        .withArgs(caller)
    for (const nothing of [ZERO, stranger.address])
      await expect(vault.connect(admin).setTokenAllowed(nothing, true))
        .to.be.revertedWithCustomError(vault, 'InvalidToken')
        .withArgs(nothing)
    await expect(vault.connect(admin).setTokenAllowed(stranger, false), 'what is no contract any more can be taken off')
      .to.emit(vault, 'TokenAllowedSet')
      .withArgs(stranger, false)
  })

  it('buys the holders out: pays, and the exit begins in the same transaction', async () => {
    const { vault, ledger, token, treasurer, alice, bob, announceExit } = await withBuyOut()
    await announceExit()
    const id = ethers.id('buy-out')
    const bought = vault.connect(treasurer).buyOut(id, OTHER, 1000, REPORT, 'ipfs://offer')
    await expect(bought).to.emit(vault, 'ReturnsDistributed').withArgs(OTHER, 1, token, 1000, REPORT, 'ipfs://offer', id)
    await expect(bought).to.emit(ledger, 'ExitBegun')
    expect((await ledger.projectOf(OTHER)).state).to.equal(STATE.exiting)
    expect(await vault.distributionOf(id)).to.deep.equal([BigInt(OTHER), 1n])
    await ledger.exitBatch(OTHER, [alice, bob])
    await ledger.finalizeExit(OTHER)
    await vault.connect(alice).claim([OTHER])
    await vault.connect(bob).claim([OTHER])
    expect([await token.balanceOf(alice), await token.balanceOf(bob), await token.balanceOf(vault)]).to.deep.equal([600n, 400n, 0n])
  })

  it('takes nothing for a buy-out that pays too little or was not announced', async () => {
    const { vault, ledger, token, treasurer, announceExit } = await withBuyOut()
    const buyOut = (amount: number) => vault.connect(treasurer).buyOut(ethers.id('buy-out'), OTHER, amount, REPORT, '')
    await expect(buyOut(1000)).to.be.revertedWithCustomError(ledger, 'InvalidStateChange').withArgs(OTHER, STATE.active, STATE.exiting)
    await announceExit()
    await expect(buyOut(999)).to.be.revertedWithCustomError(ledger, 'ExitTargetNotMet').withArgs(OTHER, 9, 10)
    await expect(buyOut(0)).to.be.revertedWithCustomError(vault, 'ZeroAmount').withArgs()
    expect(await token.balanceOf(vault)).to.equal(0)
    expect((await ledger.projectOf(OTHER)).epoch).to.equal(0)
    await buyOut(1000)
  })
})
