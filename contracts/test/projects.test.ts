import { expect } from 'chai'
import { deployed, ethers, HASH, networkHelpers, PROJECT, STATE, TREASURY, terms, ZERO, ZERO_HASH } from './fixture.ts'

const NO_COUNTRY = [0n, 0n, 0n, 0n]

describe('Projects', () => {
  it('are created as drafts, with every fact in the logs', async () => {
    const { ledger, operator, token } = await networkHelpers.loadFixture(deployed)
    const address = await token.getAddress()
    const given = terms(address, {
      cap: 500,
      maxHolders: 20,
      maxHolderBps: 2500,
      dailyMintCap: 44,
      exitTargetPerUnit: 33,
      buyOutPerUnit: 77,
    })
    const creation = ledger.connect(operator).createProject(9, given)
    await expect(creation)
      .to.emit(ledger, 'ProjectCreated')
      .withArgs(9, [500, 20, 2500, 365, 44, address, TREASURY, 33, 77, HASH, 'ipfs://first'])
    await expect(creation).to.emit(ledger, 'ProjectStateChanged').withArgs(9, STATE.draft, ZERO_HASH)
    await expect(creation).to.emit(ledger, 'MetadataSet').withArgs(9, 1, HASH, 'ipfs://first')
    await expect(creation).to.emit(ledger, 'URI').withArgs('ipfs://first', 9)
    expect((await ledger.projectOf(9)).toObject()).to.deep.equal({
      state: BigInt(STATE.draft),
      cap: 500n,
      supply: 0n,
      epoch: 0n,
      holders: 0n,
      maxHolders: 20n,
      maxHolderBps: 2500n,
      lockDays: 365n,
      dailyMintCap: 44n,
      payoutToken: address,
      treasury: TREASURY,
      exitTargetPerUnit: 33n,
      buyOutPerUnit: 77n,
      rules: ZERO,
      metadataVersion: 1n,
      metadataFrozen: false,
      metadataHash: HASH,
    })
    expect(await ledger.exists(9)).to.equal(true)
    expect(await ledger.uri(9)).to.equal('ipfs://first')
    expect(await ledger.payoutTokenOf(9)).to.equal(address)
    expect(await ledger.blockedCountriesOf(9)).to.deep.equal(NO_COUNTRY)
  })

  it('hold the largest terms there are, each beside the others', async () => {
    const { ledger, operator, token } = await networkHelpers.loadFixture(deployed)
    const most = {
      cap: 2n ** 56n - 1n,
      maxHolders: 2n ** 32n - 1n,
      maxHolderBps: 10_000n,
      lockDays: 65_535n,
      dailyMintCap: 2n ** 56n - 1n,
      exitTargetPerUnit: 2n ** 128n - 1n,
      buyOutPerUnit: 2n ** 128n - 1n,
    }
    await ledger.connect(operator).createProject(2 ** 24 - 1, terms(await token.getAddress(), most))
    const project = (await ledger.projectOf(2 ** 24 - 1)).toObject()
    expect(project).to.include({ ...most, state: BigInt(STATE.draft), supply: 0n, epoch: 0n, holders: 0n })
  })

  it('can be created once only per id', async () => {
    const { ledger, operator, token } = await networkHelpers.loadFixture(deployed)
    await expect(ledger.connect(operator).createProject(PROJECT, terms(await token.getAddress())))
      .to.be.revertedWithCustomError(ledger, 'ProjectAlreadyExists')
      .withArgs(PROJECT)
  })

  it('refuse terms that make no sense, and say which', async () => {
    const { ledger, vault, operator, token, alice } = await networkHelpers.loadFixture(deployed)
    const good = await token.getAddress()
    const refused = (id: number, changes: Record<string, unknown>, member: string) =>
      expect(ledger.connect(operator).createProject(id, terms(good, changes)), JSON.stringify(changes))
        .to.be.revertedWithCustomError(ledger, 'InvalidTerms')
        .withArgs(member)
    for (const changes of [
      { cap: 0 },
      { dailyMintCap: 0 },
      { maxHolderBps: 10_001 },
      { payoutToken: ZERO },
      { payoutToken: alice.address },
      { treasury: await ledger.getAddress() },
      { treasury: await vault.getAddress() },
      { metadataHash: ZERO_HASH },
      { uri: '' },
    ])
      await refused(9, changes, Object.keys(changes)[0]!)
    // A limit of 0.9999 units is one that nobody can hold a unit under.
    await refused(9, { cap: 9_999, maxHolderBps: 1 }, 'maxHolderBps')
    await refused(0, {}, 'projectId')
    await ledger.connect(operator).createProject.staticCall(9, terms(good, { cap: 10_000, maxHolderBps: 1 }))
    expect(await ledger.exists(9)).to.equal(false)
  })

  it('that do not exist are told apart from those that do', async () => {
    const { ledger, operator, admin, seller, elector, alice, dao, openEpoch } = await networkHelpers.loadFixture(deployed)
    const missing = async (call: Promise<unknown>) => expect(call).to.be.revertedWithCustomError(ledger, 'ProjectNotFound').withArgs(99)
    await missing(ledger.connect(operator).setProjectState(99, STATE.active, ZERO_HASH))
    await missing(ledger.connect(seller).setSaleState(99, STATE.funding))
    await missing(ledger.connect(operator).setMetadata(99, HASH, 'ipfs://x'))
    await missing(ledger.connect(operator).freezeMetadata(99))
    await missing(ledger.connect(admin).setDailyMintCap(99, 1))
    await missing(ledger.connect(admin).setRules(99, dao))
    await missing(ledger.connect(admin).setBlockedCountries(99, NO_COUNTRY))
    await missing(ledger.connect(operator).setFrozenTokens(alice, 99, 1))
    await missing(ledger.connect(operator).forcedTransfer(alice, dao, 99, 1))
    await missing(ledger.connect(operator).announceExit(99, dao, 2 ** 40 - 1))
    await missing(ledger.connect(operator).cancelExit(99))
    await missing(ledger.connect(operator).beginExit(99))
    await missing(ledger.finalizeExit(99))
    await missing(openEpoch(1, 99))
    await missing(ledger.connect(elector).openVoteEpoch(99))
    expect(await ledger.exists(99)).to.equal(false)
    const unknown = (await ledger.projectOf(99)).toArray()
    expect(unknown.every((value: unknown) => value === 0n || value === ZERO || value === false || value === ZERO_HASH)).to.equal(true)
    expect(await ledger.uri(99)).to.equal('')
    expect(await ledger.balanceOf(alice, 99)).to.equal(0)
    expect(await ledger.claimableOf(99, alice)).to.equal(0)
  })

  it('keep a numbered history of their metadata in the logs', async () => {
    const { ledger, operator } = await networkHelpers.loadFixture(deployed)
    const change = ledger.connect(operator).setMetadata(PROJECT, ethers.id('new'), 'ipfs://second')
    await expect(change).to.emit(ledger, 'MetadataSet').withArgs(PROJECT, 2, ethers.id('new'), 'ipfs://second')
    await expect(change).to.emit(ledger, 'URI').withArgs('ipfs://second', PROJECT)
    expect(await ledger.uri(PROJECT)).to.equal('ipfs://second')
    const project = await ledger.projectOf(PROJECT)
    expect([project.metadataHash, project.metadataVersion]).to.deep.equal([ethers.id('new'), 2n])
    await expect(ledger.connect(operator).setMetadata(PROJECT, ZERO_HASH, 'ipfs://x'))
      .to.be.revertedWithCustomError(ledger, 'InvalidTerms')
      .withArgs('metadataHash')
    await expect(ledger.connect(operator).setMetadata(PROJECT, HASH, ''))
      .to.be.revertedWithCustomError(ledger, 'InvalidTerms')
      .withArgs('uri')
  })

  it('freeze their metadata for ever', async () => {
    const { ledger, operator } = await networkHelpers.loadFixture(deployed)
    await ledger.connect(operator).setMetadata(PROJECT, ethers.id('new'), 'ipfs://second')
    await expect(ledger.connect(operator).freezeMetadata(PROJECT)).to.emit(ledger, 'MetadataFrozen').withArgs(PROJECT, 2)
    expect((await ledger.projectOf(PROJECT)).metadataFrozen).to.equal(true)
    for (const call of [
      () => ledger.connect(operator).setMetadata(PROJECT, HASH, 'ipfs://x'),
      () => ledger.connect(operator).freezeMetadata(PROJECT),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(ledger, 'MetadataIsFrozen').withArgs(PROJECT, 2)
    }
    expect(await ledger.uri(PROJECT)).to.equal('ipfs://second')
  })

  it('can have another daily cap at any time', async () => {
    const { ledger, admin } = await networkHelpers.loadFixture(deployed)
    await expect(ledger.connect(admin).setDailyMintCap(PROJECT, 12)).to.emit(ledger, 'DailyMintCapSet').withArgs(PROJECT, 12)
    expect((await ledger.projectOf(PROJECT)).dailyMintCap).to.equal(12)
    await ledger.connect(admin).setDailyMintCap(PROJECT, 2n ** 56n - 1n)
    expect((await ledger.projectOf(PROJECT)).dailyMintCap).to.equal(2n ** 56n - 1n)
  })

  it('stand still together while the ledger is paused', async () => {
    const { ledger, operator, admin, alice, bob, mint, send } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 1)
    await expect(ledger.connect(operator).pause()).to.emit(ledger, 'Paused').withArgs(operator)
    expect(await ledger.paused()).to.equal(true)
    await expect(send(alice, bob, 1)).to.be.revertedWithCustomError(ledger, 'TransferRestricted')
    await expect(ledger.connect(admin).unpause()).to.emit(ledger, 'Unpaused').withArgs(admin)
    expect(await ledger.paused()).to.equal(false)
    await send(alice, bob, 1)
  })

  it('fit, ledger and all, into the size that a chain accepts', async () => {
    const { ledger, vault, registrar, sale, documents, forwarder, dao, token } = await networkHelpers.loadFixture(deployed)
    for (const contract of [ledger, vault, registrar, sale, documents, forwarder, dao, token]) {
      expect(ethers.dataLength((await contract.getDeployedCode())!)).to.be.lessThan(24_576)
    }
  })
})

