import { expect } from 'chai'
import { deployed, ethers, HASH, networkHelpers, PROJECT, STATE, terms, ZERO, ZERO_HASH } from './fixture.ts'

describe('Projects', () => {
  it('are created active, with every fact in the logs', async () => {
    const { ledger, operator, token } = await networkHelpers.loadFixture(deployed)
    const address = await token.getAddress()
    const creation = ledger.connect(operator).createProject(9, terms(address, { cap: 500, maxHolders: 20, exitTargetPerUnit: 33 }))
    await expect(creation).to.emit(ledger, 'ProjectCreated').withArgs(9, 500, 20, 365, address, 33)
    await expect(creation).to.emit(ledger, 'ProjectStateChanged').withArgs(9, STATE.active, ZERO_HASH)
    await expect(creation).to.emit(ledger, 'MetadataSet').withArgs(9, 1, HASH, 'ipfs://first')
    await expect(creation).to.emit(ledger, 'URI').withArgs('ipfs://first', 9)
    const project = await ledger.projectOf(9)
    expect(project.toObject()).to.deep.equal({
      state: 2n,
      cap: 500n,
      supply: 0n,
      epoch: 0n,
      holders: 0n,
      maxHolders: 20n,
      lockDays: 365n,
      payoutToken: address,
      exitTargetPerUnit: 33n,
      metadataHash: HASH,
    })
    expect(await ledger.exists(9)).to.equal(true)
    expect(await ledger.uri(9)).to.equal('ipfs://first')
    expect(await ledger.payoutTokenOf(9)).to.equal(address)
  })

  it('can be created once only per id', async () => {
    const { ledger, operator, token } = await networkHelpers.loadFixture(deployed)
    await expect(ledger.connect(operator).createProject(PROJECT, terms(await token.getAddress())))
      .to.be.revertedWithCustomError(ledger, 'ProjectAlreadyExists')
      .withArgs(PROJECT)
  })

  it('refuse terms that make no sense', async () => {
    const { ledger, operator, token, alice } = await networkHelpers.loadFixture(deployed)
    const good = await token.getAddress()
    for (const changes of [{ cap: 0 }, { payoutToken: ZERO }, { payoutToken: alice.address }, { metadataHash: ZERO_HASH }, { uri: '' }]) {
      await expect(ledger.connect(operator).createProject(9, terms(good, changes)), JSON.stringify(changes)).to.be.revertedWithCustomError(
        ledger,
        'InvalidTerms',
      )
    }
    await expect(ledger.connect(operator).createProject(0, terms(good))).to.be.revertedWithCustomError(ledger, 'InvalidTerms')
  })

  it('change between active and paused and nowhere else by hand', async () => {
    const { ledger, operator } = await networkHelpers.loadFixture(deployed)
    const change = (state: number) => ledger.connect(operator).setProjectState(PROJECT, state, HASH)
    for (const state of [STATE.none, STATE.draft, STATE.exitAnnounced, STATE.exiting, STATE.exited]) {
      await expect(change(state)).to.be.revertedWithCustomError(ledger, 'InvalidStateChange').withArgs(PROJECT, STATE.active, state)
    }
    await expect(change(STATE.active))
      .to.be.revertedWithCustomError(ledger, 'InvalidStateChange')
      .withArgs(PROJECT, STATE.active, STATE.active)
    await expect(change(STATE.paused)).to.emit(ledger, 'ProjectStateChanged').withArgs(PROJECT, STATE.paused, HASH)
    await expect(change(STATE.paused))
      .to.be.revertedWithCustomError(ledger, 'InvalidStateChange')
      .withArgs(PROJECT, STATE.paused, STATE.paused)
    await expect(change(STATE.active)).to.emit(ledger, 'ProjectStateChanged').withArgs(PROJECT, STATE.active, HASH)
  })

  it('that do not exist are told apart from those that do', async () => {
    const { ledger, operator, treasurer, dao, alice } = await networkHelpers.loadFixture(deployed)
    const missing = async (call: Promise<unknown>) => expect(call).to.be.revertedWithCustomError(ledger, 'ProjectNotFound').withArgs(99)
    await missing(ledger.connect(operator).setProjectState(99, STATE.paused, ZERO_HASH))
    await missing(ledger.connect(operator).setProjectState(99, STATE.exited, ZERO_HASH))
    await missing(ledger.connect(operator).setMetadata(99, HASH, 'ipfs://x'))
    await missing(ledger.connect(operator).announceExit(99, dao, 2 ** 40 - 1))
    await missing(ledger.connect(operator).cancelExit(99))
    await missing(ledger.connect(operator).beginExit(99))
    await missing(ledger.connect(operator).finalizeExit(99))
    await missing(ledger.connect(treasurer).openEpoch(99, 1))
    expect(await ledger.exists(99)).to.equal(false)
    expect((await ledger.projectOf(99)).state).to.equal(STATE.none)
    expect(await ledger.uri(99)).to.equal('')
    expect(await ledger.balanceOf(alice, 99)).to.equal(0)
    expect(await ledger.claimableOf(99, alice)).to.equal(0)
    expect(await ledger.movableOf(alice, 2n ** 255n)).to.equal(0)
  })

  it('keep a numbered history of their metadata in the logs', async () => {
    const { ledger, operator } = await networkHelpers.loadFixture(deployed)
    const change = ledger.connect(operator).setMetadata(PROJECT, ethers.id('new'), 'ipfs://second')
    await expect(change).to.emit(ledger, 'MetadataSet').withArgs(PROJECT, 2, ethers.id('new'), 'ipfs://second')
    await expect(change).to.emit(ledger, 'URI').withArgs('ipfs://second', PROJECT)
    expect(await ledger.uri(PROJECT)).to.equal('ipfs://second')
    expect((await ledger.projectOf(PROJECT)).metadataHash).to.equal(ethers.id('new'))
    await expect(ledger.connect(operator).setMetadata(PROJECT, ZERO_HASH, 'ipfs://x')).to.be.revertedWithCustomError(ledger, 'InvalidTerms')
    await expect(ledger.connect(operator).setMetadata(PROJECT, HASH, '')).to.be.revertedWithCustomError(ledger, 'InvalidTerms')
  })

  it('answer for the interfaces they implement and for no other', async () => {
    const { ledger } = await networkHelpers.loadFixture(deployed)
    const known = {
      'ERC-165': '0x01ffc9a7',
      'ERC-1155': '0xd9b67a26',
      'ERC-1155 metadata': '0x0e89341c',
      'ERC-5615': '0xf2d03e40',
      AccessControl: '0x7965db0b',
    }
    for (const [name, id] of Object.entries(known)) expect(await ledger.supportsInterface(id), name).to.equal(true)
    for (const id of ['0xffffffff', '0x41c4fbad', '0x4e2312e0']) expect(await ledger.supportsInterface(id), id).to.equal(false)
  })

  it('fit into the size that a chain accepts', async () => {
    const { ledger, vault, registrar, dao, token } = await networkHelpers.loadFixture(deployed)
    for (const contract of [ledger, vault, registrar, dao, token]) {
      expect(ethers.dataLength((await contract.getDeployedCode())!)).to.be.lessThan(24_576)
    }
  })
})
