import { expect } from 'chai'
import { ethers, networkHelpers, PROJECT, ROLE } from './fixture.ts'
import { BALLOT, deployGovernor, domainOf, governed, THRESHOLD, VOTE, VOTING_DELAY, VOTING_PERIOD } from './governor-scene.ts'

describe('The register of a proposal', () => {
  it('is an epoch of the ledger, opened when the proposal is made', async () => {
    const { governor, ledger, alice, bob, draft, propose } = await networkHelpers.loadFixture(governed)
    const first = await draft()
    await expect(governor.connect(alice).propose(first.targets, first.values, first.calldatas, first.description))
      .to.emit(ledger, 'EpochOpened')
      .withArgs(PROJECT, 1, 1000, 0, 0)
    const second = await propose(bob)
    expect(await governor.epochOf(first.id)).to.equal(1)
    expect(await governor.epochOf(second.id)).to.equal(2)
    expect(await governor.epochOf(12345)).to.equal(0)
  })

  it('is untouched by what moves later: the seller votes, the buyer does not', async () => {
    const { governor, alice, dave, send, propose, startVote, vote } = await networkHelpers.loadFixture(governed)
    const proposal = await propose(alice)
    await send(alice, dave, 500)
    await startVote(proposal)
    const snapshot = await governor.proposalSnapshot(proposal.id)
    expect(await governor.getVotes(alice, snapshot)).to.equal(500)
    expect(await governor.getVotes(dave, snapshot)).to.equal(0)
    await vote(alice, proposal)
    await expect(vote(dave, proposal)).to.be.revertedWithCustomError(governor, 'NoUnitsToVote').withArgs(proposal.id, dave)
    expect(await governor.hasVoted(proposal.id, dave)).to.equal(false)
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 500n, 0n])
  })

  it('counts each unit once, whoever has it in the course of the vote', async () => {
    const { governor, alice, bob, carol, send, propose, startVote, vote } = await networkHelpers.loadFixture(governed)
    const proposal = await propose(alice)
    await startVote(proposal)
    await vote(alice, proposal)
    await send(alice, bob, 500)
    await vote(bob, proposal)
    await send(bob, carol, 800)
    await vote(carol, proposal)
    await send(carol, alice, 1000)
    await expect(vote(alice, proposal, VOTE.against))
      .to.be.revertedWithCustomError(governor, 'GovernorAlreadyCastVote')
      .withArgs(alice)
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 1000n, 0n])
  })

  it('differs between two proposals that run at the same time', async () => {
    const { governor, alice, bob, send, propose, startVote, vote } = await networkHelpers.loadFixture(governed)
    const before = await propose(alice)
    await send(alice, bob, 450)
    const after = await propose(bob)
    await startVote(after)
    for (const proposal of [before, after]) for (const voter of [alice, bob]) await vote(voter, proposal)
    expect(await governor.proposalVotes(before.id)).to.deep.equal([0n, 800n, 0n])
    expect(await governor.proposalVotes(after.id)).to.deep.equal([0n, 800n, 0n])
    const weight = async (voter: unknown, proposal: typeof before) => governor.getVotes(voter, await governor.proposalSnapshot(proposal.id))
    expect([await weight(alice, before), await weight(bob, before)]).to.deep.equal([500n, 300n])
    expect([await weight(alice, after), await weight(bob, after)]).to.deep.equal([50n, 750n])
  })

  it('is shared by the proposals of one block, which opens one epoch only', async () => {
    const { governor, ledger, alice, bob, draft, startVote, vote } = await networkHelpers.loadFixture(governed)
    const [one, two] = [await draft(), await draft()]
    await ethers.provider.send('evm_setAutomine', [false])
    for (const [by, proposal] of [
      [alice, one],
      [bob, two],
    ] as const) {
      await governor
        .connect(by)
        .propose(proposal.targets, proposal.values, proposal.calldatas, proposal.description, { gasLimit: 1_000_000 })
    }
    await networkHelpers.mine()
    await ethers.provider.send('evm_setAutomine', [true])
    expect(await governor.proposalSnapshot(one.id)).to.equal(await governor.proposalSnapshot(two.id))
    expect([await governor.epochOf(one.id), await governor.epochOf(two.id)]).to.deep.equal([1n, 1n])
    expect(await ledger.queryFilter(ledger.filters.EpochOpened!())).to.have.length(1)
    await startVote(two)
    await vote(alice, one)
    await vote(bob, two)
    expect(await governor.proposalVotes(one.id)).to.deep.equal([0n, 500n, 0n])
    expect(await governor.proposalVotes(two.id)).to.deep.equal([0n, 300n, 0n])
  })

  it('is never that of an earlier proposal, not even when a shorter delay makes two votes begin together', async () => {
    const { governor, alice, bob, carol, draft, propose, pass, execute } = await networkHelpers.loadFixture(governed)
    const shorter = await propose(alice, await draft(governor, 'setVotingDelay', [VOTING_DELAY - 60]))
    await pass(shorter, [alice])
    const earlier = await propose(bob)
    const begins = await governor.proposalSnapshot(earlier.id)
    await execute(shorter)
    const collision = begins - BigInt(VOTING_DELAY - 60)
    await networkHelpers.time.setNextBlockTimestamp(collision)
    await expect(propose(carol)).to.be.revertedWithCustomError(governor, 'SnapshotTaken').withArgs(begins)
    await networkHelpers.time.setNextBlockTimestamp(collision + 1n)
    const later = await propose(carol)
    expect(await governor.epochOf(later.id)).to.equal((await governor.epochOf(earlier.id)) + 1n)
  })

  it('cannot be opened by a governor without its role', async () => {
    const { ledger, dao, alice } = await networkHelpers.loadFixture(governed)
    const outsider = await deployGovernor(ledger, dao)
    await expect(outsider.connect(alice).propose([alice], [0], ['0x'], ''))
      .to.be.revertedWithCustomError(ledger, 'MissingRole')
      .withArgs(outsider, ROLE.governor)
  })
})

