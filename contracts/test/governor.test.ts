import { expect } from 'chai'
import { ethers, networkHelpers, PROJECT, ZERO } from './fixture.ts'
import {
  deployGovernor,
  governed,
  NAME,
  PROPOSAL,
  QUORUM_BPS,
  THRESHOLD,
  TIMELOCK_DELAY,
  VOTE,
  VOTING_DELAY,
  VOTING_PERIOD,
} from './governor-scene.ts'

describe('A decision of the holders', () => {
  it('goes from proposal to vote to timelock to deed', async () => {
    const { governor, dao, token, alice, bob, stranger, draft, startVote, endVote, vote, queue, execute } =
      await networkHelpers.loadFixture(governed)
    const proposal = await draft(token, 'mint', [stranger.address, 77])
    await expect(governor.connect(alice).propose(proposal.targets, proposal.values, proposal.calldatas, proposal.description)).to.emit(
      governor,
      'ProposalCreated',
    )
    expect(await governor.state(proposal.id)).to.equal(PROPOSAL.pending)
    await startVote(proposal)
    expect(await governor.state(proposal.id)).to.equal(PROPOSAL.active)
    await expect(vote(alice, proposal)).to.emit(governor, 'VoteCast').withArgs(alice, proposal.id, VOTE.for, 500, '')
    await vote(bob, proposal, VOTE.against)
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([300n, 500n, 0n])
    await endVote(proposal)
    expect(await governor.state(proposal.id)).to.equal(PROPOSAL.succeeded)
    expect(await governor.proposalNeedsQueuing(proposal.id)).to.equal(true)
    await queue(proposal)
    expect(await governor.state(proposal.id)).to.equal(PROPOSAL.queued)
    await expect(execute(proposal)).to.be.revertedWithCustomError(dao, 'TimelockUnexpectedOperationState')
    await networkHelpers.time.increase(TIMELOCK_DELAY)
    await expect(execute(proposal)).to.emit(token, 'Transfer').withArgs(ZERO, stranger, 77)
    expect(await governor.state(proposal.id)).to.equal(PROPOSAL.executed)
    await expect(execute(proposal)).to.be.revertedWithCustomError(governor, 'GovernorUnexpectedProposalState')
  })

  it('is executed by the timelock, with the money of the timelock', async () => {
    const { dao, stranger, admin, alice, propose, pay, pass, execute } = await networkHelpers.loadFixture(governed)
    await admin.sendTransaction({ to: dao, value: 5n })
    const proposal = await propose(alice, await pay(stranger, 5n))
    await pass(proposal, [alice])
    await expect(execute(proposal)).to.changeEtherBalances(ethers, [dao, stranger], [-5n, 5n])
  })

  it('falls when as many units are against it as for it', async () => {
    const { governor, alice, bob, carol, propose, startVote, endVote, vote, queue } = await networkHelpers.loadFixture(governed)
    const proposal = await propose(alice)
    await startVote(proposal)
    await vote(alice, proposal, VOTE.against)
    await vote(bob, proposal)
    await vote(carol, proposal)
    await endVote(proposal)
    expect(await governor.state(proposal.id)).to.equal(PROPOSAL.defeated)
    await expect(queue(proposal)).to.be.revertedWithCustomError(governor, 'GovernorUnexpectedProposalState')
  })

  it('falls one unit short of the quorum and stands with it, abstentions counted', async () => {
    const { governor, alice, bob, carol, dave, send, propose, startVote, endVote, vote } = await networkHelpers.loadFixture(governed)
    await send(bob, dave, 1)
    await send(carol, alice, 100)
    const proposal = await propose(alice)
    expect(await governor.quorum(await governor.proposalSnapshot(proposal.id))).to.equal(400)
    await startVote(proposal)
    await vote(bob, proposal)
    await vote(carol, proposal, VOTE.abstain)
    const block = await networkHelpers.takeSnapshot()
    await endVote(proposal)
    expect(await governor.state(proposal.id)).to.equal(PROPOSAL.defeated)
    await block.restore()
    await vote(dave, proposal, VOTE.abstain)
    await endVote(proposal)
    expect(await governor.state(proposal.id)).to.equal(PROPOSAL.succeeded)
  })

  it('rounds the quorum up', async () => {
    const { ledger, dao, governor } = await networkHelpers.loadFixture(governed)
    expect(await governor.quorum(0)).to.equal(400)
    const strict = await deployGovernor(ledger, dao, { quorumBps: 3_333 })
    expect(await strict.quorum(0)).to.equal(334)
    const whole = await deployGovernor(ledger, dao, { quorumBps: 10_000 })
    expect(await whole.quorum(0)).to.equal(1000)
    const least = await deployGovernor(ledger, dao, { quorumBps: 1 })
    expect(await least.quorum(0)).to.equal(1)
  })

  it('can be taken back by its proposer before the vote, and by nobody else', async () => {
    const { governor, alice, bob, propose, cancel, startVote } = await networkHelpers.loadFixture(governed)
    const proposal = await propose(alice)
    await expect(cancel(bob, proposal)).to.be.revertedWithCustomError(governor, 'GovernorUnableToCancel').withArgs(proposal.id, bob)
    await cancel(alice, proposal)
    expect(await governor.state(proposal.id)).to.equal(PROPOSAL.canceled)
    const other = await propose(bob)
    await startVote(other)
    await expect(cancel(bob, other)).to.be.revertedWithCustomError(governor, 'GovernorUnableToCancel').withArgs(other.id, bob)
  })
})