/** Every edge that a hand may take; all others are refused. */
const EDGES: Record<'operator' | 'seller', [number, number][]> = {
  operator: [
    [STATE.draft, STATE.active],
    [STATE.draft, STATE.closed],
    [STATE.active, STATE.paused],
    [STATE.paused, STATE.active],
  ],
  seller: [
    [STATE.draft, STATE.funding],
    [STATE.funding, STATE.active],
    [STATE.funding, STATE.closed],
  ],
}

describe('States of a project', () => {
  for (const [name, state] of Object.entries(STATE).filter(([each]) => each !== 'none')) {
    it(`from ${name} lead to the listed states and to no other`, async () => {
      const world = await networkHelpers.loadFixture(deployed)
      const { ledger, operator, seller } = world
      await bring(world, state)
      for (const [hand, signer] of Object.entries({ operator, seller }) as ['operator' | 'seller', typeof operator][]) {
        for (const to of Object.values(STATE)) {
          const reason = hand === 'operator' ? HASH : ZERO_HASH
          const change = () =>
            hand === 'operator' ? ledger.connect(signer).setProjectState(9, to, HASH) : ledger.connect(signer).setSaleState(9, to)
          if (EDGES[hand].some(([a, b]) => a === state && b === to)) {
            const before = await networkHelpers.takeSnapshot()
            await expect(change()).to.emit(ledger, 'ProjectStateChanged').withArgs(9, to, reason)
            expect((await ledger.projectOf(9)).state).to.equal(to)
            await before.restore()
          } else {
            await expect(change(), `${hand} to ${to}`).to.be.revertedWithCustomError(ledger, 'InvalidStateChange').withArgs(9, state, to)
          }
        }
      }
    })
  }

  it('that are no states are refused', async () => {
    const { ledger, operator, seller } = await networkHelpers.loadFixture(deployed)
    for (const state of [9, 255]) {
      await expect(ledger.connect(operator).setProjectState(PROJECT, state, HASH)).to.revert(ethers)
      await expect(ledger.connect(seller).setSaleState(PROJECT, state)).to.revert(ethers)
    }
  })
})

/** Brings a new project 9 into a state. */
async function bring({ ledger, operator, seller, token, dao }: Awaited<ReturnType<typeof deployed>>, state: number) {
  await ledger.connect(operator).createProject(9, terms(await token.getAddress()))
  if (state === STATE.draft) return
  if (state === STATE.funding) return ledger.connect(seller).setSaleState(9, STATE.funding)
  if (state === STATE.closed) return ledger.connect(operator).setProjectState(9, STATE.closed, ZERO_HASH)
  await ledger.connect(operator).setProjectState(9, STATE.active, ZERO_HASH)
  if (state === STATE.active) return
  if (state === STATE.paused) return ledger.connect(operator).setProjectState(9, STATE.paused, ZERO_HASH)
  const notBefore = (await networkHelpers.time.latest()) + 31 * 86_400
  await ledger.connect(operator).announceExit(9, dao, notBefore)
  if (state === STATE.exitAnnounced) return
  await networkHelpers.time.increaseTo(notBefore)
  await ledger.connect(operator).beginExit(9)
  if (state === STATE.exited) await ledger.finalizeExit(9)
}
