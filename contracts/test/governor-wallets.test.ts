import { expect } from 'chai'
import { type AnyContract, BOTH_WAYS, ethers, FLAG, networkHelpers, PROJECT, random, type Signer } from './fixture.ts'
import { ascending, formerWallets, governed, THRESHOLD, VOTE } from './governor-scene.ts'

describe('A frozen account', () => {
  it('neither votes nor proposes until it is free again', async () => {
    const { governor, alice, bob, setFlags, draft, propose, startVote, vote } = await networkHelpers.loadFixture(governed)
    const proposal = await propose(alice)
    await startVote(proposal)
    await setFlags(bob, BOTH_WAYS | FLAG.frozen)
    expect(await governor.getVotes(bob, await governor.proposalSnapshot(proposal.id))).to.equal(0)
    await expect(vote(bob, proposal)).to.be.revertedWithCustomError(governor, 'AccountMayNotVote').withArgs(bob)
    await expect(propose(bob, await draft()))
      .to.be.revertedWithCustomError(governor, 'GovernorInsufficientProposerVotes')
      .withArgs(bob, 0, THRESHOLD)
    await setFlags(bob, BOTH_WAYS)
    await vote(bob, proposal)
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 300n, 0n])
  })

  it('cannot have its former wallets vote either', async () => {
    const { governor, alice, bob, dave, relink, setFlags, propose, startVote, voteWith } = await networkHelpers.loadFixture(governed)
    const proposal = await propose(alice)
    await relink(bob, dave)
    await setFlags(dave, BOTH_WAYS | FLAG.frozen)
    await startVote(proposal)
    await expect(voteWith(dave, proposal, [bob]))
      .to.be.revertedWithCustomError(governor, 'AccountMayNotVote')
      .withArgs(dave)
  })
})

describe('A wallet that was relinked', () => {
  it('lost its vote, and who stole its key cannot spoil the new wallet’s', async () => {
    const { governor, alice, bob, dave, relink, draft, propose, startVote, vote, voteWith } = await networkHelpers.loadFixture(governed)
    const proposal = await propose(alice)
    await startVote(proposal)
    await relink(bob, dave)
    await expect(vote(bob, proposal, VOTE.against))
      .to.be.revertedWithCustomError(governor, 'AccountMayNotVote')
      .withArgs(bob)
    await expect(propose(bob, await draft()))
      .to.be.revertedWithCustomError(governor, 'GovernorInsufficientProposerVotes')
      .withArgs(bob, 0, THRESHOLD)
    await expect(voteWith(dave, proposal, [bob]))
      .to.emit(governor, 'VoteCastWithParams')
      .withArgs(dave, proposal.id, VOTE.for, 300, '', formerWallets([bob]))
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 300n, 0n])
  })

  it('votes by its successor together with what that had itself', async () => {
    const { governor, alice, bob, dave, send, relink, propose, startVote, voteWith } = await networkHelpers.loadFixture(governed)
    await send(alice, dave, 20)
    const proposal = await propose(alice)
    await relink(bob, dave)
    await startVote(proposal)
    await voteWith(dave, proposal, [bob])
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 320n, 0n])
  })

  it('votes by the last of a chain of successors', async () => {
    const { governor, alice, bob, dave, erin, send, relink, propose, startVote, voteWith } = await networkHelpers.loadFixture(governed)
    await send(alice, dave, 20)
    const proposal = await propose(alice)
    await relink(bob, dave)
    await relink(dave, erin)
    await startVote(proposal)
    await voteWith(erin, proposal, ascending([bob, dave]))
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 320n, 0n])
  })

  it('counts at the new wallet alone in proposals made after it', async () => {
    const { governor, alice, bob, dave, relink, propose, startVote, voteWith } = await networkHelpers.loadFixture(governed)
    await relink(bob, dave)
    const proposal = await propose(alice)
    await startVote(proposal)
    await voteWith(dave, proposal, [bob])
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 300n, 0n])
  })

  it('votes by its successor also with units that have not followed it yet', async () => {
    const { governor, ledger, alice, bob, dave, retire, propose, startVote, voteWith } = await networkHelpers.loadFixture(governed)
    await retire(bob, dave)
    const proposal = await propose(alice)
    await ledger.moveHoldings(bob, [PROJECT])
    await startVote(proposal)
    await voteWith(dave, proposal, [bob])
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 300n, 0n])
  })

  it('does not vote again when it had voted before', async () => {
    const { governor, alice, bob, dave, erin, relink, propose, startVote, vote, voteWith } = await networkHelpers.loadFixture(governed)
    const proposal = await propose(alice)
    await startVote(proposal)
    await vote(bob, proposal)
    await relink(bob, dave)
    await expect(voteWith(dave, proposal, [bob]))
      .to.be.revertedWithCustomError(governor, 'GovernorAlreadyCastVote')
      .withArgs(bob)
    await relink(dave, erin)
    await expect(voteWith(erin, proposal, ascending([bob, dave]))).to.be.revertedWithCustomError(governor, 'GovernorAlreadyCastVote')
    await expect(vote(erin, proposal)).to.be.revertedWithCustomError(governor, 'NoUnitsToVote').withArgs(proposal.id, erin)
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 300n, 0n])
  })

  it('does not vote again when its successor had voted for it before being relinked as well', async () => {
    const { governor, alice, bob, dave, erin, relink, propose, startVote, voteWith } = await networkHelpers.loadFixture(governed)
    const proposal = await propose(alice)
    await startVote(proposal)
    await relink(bob, dave)
    await voteWith(dave, proposal, [bob])
    await relink(dave, erin)
    await expect(voteWith(erin, proposal, [bob]))
      .to.be.revertedWithCustomError(governor, 'GovernorAlreadyCastVote')
      .withArgs(dave)
  })

  it('is named once, and only by its successor', async () => {
    const { governor, alice, bob, carol, dave, erin, relink, propose, startVote, voteWith } = await networkHelpers.loadFixture(governed)
    const proposal = await propose(alice)
    await relink(bob, dave)
    await relink(dave, erin)
    await startVote(proposal)
    const refused = (by: typeof alice, former: (typeof alice)[], wallet: typeof alice) =>
      expect(voteWith(by, proposal, former))
        .to.be.revertedWithCustomError(governor, 'NotAFormerWallet')
        .withArgs(wallet, by)
    await refused(erin, [bob, bob], bob)
    const [low, high] = ascending([bob, dave]) as [typeof bob, typeof bob]
    await refused(erin, [high, low], low)
    await refused(alice, [alice], alice)
    await refused(alice, [carol], carol)
    await refused(alice, [bob], bob)
    await refused(erin, [erin], erin)
    await expect(governor.connect(alice).castVoteWithReasonAndParams(proposal.id, VOTE.for, '', formerWallets([ethers.ZeroAddress])))
      .to.be.revertedWithCustomError(governor, 'NotAFormerWallet')
      .withArgs(ethers.ZeroAddress, alice)
    await expect(governor.connect(alice).castVoteWithReasonAndParams(proposal.id, VOTE.for, '', '0x1234')).to.be.revert(ethers)
    expect(await governor.proposalVotes(proposal.id)).to.deep.equal([0n, 0n, 0n])
  })
})

