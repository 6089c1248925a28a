import { expect } from 'chai'
import { ethers, NOTICE, networkHelpers, PROJECT } from './fixture.ts'
import { governed, PROPOSAL } from './governor-scene.ts'

describe('After an exit the former holders', () => {
  it('govern with the units they had when it began, without another epoch', async () => {
    const { governor, ledger, dao, alice, bob, dave, send, exit, propose, startVote, vote } = await networkHelpers.loadFixture(governed)
    await send(bob, dave, 120)
    await exit()
    const { epoch } = await ledger.exitOf(PROJECT)
    expect(await ledger.balanceOf(alice, PROJECT)).to.equal(0)
    const opened = async () => (await ledger.queryFilter(ledger.filters.EpochOpened!())).length
    const before = await opened()
    const proposal = await propose(dave)
    const other = await propose(alice)
    expect(await opened()).to.equal(before)
    for (const made of [proposal, other]) expect(await governor.epochOf(made.id)).to.equal(epoch)
    const snapshot = await governor.proposalSnapshot(proposal.id)
    for (const [holder, units] of [
      [alice, 500n],
      [bob, 180n],
      [dave, 120n],
      [dao, 0n],
    ] as const) {
      expect(await governor.getVotes(holder, snapshot)).to.equal(units)
      expect(await governor.getVotes(holder, 0)).to.equal(units)
    }
    expect(await governor.quorum(snapshot)).to.equal(400)
    expect(await governor.quorum(0)).to.equal(400)
    await startVote(proposal)
    await vote(alice, proposal)
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 500n, 0n])
  })

  it('claim the project’s income for the DAO and spend it', async () => {
    const { dao, token, vault, alice, bob, stranger, distribute, exit, draft, propose, pass, execute } =
      await networkHelpers.loadFixture(governed)
    await distribute(1_000)
    await exit()
    await distribute(2_000)
    const claim = await propose(alice, await draft(vault, 'claim', [[PROJECT]]))
    await pass(claim, [alice, bob])
    await expect(execute(claim)).to.changeTokenBalances(ethers, token, [dao], [2_000])
    const spend = await propose(bob, await draft(token, 'transfer', [stranger.address, 300]))
    await pass(spend, [alice, bob])
    await expect(execute(spend)).to.changeTokenBalances(ethers, token, [dao, stranger], [-300, 300])
    // What was earned before the exit is still each former holder's own.
    await expect(vault.connect(alice).claim([PROJECT])).to.changeTokenBalances(ethers, token, [alice], [500])
  })

  it('finish a vote that began before it by the register it began with', async () => {
    const { governor, dao, alice, bob, dave, send, announce, beginExit, ledger, propose, startVote, vote, endVote } =
      await networkHelpers.loadFixture(governed)
    await announce(dao)
    await networkHelpers.time.increase(NOTICE + 1010)
    const proposal = await propose(alice)
    await send(alice, dave, 400)
    await beginExit()
    await startVote(proposal)
    await vote(alice, proposal)
    await ledger.exitBatch(PROJECT, [alice, bob, dave])
    await vote(bob, proposal)
    await expect(vote(dave, proposal)).to.be.revertedWithCustomError(governor, 'NoUnitsToVote').withArgs(proposal.id, dave)
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 800n, 0n])
    await endVote(proposal)
    expect(await governor.state(proposal.id)).to.equal(PROPOSAL.succeeded)
  })

  it('govern while the units still move', async () => {
    const { governor, dao, alice, bob, ledger, announce, beginExit, propose, startVote, vote } = await networkHelpers.loadFixture(governed)
    await announce(dao)
    await networkHelpers.time.increase(NOTICE + 1010)
    await beginExit()
    await ledger.exitBatch(PROJECT, [alice])
    const proposal = await propose(alice)
    await startVote(proposal)
    await vote(alice, proposal)
    await vote(bob, proposal)
    await ledger.exitBatch(PROJECT, [bob])
    await expect(vote(bob, proposal)).to.be.revertedWithCustomError(governor, 'GovernorAlreadyCastVote').withArgs(bob)
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 800n, 0n])
  })

  it('keep their votes through a change of wallet, each unit once', async () => {
    const { governor, alice, bob, erin, relink, exit, propose, startVote, vote, voteWith } = await networkHelpers.loadFixture(governed)
    await exit()
    await relink(bob, erin)
    const proposal = await propose(alice)
    await startVote(proposal)
    await vote(alice, proposal)
    await voteWith(erin, proposal, [bob])
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 800n, 0n])
  })
})

describe('Before an exit', () => {
  it('an announcement changes nothing, and neither does calling it off', async () => {
    const { governor, ledger, dao, alice, bob, operator, announce, propose } = await networkHelpers.loadFixture(governed)
    await announce(dao)
    const one = await propose(alice)
    await ledger.connect(operator).cancelExit(PROJECT)
    const two = await propose(bob)
    expect(await governor.epochOf(two.id)).to.equal((await governor.epochOf(one.id)) + 1n)
  })
})
