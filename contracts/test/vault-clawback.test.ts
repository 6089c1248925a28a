import { expect } from 'chai'
import { DAY, ethers, FLAG, networkHelpers, PROJECT, TREASURY, ZERO } from './fixture.ts'
import { CLAWBACK_SECONDS, OTHER, passClawbackDeadline, withHolders, withToken } from './vault-scene.ts'

const treasury = ethers.getAddress(TREASURY)

async function withUnclaimed() {
  const world = await withHolders()
  await world.distribute(1000)
  const notBefore = (await networkHelpers.time.latest()) + CLAWBACK_SECONDS + DAY
  const announce = (changes: { projectId?: number; uptoEpoch?: number; notBefore?: number } = {}, by = world.admin) =>
    world.vault.connect(by).announceClawback(changes.projectId ?? PROJECT, changes.uptoEpoch ?? 1, changes.notBefore ?? notBefore)
  const clawback = (...holders: unknown[]) => world.vault.connect(world.admin).clawback(PROJECT, holders)
  const passDeadline = () => networkHelpers.time.increaseTo(notBefore)
  return { ...world, notBefore, announce, clawback, passDeadline }
}

describe('The vault, on money that nobody claims', () => {
  it('gives it back to the project’s treasury after the deadline', async () => {
    const { vault, ledger, token, alice, bob, notBefore, announce, clawback, passDeadline } =
      await networkHelpers.loadFixture(withUnclaimed)
    await expect(announce()).to.emit(vault, 'ClawbackAnnounced').withArgs(PROJECT, 1, notBefore)
    expect(await vault.clawbackOf(PROJECT)).to.deep.equal([1n, BigInt(notBefore)])
    await passDeadline()
    const taken = clawback(alice, bob)
    await expect(taken).to.emit(vault, 'DistributionClawedBack').withArgs(PROJECT, alice, 1, 600, treasury)
    await expect(taken).to.emit(vault, 'DistributionClawedBack').withArgs(PROJECT, bob, 1, 400, treasury)
    await expect(taken).to.changeTokenBalances(ethers, token, [vault, treasury, alice, bob], [-1000, 1000, 0, 0])
    expect([await ledger.claimableOf(PROJECT, alice), await ledger.claimableOf(PROJECT, bob)]).to.deep.equal([0n, 0n])
    await expect(vault.connect(alice).claim([PROJECT]))
      .to.be.revertedWithCustomError(vault, 'NothingToClaim')
      .withArgs(PROJECT, alice)
  })

  it('leaves those who claimed, and those who are not listed, untouched', async () => {
    const { vault, token, alice, bob, carol, announce, clawback, passDeadline } = await networkHelpers.loadFixture(withUnclaimed)
    await announce()
    await vault.connect(alice).claim([PROJECT])
    await passDeadline()
    const taken = clawback(alice, carol, carol)
    await expect(taken).to.changeTokenBalances(ethers, token, [vault, treasury], [0, 0])
    await expect(taken).to.not.emit(vault, 'DistributionClawedBack')
    await expect(vault.connect(bob).claim([PROJECT]), 'claims go on after the deadline').to.changeTokenBalances(ethers, token, [bob], [400])
  })

  it('takes from each holder once, however often listed, and says how much', async () => {
    const { vault, admin, token, alice, announce, clawback, passDeadline } = await networkHelpers.loadFixture(withUnclaimed)
    await announce()
    await passDeadline()
    expect(await vault.connect(admin).clawback.staticCall(PROJECT, [alice, alice])).to.equal(600)
    await expect(clawback(alice, alice)).to.changeTokenBalances(ethers, token, [treasury], [600])
    await expect(clawback(alice)).to.changeTokenBalances(ethers, token, [treasury], [0])
  })

  it('takes nothing that was distributed after the announcement', async () => {
    const { vault, ledger, token, alice, announce, clawback, passDeadline, distribute } = await networkHelpers.loadFixture(withUnclaimed)
    await announce()
    await passDeadline()
    await distribute(500)
    await expect(clawback(alice)).to.be.revertedWithCustomError(vault, 'NewerDistribution').withArgs(PROJECT, 1, 2)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(900)
    const again = (await networkHelpers.time.latest()) + CLAWBACK_SECONDS + DAY
    await expect(announce({ notBefore: again }))
      .to.be.revertedWithCustomError(vault, 'NewerDistribution')
      .withArgs(PROJECT, 1, 2)
    await announce({ uptoEpoch: 2, notBefore: again })
    await expect(clawback(alice)).to.be.revertedWithCustomError(vault, 'ClawbackDeadlineRunning').withArgs(PROJECT, again)
    await networkHelpers.time.increaseTo(again)
    await expect(clawback(alice)).to.changeTokenBalances(ethers, token, [treasury], [900])
  })

  it('is not ended by epochs without money', async () => {
    const { vault, ledger, token, treasurer, elector, alice, announce, clawback, passDeadline } =
      await networkHelpers.loadFixture(withUnclaimed)
    await vault.connect(treasurer).openRecordDate(PROJECT)
    await announce({ uptoEpoch: 2 })
    await announce({ uptoEpoch: 1 })
    await ledger.connect(elector).openVoteEpoch(PROJECT)
    await vault.connect(treasurer).openRecordDate(PROJECT)
    await passDeadline()
    const taken = clawback(alice)
    await expect(taken).to.emit(vault, 'DistributionClawedBack').withArgs(PROJECT, alice, 4, 600, treasury)
    await expect(taken).to.changeTokenBalances(ethers, token, [treasury], [600])
  })

  it('waits for the deadline to the second', async () => {
    const { vault, token, alice, notBefore, announce, clawback } = await networkHelpers.loadFixture(withUnclaimed)
    await announce()
    await networkHelpers.time.setNextBlockTimestamp(notBefore - 1)
    await expect(clawback(alice)).to.be.revertedWithCustomError(vault, 'ClawbackDeadlineRunning').withArgs(PROJECT, notBefore)
    await networkHelpers.time.setNextBlockTimestamp(notBefore)
    await clawback(alice)
    expect(await token.balanceOf(treasury)).to.equal(600)
  })

  it('must be announced three years before, for an epoch that was opened', async () => {
    const { vault, createProject, announce } = await networkHelpers.loadFixture(withUnclaimed)
    const now = (await networkHelpers.time.latest()) + 10
    await networkHelpers.time.setNextBlockTimestamp(now)
    await expect(announce({ notBefore: now + CLAWBACK_SECONDS - 1 }))
      .to.be.revertedWithCustomError(vault, 'ClawbackTooEarly')
      .withArgs(now + CLAWBACK_SECONDS - 1, now + CLAWBACK_SECONDS)
    await createProject(OTHER)
    for (const [projectId, uptoEpoch] of [
      [PROJECT, 0],
      [PROJECT, 2],
      [OTHER, 0],
      [OTHER, 1],
      [99, 1],
    ] as const)
      await expect(announce({ projectId, uptoEpoch })).to.be.revertedWithCustomError(vault, 'EpochNotOpened').withArgs(projectId, uptoEpoch)
    const then = now + 100
    await networkHelpers.time.setNextBlockTimestamp(then)
    await announce({ notBefore: then + CLAWBACK_SECONDS })
    expect((await vault.clawbackOf(PROJECT)).notBefore).to.equal(then + CLAWBACK_SECONDS)
  })

  it('can be taken back, and is not possible without an announcement', async () => {
    const { vault, admin, alice, announce, clawback, passDeadline } = await networkHelpers.loadFixture(withUnclaimed)
    const notAnnounced = (call: Promise<unknown>) =>
      expect(call).to.be.revertedWithCustomError(vault, 'ClawbackNotAnnounced').withArgs(PROJECT)
    await notAnnounced(clawback(alice))
    await notAnnounced(vault.connect(admin).cancelClawback(PROJECT))
    await announce()
    await expect(vault.connect(admin).cancelClawback(PROJECT)).to.emit(vault, 'ClawbackCancelled').withArgs(PROJECT)
    expect(await vault.clawbackOf(PROJECT)).to.deep.equal([0n, 0n])
    await passDeadline()
    await notAnnounced(clawback(alice))
    await notAnnounced(vault.connect(admin).cancelClawback(PROJECT))
  })

  it('starts its time again with each announcement', async () => {
    const { vault, alice, notBefore, announce, clawback, passDeadline } = await networkHelpers.loadFixture(withUnclaimed)
    await announce()
    await announce({ notBefore: notBefore + DAY })
    await passDeadline()
    await expect(clawback(alice))
      .to.be.revertedWithCustomError(vault, 'ClawbackDeadlineRunning')
      .withArgs(PROJECT, notBefore + DAY)
  })

  it('is for those whom the access manager names', async () => {
    const { vault, treasurer, stranger, alice, announce, passDeadline } = await networkHelpers.loadFixture(withUnclaimed)
    await announce()
    await passDeadline()
    for (const caller of [treasurer, stranger, alice]) {
      const refused = (call: Promise<unknown>) =>
        expect(call).to.be.revertedWithCustomError(vault, 'AccessManagedUnauthorized').withArgs(caller)
      await refused(announce({}, caller))
      await refused(vault.connect(caller).cancelClawback(PROJECT))
      await refused(vault.connect(caller).clawback(PROJECT, [alice]))
    }
  })

  it('skips accounts that can not claim: their money waits', async () => {
    const { vault, ledger, token, alice, bob, setAccount, announce, clawback, passDeadline } =
      await networkHelpers.loadFixture(withUnclaimed)
    await announce()
    await setAccount(alice, { flags: FLAG.frozen })
    await passDeadline()
    const taken = clawback(alice, bob)
    await expect(taken).to.emit(vault, 'ClaimSkipped').withArgs(PROJECT, alice)
    await expect(taken).to.changeTokenBalances(ethers, token, [treasury], [400])
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(600)
    await setAccount(alice)
    await expect(vault.connect(alice).claim([PROJECT])).to.changeTokenBalances(ethers, token, [alice], [600])
  })

  it('takes nothing of the community DAO’s: after the exit the project’s income is its own', async () => {
    const world = await networkHelpers.loadFixture(withHolders)
    const { ledger, vault, admin, token, alice, bob, dao, beginExit, distribute } = world
    await beginExit()
    await ledger.exitBatch(PROJECT, [alice, bob])
    await ledger.finalizeExit(PROJECT)
    await distribute(500)
    await passClawbackDeadline(world)
    const taken = vault.connect(admin).clawback(PROJECT, [dao, alice])
    await expect(taken).to.emit(vault, 'ClaimSkipped').withArgs(PROJECT, dao)
    await expect(taken).to.changeTokenBalances(ethers, token, [treasury], [0])
    await expect(vault.claimFor(PROJECT, dao)).to.changeTokenBalances(ethers, token, [dao], [500])
  })

  it('needs a treasury, and undoes everything when that one refuses', async () => {
    const { vault, ledger, odd, admin, alice, createProject, mint, distribute } = await withToken('BlockingToken')
    await createProject(9, { payoutToken: await odd.getAddress(), treasury: ZERO })
    await mint(alice, 60, { projectId: 9 })
    for (const projectId of [OTHER, 9]) await distribute(1000, projectId)
    const notBefore = (await networkHelpers.time.latest()) + CLAWBACK_SECONDS + DAY
    for (const projectId of [OTHER, 9]) await vault.connect(admin).announceClawback(projectId, 1, notBefore)
    await networkHelpers.time.increaseTo(notBefore)
    await expect(vault.connect(admin).clawback(9, [alice]))
      .to.be.revertedWithCustomError(vault, 'NoTreasury')
      .withArgs(9)
    await odd.setBlocked(treasury, true)
    await expect(vault.connect(admin).clawback(OTHER, [alice]))
      .to.be.revertedWithCustomError(odd, 'Blocked')
      .withArgs(treasury)
    expect(await ledger.claimableOf(OTHER, alice)).to.equal(600)
  })

  it('takes lists up to the limit and no longer', async () => {
    const { vault, token, alice, carol, announce, clawback, passDeadline } = await networkHelpers.loadFixture(withUnclaimed)
    await announce()
    await passDeadline()
    await expect(clawback(...Array(257).fill(alice.address)))
      .to.be.revertedWithCustomError(vault, 'TooMany')
      .withArgs(257, 256)
    await clawback(...Array(255).fill(carol.address), alice.address)
    expect(await token.balanceOf(treasury)).to.equal(600)
  })
})