describe('Of all votes on a proposal', () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    it(`no unit is counted twice, whatever moves and whoever is relinked meanwhile (seed ${seed})`, async () => {
      const { governor, ledger, alice, bob, carol, dave, erin, send, relink, propose, startVote, vote, voteWith } =
        await networkHelpers.loadFixture(governed)
      const below = random(seed)
      const any = <T>(list: T[]): T => list[below(list.length)] as T
      const active = [alice, bob, carol, dave]
      const retired: Signer[] = []
      await send(bob, dave, 120)
      const proposal = await propose(alice)
      await startVote(proposal)
      const cast = async () => (await governor.proposalVotes(proposal.id)).reduce((sum: bigint, votes: bigint) => sum + votes, 0n)
      for (let step = 0; step < 40; step++) {
        const who = any(active)
        const deed = below(8)
        if (deed < 5) await send(who, any(active), below(Number(await ledger.balanceOf(who, PROJECT)) + 1))
        else if (deed === 5) await vote(who, proposal, below(3)).catch(refusedBy(governor))
        else if (deed === 6) await voteWith(who, proposal, ascending(retired)).catch(refusedBy(governor))
        // Bob goes on as Dave, then as Erin.
        else if (retired.length < 2) {
          const [from, to] = retired.length === 0 ? [bob, dave] : [dave, erin]
          await relink(from, to)
          retired.push(from)
          active.splice(active.indexOf(from), 1)
          if (!active.includes(to)) active.push(to)
        }
        expect(await cast(), `step ${step}`).to.be.at.most(1000n)
      }
      for (const voter of active) await vote(voter, proposal).catch(refusedBy(governor))
      expect(await cast()).to.be.within(500n, 1000n)
    })
  }
})

/** Only the governor's own refusals are part of the walk. */
function refusedBy(governor: AnyContract) {
  return (reason: { data?: string }) => {
    const error = governor.interface.parseError(reason.data ?? '0x')
    expect(error?.name, String(reason)).to.be.oneOf(['GovernorAlreadyCastVote', 'NoUnitsToVote', 'NotAFormerWallet'])
  }
}
