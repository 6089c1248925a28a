import { expect } from 'chai'
import { ethers, FLAG, HASH, networkHelpers, PROJECT, ROLE, STATE, ZERO, ZERO_HASH } from './fixture.ts'
import { OTHER, signedRequest, withHolders, withToken } from './vault-scene.ts'

describe('The vault, as holders are paid', () => {
  it('pays a claim once', async () => {
    const { vault, token, alice, bob, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    expect(await vault.connect(alice).claim.staticCall([PROJECT])).to.equal(600)
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
    const twelve = vault.connect(alice).claim([PROJECT])
    await expect(twelve).to.emit(vault, 'DistributionClaimed').withArgs(PROJECT, alice, 14, 7200, alice)
    expect(await token.balanceOf(alice)).to.equal(14 * 600)
    expect(Number((await (await twelve).wait()).gasUsed - one)).to.be.closeTo(0, 100)
  })

  it('pays several projects in one call, each in its own token', async () => {
    const { vault, token, odd, alice, distribute } = await withToken('MuteToken')
    await distribute(1000)
    await distribute(500, OTHER)
    expect(await vault.connect(alice).claim.staticCall([PROJECT, OTHER])).to.equal(900)
    await vault.connect(alice).claim([PROJECT, OTHER])
    expect([await token.balanceOf(alice), await odd.balanceOf(alice)]).to.deep.equal([600n, 300n])
  })

  it('pays the holder, whoever calls', async () => {
    const { vault, token, bob, stranger, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    expect(await vault.connect(stranger).claimFor.staticCall(PROJECT, bob)).to.equal(400)
    const claim = vault.connect(stranger).claimFor(PROJECT, bob)
    await expect(claim).to.changeTokenBalances(ethers, token, [bob, stranger], [400, 0])
    await expect(claim).to.emit(vault, 'DistributionClaimed').withArgs(PROJECT, bob, 1, 400, bob)
  })

  it('pays where the holder says, whoever calls, until the holder takes it back', async () => {
    const { vault, token, alice, bob, stranger, distribute } = await networkHelpers.loadFixture(withHolders)
    expect(await vault.payoutAddressOf(alice)).to.equal(alice.address)
    await expect(vault.connect(alice).setPayoutAddress(stranger)).to.emit(vault, 'PayoutAddressSet').withArgs(alice, stranger)
    expect([await vault.payoutAddressOf(alice), await vault.payoutAddressOf(bob)]).to.deep.equal([stranger.address, bob.address])
    await distribute(1000)
    const claim = vault.connect(alice).claim([PROJECT])
    await expect(claim).to.emit(vault, 'DistributionClaimed').withArgs(PROJECT, alice, 1, 600, stranger)
    await expect(claim).to.changeTokenBalances(ethers, token, [alice, bob, stranger], [0, 0, 600])
    await distribute(1000)
    await expect(vault.connect(bob).claimFor(PROJECT, alice)).to.changeTokenBalances(ethers, token, [alice, bob, stranger], [0, 0, 600])
    await distribute(1000)
    await expect(vault.claimMany(PROJECT, [alice, bob])).to.changeTokenBalances(ethers, token, [alice, bob, stranger], [0, 1200, 600])
    await expect(vault.connect(alice).setPayoutAddress(ZERO)).to.emit(vault, 'PayoutAddressSet').withArgs(alice, ZERO)
    expect(await vault.payoutAddressOf(alice)).to.equal(alice.address)
    await distribute(1000)
    await expect(vault.connect(alice).claim([PROJECT])).to.changeTokenBalances(ethers, token, [alice, stranger], [600, 0])
  })

  it('takes nobody for a holder whose address ends alike', async () => {
    const { vault, token, mint, setAccount, alice, carol, distribute } = await networkHelpers.loadFixture(withHolders)
    const double = ethers.getAddress(ethers.concat([ethers.dataSlice(ethers.id('double'), 0, 19), ethers.dataSlice(alice.address, 19)]))
    await setAccount(double)
    await mint(double, 100)
    await distribute(1000)
    await vault.connect(alice).setPayoutAddress(carol)
    await vault.claimMany(PROJECT, [double, alice])
    expect([await token.balanceOf(double), await token.balanceOf(alice), await token.balanceOf(carol)]).to.deep.equal([500n, 0n, 300n])
  })

  it('refuses itself as a payout address', async () => {
    const { vault, alice } = await networkHelpers.loadFixture(withHolders)
    await expect(vault.connect(alice).setPayoutAddress(vault)).to.be.revertedWithCustomError(vault, 'InvalidPayoutAddress').withArgs(vault)
  })

  it('takes a holder’s signed request through the forwarder', async () => {
    const { vault, forwarder, token, alice, stranger, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    const set = await signedRequest(forwarder, alice, vault, vault.interface.encodeFunctionData('setPayoutAddress', [stranger.address]))
    await forwarder.connect(stranger).execute(set)
    expect([await vault.payoutAddressOf(alice), await vault.payoutAddressOf(forwarder)]).to.deep.equal([
      stranger.address,
      await forwarder.getAddress(),
    ])
    const claim = await signedRequest(forwarder, alice, vault, vault.interface.encodeFunctionData('claim', [[PROJECT]]))
    await expect(forwarder.connect(stranger).execute(claim)).to.changeTokenBalances(ethers, token, [vault, stranger], [-600, 600])
  })

  it('takes nobody’s word for who is calling but the forwarder’s', async () => {
    const { vault, alice, bob, stranger, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    const asAlice = ethers.concat([vault.interface.encodeFunctionData('setPayoutAddress', [stranger.address]), alice.address])
    await stranger.sendTransaction({ to: vault, data: asAlice })
    expect([await vault.payoutAddressOf(alice), await vault.payoutAddressOf(bob)]).to.deep.equal([alice.address, bob.address])
  })

  it('lets no officer act through the forwarder', async () => {
    const { vault, ledger, forwarder, token, admin, treasurer } = await networkHelpers.loadFixture(withHolders)
    await vault.connect(treasurer).openRecordDate(PROJECT)
    const calls: [typeof admin, string, unknown[]][] = [
      [admin, 'setTokenAllowed', [await token.getAddress(), false]],
      [admin, 'cancelClawback', [PROJECT]],
      [treasurer, 'openRecordDate', [PROJECT]],
      [treasurer, 'attestOffchain', [HASH, PROJECT, 1, HASH, 1, 'EUR', HASH, '']],
      [treasurer, 'distributeReturns', [HASH, PROJECT, 1, HASH, '']],
    ]
    for (const [officer, name, args] of calls) {
      const request = await signedRequest(forwarder, officer, vault, vault.interface.encodeFunctionData(name, args))
      await expect(forwarder.execute(request), name).to.be.revertedWithCustomError(forwarder, 'FailedCall')
    }
    expect(await vault.isTokenAllowed(token)).to.equal(true)
    expect((await ledger.projectOf(PROJECT)).epoch).to.equal(1)
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
    const { vault, ledger, token, alice, bob, setAccount, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    await setAccount(alice, { flags: FLAG.send | FLAG.receive | FLAG.frozen })
    await expect(vault.connect(alice).claim([PROJECT]))
      .to.be.revertedWithCustomError(ledger, 'AccountIsFrozen')
      .withArgs(alice)
    const many = vault.claimMany(PROJECT, [alice, bob])
    await expect(many).to.emit(vault, 'ClaimSkipped').withArgs(PROJECT, alice)
    await expect(many).to.changeTokenBalances(ethers, token, [alice, bob], [0, 400])
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(600)
    await setAccount(alice)
    await expect(vault.connect(alice).claim([PROJECT])).to.changeTokenBalances(ethers, token, [alice], [600])
  })

  it('of many claims skips the one that the token refuses, and that one loses nothing', async () => {
    const { vault, ledger, odd, alice, bob, carol, distribute } = await withToken('BlockingToken')
    await distribute(1000, OTHER)
    await odd.setBlocked(alice, true)
    expect(await vault.claimMany.staticCall(OTHER, [alice, bob, carol, bob])).to.equal(400)
    const many = vault.claimMany(OTHER, [alice, bob, carol, bob])
    await expect(many).to.emit(vault, 'ClaimSkipped').withArgs(OTHER, alice)
    await expect(many).to.emit(vault, 'DistributionClaimed').withArgs(OTHER, bob, 1, 400, bob)
    const logs = (await (await many).wait()).logs.filter((log: { address: string }) => log.address === vault.target)
    expect(logs, 'nothing for who has nothing due, nothing twice').to.have.length(2)
    expect([await odd.balanceOf(bob), await odd.balanceOf(carol)]).to.deep.equal([400n, 0n])
    expect(await ledger.claimableOf(OTHER, alice)).to.equal(600)
    await odd.setBlocked(alice, false)
    expect(await vault.claimMany.staticCall(OTHER, [alice, bob])).to.equal(600)
    await vault.connect(alice).claim([OTHER])
    expect(await odd.balanceOf(vault)).to.equal(0)
  })

  it('lets a blocked holder be paid elsewhere, and a holder with a blocked payout address change it', async () => {
    const { vault, ledger, odd, alice, bob, carol, dave, distribute } = await withToken('BlockingToken')
    await distribute(1000, OTHER)
    for (const account of [alice, dave]) await odd.setBlocked(account, true)
    await expect(vault.connect(alice).claim([OTHER]))
      .to.be.revertedWithCustomError(odd, 'Blocked')
      .withArgs(alice)
    await expect(vault.claimFor(OTHER, alice)).to.be.revertedWithCustomError(odd, 'Blocked').withArgs(alice)
    await vault.connect(alice).setPayoutAddress(carol)
    await vault.connect(bob).setPayoutAddress(dave)
    await expect(vault.connect(bob).claim([OTHER]))
      .to.be.revertedWithCustomError(odd, 'Blocked')
      .withArgs(dave)
    const many = vault.claimMany(OTHER, [bob, alice])
    await expect(many).to.emit(vault, 'ClaimSkipped').withArgs(OTHER, bob)
    await expect(many).to.changeTokenBalances(ethers, odd, [alice, carol], [0, 600])
    expect(await ledger.claimableOf(OTHER, bob)).to.equal(400)
    await vault.connect(bob).setPayoutAddress(ZERO)
    await expect(vault.connect(bob).claim([OTHER])).to.changeTokenBalances(ethers, odd, [bob], [400])
  })

  it('of many claims ends as a whole, rather than skipping, when gas runs low', async () => {
    const { vault, token, alice, bob, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    await expect(vault.claimMany(PROJECT, [alice, bob], { gasLimit: 400_000 }))
      .to.be.revertedWithCustomError(vault, 'NotEnoughGas')
      .withArgs(520_000)
    await vault.claimMany(PROJECT, [alice, bob], { gasLimit: await vault.claimMany.estimateGas(PROJECT, [alice, bob]) })
    expect(await token.balanceOf(vault)).to.equal(0)
  })

  it('takes lists up to the limit and no longer', async () => {
    const { vault, ledger, token, alice, bob, carol, distribute } = await networkHelpers.loadFixture(withHolders)
    await distribute(1000)
    const tooMany = (name: string, ...args: unknown[]) =>
      expect(vault.connect(alice)[name](...args), name)
        .to.be.revertedWithCustomError(vault, 'TooMany')
        .withArgs(257, 256)
    await tooMany('claim', Array(257).fill(PROJECT))
    await tooMany('claimMany', PROJECT, Array(257).fill(alice.address))
    await vault.connect(alice).claim([...Array(255).fill(99), PROJECT])
    await vault.claimMany(PROJECT, [...Array(255).fill(carol.address), bob.address])
    expect(await token.balanceOf(vault)).to.equal(0)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(0)
    expect(await vault.claimMany.staticCall(PROJECT, [])).to.equal(0)
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
    await expect(vault.connect(alice).claim([PROJECT]))
      .to.be.revertedWithCustomError(vault, 'NothingToClaim')
      .withArgs(PROJECT, alice)
    await vault.claimFor(PROJECT, dao)
    expect([await token.balanceOf(alice), await token.balanceOf(bob), await token.balanceOf(dao)]).to.deep.equal([600n, 400n, 500n])
  })

  it('pays the same in whatever order, batch or hurry holders are paid', async () => {
    const { vault, token, ledger, mint, alice, bob, carol, distribute } = await networkHelpers.loadFixture(withHolders)
    await mint(carol, 33)
    const holders = [alice, bob, carol]
    for (const amount of [1000, 7, 1, 999_999]) await distribute(amount)
    const due = await Promise.all(holders.map((holder) => ledger.claimableOf(PROJECT, holder)))
    const total = due.reduce((sum, one) => sum + one, 0n)
    expect(total).to.be.within(1_001_007n - 3n, 1_001_007n)
    const before = await networkHelpers.takeSnapshot()
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      await vault.claimMany(
        PROJECT,
        order.slice(0, 2).map((index) => holders[index]),
      )
      await vault.connect(holders[order[2]!]!).claim([PROJECT])
      for (const index of order) expect(await token.balanceOf(holders[index]!)).to.equal(due[index])
      expect(await token.balanceOf(vault), 'what rounding leaves').to.equal(1_001_007n - total)
      await before.restore()
    }
  })

  it('lets nobody else settle or open on the ledger, or pay by its own door', async () => {
    const { vault, ledger, alice, seller, treasurer, admin } = await networkHelpers.loadFixture(withHolders)
    for (const caller of [alice, seller, treasurer, admin]) {
      const byCaller = ledger.connect(caller)
      const calls = [
        () => byCaller.settleClaim(PROJECT, alice),
        () => byCaller.openEpoch(PROJECT, 1, treasurer),
        () => byCaller.beginExitByBuyOut(PROJECT),
      ]
      for (const call of calls) await expect(call()).to.be.revertedWithCustomError(ledger, 'MissingRole').withArgs(caller, ROLE.vault)
      await expect(vault.connect(caller).payHolder(PROJECT, alice, caller))
        .to.be.revertedWithCustomError(vault, 'OnlySelf')
        .withArgs()
    }
  })
})