describe('The governor', () => {
  it('says whose it is and how it counts', async () => {
    const { governor, ledger, dao } = await networkHelpers.loadFixture(governed)
    expect(await governor.ledger()).to.equal(await ledger.getAddress())
    expect(await governor.projectId()).to.equal(PROJECT)
    expect(await governor.timelock()).to.equal(await dao.getAddress())
    expect(await governor.name()).to.equal(NAME)
    expect(await governor.votingDelay()).to.equal(VOTING_DELAY)
    expect(await governor.votingPeriod()).to.equal(VOTING_PERIOD)
    expect(await governor.proposalThreshold()).to.equal(THRESHOLD)
    expect(await governor.quorumBps()).to.equal(QUORUM_BPS)
    expect(await governor.CLOCK_MODE()).to.equal('mode=timestamp')
    expect(await governor.clock()).to.equal(await networkHelpers.time.latest())
    expect(await governor.COUNTING_MODE()).to.equal('support=bravo&quorum=for,abstain')
  })

  it('can receive neither money nor units', async () => {
    const { governor, admin, alice, ledger, setAccount, send } = await networkHelpers.loadFixture(governed)
    await expect(admin.sendTransaction({ to: governor, value: 1n })).to.be.revertedWithCustomError(governor, 'GovernorDisabledDeposit')
    await setAccount(governor)
    await expect(send(alice, governor, 1)).to.be.revertedWithCustomError(governor, 'GovernorDisabledDeposit')
    expect(await ledger.balanceOf(governor, PROJECT)).to.equal(0)
  })

  it('refuses settings that would stop or flood it', async () => {
    const { governor, ledger, dao } = await networkHelpers.loadFixture(governed)
    await expect(deployGovernor(ledger, dao, { quorumBps: 0 }))
      .to.be.revertedWithCustomError(governor, 'InvalidQuorum')
      .withArgs(0)
    await expect(deployGovernor(ledger, dao, { quorumBps: 10_001 }))
      .to.be.revertedWithCustomError(governor, 'InvalidQuorum')
      .withArgs(10_001)
    await expect(deployGovernor(ledger, dao, { threshold: 0 })).to.be.revertedWithCustomError(governor, 'ZeroProposalThreshold')
    await expect(deployGovernor(ledger, dao, { votingPeriod: 0 }))
      .to.be.revertedWithCustomError(governor, 'GovernorInvalidVotingPeriod')
      .withArgs(0)
  })

  it('changes its settings by a vote only', async () => {
    const { governor, alice, draft, propose, pass, execute } = await networkHelpers.loadFixture(governed)
    await expect(governor.connect(alice).setQuorumBps(1)).to.be.revertedWithCustomError(governor, 'GovernorOnlyExecutor').withArgs(alice)
    await expect(governor.connect(alice).setProposalThreshold(1))
      .to.be.revertedWithCustomError(governor, 'GovernorOnlyExecutor')
      .withArgs(alice)
    const higher = await propose(alice, await draft(governor, 'setQuorumBps', [5_000]))
    await pass(higher, [alice])
    await expect(execute(higher)).to.emit(governor, 'QuorumBpsSet').withArgs(5_000)
    expect(await governor.quorumBps()).to.equal(5_000)
    const easier = await propose(alice, await draft(governor, 'setProposalThreshold', [1]))
    await pass(easier, [alice])
    await execute(easier)
    expect(await governor.proposalThreshold()).to.equal(1)
  })

  it('refuses a vote to make proposals free or the quorum impossible', async () => {
    const { governor, alice, draft, propose, pass, execute } = await networkHelpers.loadFixture(governed)
    const free = await propose(alice, await draft(governor, 'setProposalThreshold', [0]))
    await pass(free, [alice])
    await expect(execute(free)).to.be.revertedWithCustomError(governor, 'ZeroProposalThreshold')
    const none = await propose(alice, await draft(governor, 'setQuorumBps', [0]))
    await pass(none, [alice])
    await expect(execute(none)).to.be.revertedWithCustomError(governor, 'InvalidQuorum').withArgs(0)
  })

  it('decides a proposal by the quorum it was made under', async () => {
    const { governor, alice, bob, draft, propose, pass, execute, startVote, endVote, vote } = await networkHelpers.loadFixture(governed)
    const change = await propose(alice, await draft(governor, 'setQuorumBps', [10_000]))
    await pass(change, [alice])
    const earlier = await propose(bob)
    await execute(change)
    const later = await propose(alice)
    expect(await governor.quorum(await governor.proposalSnapshot(earlier.id))).to.equal(400)
    expect(await governor.quorum(await governor.proposalSnapshot(later.id))).to.equal(1000)
    await startVote(later)
    for (const proposal of [earlier, later]) await vote(alice, proposal)
    await endVote(later)
    expect(await governor.state(earlier.id)).to.equal(PROPOSAL.succeeded)
    expect(await governor.state(later.id)).to.equal(PROPOSAL.defeated)
  })
})