describe('Who may propose', () => {
  it('has the units of the threshold, at that moment', async () => {
    const { governor, alice, bob, dave, stranger, send, draft, propose } = await networkHelpers.loadFixture(governed)
    const refused = (by: unknown, units: bigint, proposal: Promise<unknown>) =>
      expect(proposal).to.be.revertedWithCustomError(governor, 'GovernorInsufficientProposerVotes').withArgs(by, units, THRESHOLD)
    await send(alice, dave, 99)
    await refused(dave, 99n, propose(dave))
    await refused(stranger, 0n, propose(stranger))
    await send(alice, dave, 1)
    await propose(dave)
    await send(bob, alice, 201)
    await refused(bob, 99n, propose(bob, await draft()))
  })

  it('waits until the vote on the last proposal is over, cancelled or not', async () => {
    const { governor, alice, bob, propose, cancel, draft, ledger } = await networkHelpers.loadFixture(governed)
    expect(await governor.nextProposalAt(alice)).to.equal(0)
    const proposal = await propose(alice)
    const until = BigInt(await networkHelpers.time.latest()) + BigInt(VOTING_DELAY + VOTING_PERIOD)
    expect(await governor.nextProposalAt(alice)).to.equal(until)
    expect(await governor.proposalDeadline(proposal.id)).to.equal(until)
    await cancel(alice, proposal)
    const next = await draft()
    await expect(propose(alice, next)).to.be.revertedWithCustomError(governor, 'ProposerMustWait').withArgs(alice, until)
    await propose(bob)
    await networkHelpers.time.setNextBlockTimestamp(until - 1n)
    await expect(propose(alice, next)).to.be.revertedWithCustomError(governor, 'ProposerMustWait').withArgs(alice, until)
    await networkHelpers.time.setNextBlockTimestamp(until)
    await propose(alice, next)
    expect(await ledger.queryFilter(ledger.filters.EpochOpened!())).to.have.length(3)
  })

  it('cannot propose the same twice, nor what another reserved', async () => {
    const { governor, alice, bob, draft, propose } = await networkHelpers.loadFixture(governed)
    const proposal = await propose(alice)
    await expect(propose(bob, proposal)).to.be.revertedWithCustomError(governor, 'GovernorUnexpectedProposalState')
    const reserved = await draft()
    reserved.description += `#proposer=${alice.address}`
    await expect(propose(bob, reserved)).to.be.revertedWithCustomError(governor, 'GovernorRestrictedProposer').withArgs(bob)
  })

  it('opens no epoch by a proposal that is none', async () => {
    const { governor, ledger, alice } = await networkHelpers.loadFixture(governed)
    await expect(governor.connect(alice).propose([], [], [], ''))
      .to.be.revertedWithCustomError(governor, 'GovernorInvalidProposalLength')
      .withArgs(0, 0, 0)
    expect(await ledger.queryFilter(ledger.filters.EpochOpened!())).to.have.length(0)
    expect(await governor.nextProposalAt(alice)).to.equal(0)
  })
})

