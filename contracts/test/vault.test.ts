import { expect } from 'chai'
import { type AnyContract, BOTH_WAYS, deployed, ethers, FLAG, networkHelpers, PROJECT, STATE, terms, ZERO_HASH } from './fixture.ts'

const OTHER = 8
const REPORT = ethers.id('report')

async function withHolders() {
  const world = await deployed()
  await world.mint(world.alice, 60)
  await world.mint(world.bob, 40)
  return world
}

/** A project whose returns are paid in a token of another kind. */
async function withToken(name: string) {
  const world = await withHolders()
  const odd: AnyContract = await ethers.deployContract(name)
  await odd.mint(world.treasurer, 10n ** 18n)
  await odd.connect(world.treasurer).approve(world.vault, 10n ** 18n)
  await world.ledger.connect(world.operator).createProject(OTHER, terms(await odd.getAddress()))
  await world.mint(world.alice, 60, { projectId: OTHER })
  await world.mint(world.bob, 40, { projectId: OTHER })
  return { ...world, odd }
}

describe('The vault', () => {
  it('takes the money and opens the epoch in one transaction', async () => {
    const { ledger, vault, token, treasurer } = await networkHelpers.loadFixture(withHolders)
    const id = ethers.id('2026-11')
    const distribution = vault.connect(treasurer).distributeReturns(id, PROJECT, 1000, REPORT, 'ipfs://report')
    await expect(distribution).to.emit(vault, 'ReturnsDistributed').withArgs(PROJECT, 1, token, 1000, REPORT, 'ipfs://report', id)
    await expect(distribution).to.emit(ledger, 'EpochOpened')
    await expect(distribution).to.changeTokenBalances(ethers, token, [treasurer, vault], [-1000, 1000])
    expect(await vault.distributionOf(id)).to.deep.equal([BigInt(PROJECT), 1n])
    expect(await vault.ledger()).to.equal(await ledger.getAddress())
  })

  it('takes each distribution once only', async () => {
    const { vault, treasurer } = await networkHelpers.loadFixture(withHolders)
    const distribute = (amount: number) => vault.connect(treasurer).distributeReturns(ethers.id('x'), PROJECT, amount, REPORT, '')
    await distribute(1000)
    for (const amount of [1000, 5])
      await expect(distribute(amount)).to.be.revertedWithCustomError(vault, 'DistributionAlreadyMade').withArgs(ethers.id('x'))
  })

  it('refuses nothing, strangers, projects that do not exist and money that is not there', async () => {
    const { vault, ledger, token, treasurer, operator, admin, stranger, distribute } = await networkHelpers.loadFixture(withHolders)
    await expect(distribute(0)).to.be.revertedWithCustomError(vault, 'ZeroAmount')
    await expect(distribute(1, 99)).to.be.revertedWithCustomError(ledger, 'ProjectNotFound').withArgs(99)
    for (const caller of [stranger, operator, admin]) {
      await expect(vault.connect(caller).distributeReturns(ethers.id('x'), PROJECT, 1, REPORT, ''))
        .to.be.revertedWithCustomError(vault, 'AccessControlUnauthorizedAccount')
        .withArgs(caller, ethers.id('DISTRIBUTOR_ROLE'))
    }
    await token.connect(treasurer).approve(vault, 10)
    await expect(distribute(11)).to.be.revertedWithCustomError(token, 'ERC20InsufficientAllowance')
    expect((await ledger.projectOf(PROJECT)).epoch, 'no epoch without the money').to.equal(0)
  })

  it('pays a claim once', async () => {
    const { vault, token, alice, bob, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    const claim = vault.connect(alice).claim([PROJECT])
    await expect(claim).to.emit(vault, 'DistributionClaimed').withArgs(PROJECT, alice, 1, 600, alice)
    await expect(claim).to.changeTokenBalances(ethers, token, [vault, alice], [-600, 600])
    await expect(vault.connect(alice).claim([PROJECT]))
      .to.be.revertedWithCustomError(vault, 'NothingToClaim')
      .withArgs(PROJECT, alice)
    await expect(vault.connect(alice).claim([])).to.be.revertedWithCustomError(vault, 'NothingToClaim').withArgs(0, alice)
    await expect(vault.claimFor(PROJECT, alice)).to.be.revertedWithCustomError(vault, 'NothingToClaim').withArgs(PROJECT, alice)
    expect(await token.balanceOf(vault)).to.equal(400)
    await vault.connect(bob).claim([99, PROJECT, PROJECT])
    expect(await token.balanceOf(vault)).to.equal(0)
  })

  it('pays any number of missed rounds at once, at the same price', async () => {
    const { vault, token, alice, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    await vault.connect(alice).claim([PROJECT])
    await distribute(1000)
    const one = (await (await vault.connect(alice).claim([PROJECT])).wait()).gasUsed
    for (let round = 0; round < 12; round++) await distribute(1000)
    const twelve = (await (await vault.connect(alice).claim([PROJECT])).wait()).gasUsed
    expect(await token.balanceOf(alice)).to.equal(14 * 600)
    expect(Number(twelve - one)).to.be.closeTo(0, 100)
  })

  it('pays the holder, whoever calls', async () => {
    const { vault, token, bob, stranger, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    await expect(vault.connect(stranger).claimFor(PROJECT, bob)).to.changeTokenBalances(ethers, token, [bob, stranger], [400, 0])
  })

  it('pays while the ledger or the project is paused and after the right to hold is gone', async () => {
    const { vault, token, ledger, operator, alice, bob, setAccount, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    await ledger.connect(operator).setProjectState(PROJECT, STATE.paused, ZERO_HASH)
    await ledger.connect(operator).pause()
    await vault.connect(alice).claim([PROJECT])
    await setAccount(bob, { flags: 0, expiry: 0 })
    await vault.connect(bob).claim([PROJECT])
    expect(await token.balanceOf(vault)).to.equal(0)
  })

  it('keeps the money of a frozen account until it is free again', async () => {
    const { vault, ledger, token, alice, setAccount, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    await setAccount(alice, { flags: BOTH_WAYS | FLAG.frozen })
    await expect(vault.connect(alice).claim([PROJECT]))
      .to.be.revertedWithCustomError(ledger, 'AccountIsFrozen')
      .withArgs(alice)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(600)
    await setAccount(alice)
    await expect(vault.connect(alice).claim([PROJECT])).to.changeTokenBalances(ethers, token, [alice], [600])
  })

  it('pays former holders after the exit, and later income to the DAO alone', async () => {
    const { vault, ledger, token, alice, bob, dao, distribute, beginExit } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    await beginExit()
    await ledger.exitBatch(PROJECT, [alice, bob])
    await vault.connect(alice).claim([PROJECT])
    await ledger.finalizeExit(PROJECT)
    await distribute(500)
    await vault.connect(bob).claim([PROJECT])
    await expect(vault.connect(alice).claim([PROJECT])).to.be.revertedWithCustomError(vault, 'NothingToClaim')
    await vault.claimFor(PROJECT, dao)
    expect([await token.balanceOf(alice), await token.balanceOf(bob), await token.balanceOf(dao)]).to.deep.equal([600n, 400n, 500n])
  })

  it('refuses a token that keeps a part of what it moves', async () => {
    const { vault, ledger, distribute } = await withToken('FeeToken')
    await expect(distribute(1000, OTHER)).to.be.revertedWithCustomError(vault, 'UnexpectedTokenAmount').withArgs(1000, 990)
    expect((await ledger.projectOf(OTHER)).epoch).to.equal(0)
  })

  it('works with a token that answers nothing', async () => {
    const { vault, odd, alice, distribute } = await withToken('MuteToken')
    await distribute(1000, OTHER)
    await vault.connect(alice).claim([OTHER])
    expect(await odd.balanceOf(alice)).to.equal(600)
  })

  it('of many claims skips the one that the token refuses, and that one loses nothing', async () => {
    const { vault, ledger, odd, alice, bob, carol, distribute } = await withToken('BlockingToken')
    await distribute(1000, OTHER)
    await odd.setBlocked(alice, true)
    const many = vault.claimMany(OTHER, [alice, bob, carol, bob])
    await expect(many).to.emit(vault, 'ClaimSkipped').withArgs(OTHER, alice)
    await expect(many).to.emit(vault, 'DistributionClaimed').withArgs(OTHER, bob, 1, 400, bob)
    expect(await odd.balanceOf(bob)).to.equal(400)
    expect(await ledger.claimableOf(OTHER, alice)).to.equal(600)
    await odd.setBlocked(alice, false)
    expect(await vault.claimMany.staticCall(OTHER, [alice, bob])).to.equal(600)
    await vault.connect(alice).claim([OTHER])
  })

  it('of many claims ends as a whole, rather than skipping, when gas runs low', async () => {
    const { vault, token, alice, bob, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    await expect(vault.claimMany(PROJECT, [alice, bob], { gasLimit: 400_000 })).to.be.revertedWithCustomError(vault, 'NotEnoughGas')
    await vault.claimMany(PROJECT, [alice, bob], { gasLimit: await vault.claimMany.estimateGas(PROJECT, [alice, bob]) })
    expect(await token.balanceOf(vault)).to.equal(0)
  })

  it('pays once even when the token calls back in the middle', async () => {
    const { vault, odd, alice, treasurer, distribute } = await withToken('CallingToken')
    await distribute(1000, OTHER)
    const calls: [string, unknown[]][] = [
      ['claimFor', [OTHER, alice.address]],
      ['claimMany', [OTHER, [alice.address]]],
      ['claim', [[OTHER]]],
      ['distributeReturns', [ethers.id('y'), OTHER, 1, ZERO_HASH, '']],
      ['payOne', [OTHER, alice.address]],
    ]
    for (const [name, args] of calls) {
      const before = await networkHelpers.takeSnapshot()
      await odd.arm(vault, vault.interface.encodeFunctionData(name, args))
      await vault.connect(alice).claim([OTHER])
      expect([await odd.called(), await odd.succeeded()], name).to.deep.equal([true, false])
      expect(await odd.balanceOf(alice), name).to.equal(600)
      await vault.connect(treasurer).distributeReturns(ethers.id(name), OTHER, 100, ZERO_HASH, '')
      expect(await odd.balanceOf(vault), name).to.equal(500)
      await before.restore()
    }
  })

  it('lets nobody else settle or open on the ledger', async () => {
    const { ledger, alice, minter, operator, admin } = await networkHelpers.loadFixture(withHolders)
    for (const caller of [alice, minter, operator, admin]) {
      await expect(ledger.connect(caller).settleClaim(PROJECT, alice)).to.be.revertedWithCustomError(
        ledger,
        'AccessControlUnauthorizedAccount',
      )
      await expect(ledger.connect(caller).openEpoch(PROJECT, 1)).to.be.revertedWithCustomError(ledger, 'AccessControlUnauthorizedAccount')
    }
  })

  it('pays several projects in one call, each in its own token', async () => {
    const { vault, token, odd, alice, distribute } = await withToken('MuteToken')
    await distribute(1000)
    await distribute(500, OTHER)
    await vault.connect(alice).claim([PROJECT, OTHER])
    expect([await token.balanceOf(alice), await odd.balanceOf(alice)]).to.deep.equal([600n, 300n])
  })
})