describe('Votes by signature', () => {
  it('let somebody else pay, once, for the signer only', async () => {
    const { governor, alice, stranger, propose, startVote } = await networkHelpers.loadFixture(governed)
    const proposal = await propose(alice)
    await startVote(proposal)
    const ballot = { proposalId: proposal.id, support: VOTE.for, voter: alice.address, nonce: 0 }
    const signature = await alice.signTypedData(await domainOf(governor), BALLOT, ballot)
    const cast = (support: number, voter: unknown) => governor.connect(stranger).castVoteBySig(proposal.id, support, voter, signature)
    await expect(cast(VOTE.against, alice)).to.be.revertedWithCustomError(governor, 'GovernorInvalidSignature').withArgs(alice)
    await expect(cast(VOTE.for, stranger)).to.be.revertedWithCustomError(governor, 'GovernorInvalidSignature').withArgs(stranger)
    const vote = cast(VOTE.for, alice)
    await expect(vote).to.emit(governor, 'VoteCast').withArgs(alice, proposal.id, VOTE.for, 500, '')
    await expect(vote).to.emit(governor, 'NonceUsed').withArgs(alice, 0)
    await expect(cast(VOTE.for, alice)).to.be.revertedWithCustomError(governor, 'GovernorInvalidSignature').withArgs(alice)
  })

  it('from another chain, or with the other signature of the same key, are none', async () => {
    const { governor, alice, propose, startVote } = await networkHelpers.loadFixture(governed)
    const proposal = await propose(alice)
    await startVote(proposal)
    const ballot = { proposalId: proposal.id, support: VOTE.for, voter: alice.address, nonce: 0 }
    const domain = await domainOf(governor)
    const signature = await alice.signTypedData(domain, BALLOT, ballot)
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const { r, s, v } = ethers.Signature.from(signature)
    for (const forged of [
      await alice.signTypedData({ ...domain, chainId: 137 }, BALLOT, ballot),
      ethers.concat([r, ethers.toBeHex(order - BigInt(s), 32), v === 27 ? '0x1c' : '0x1b']),
    ])
      await expect(governor.castVoteBySig(proposal.id, VOTE.for, alice, forged))
        .to.be.revertedWithCustomError(governor, 'GovernorInvalidSignature')
        .withArgs(alice)
    await governor.castVoteBySig(proposal.id, VOTE.for, alice, signature)
  })

  it('are taken from a wallet contract as it signs (ERC-1271)', async () => {
    const { governor, alice, bob, mint, setAccount, propose, startVote } = await networkHelpers.loadFixture(governed)
    const wallet = await ethers.deployContract('SigningWallet', [bob])
    const voter = await wallet.getAddress()
    await setAccount(voter)
    await mint(voter, 50)
    const proposal = await propose(alice)
    await startVote(proposal)
    const ballot = { proposalId: proposal.id, support: VOTE.for, voter, nonce: 0 }
    const byAlice = await alice.signTypedData(await domainOf(governor), BALLOT, ballot)
    const byOwner = await bob.signTypedData(await domainOf(governor), BALLOT, ballot)
    await expect(governor.castVoteBySig(proposal.id, VOTE.for, voter, byAlice))
      .to.be.revertedWithCustomError(governor, 'GovernorInvalidSignature')
      .withArgs(voter)
    await expect(governor.castVoteBySig(proposal.id, VOTE.for, voter, byOwner))
      .to.emit(governor, 'VoteCast')
      .withArgs(voter, proposal.id, VOTE.for, 50, '')
  })
})
