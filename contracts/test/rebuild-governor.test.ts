import { expect } from 'chai'
import { networkHelpers, PROJECT } from './fixture.ts'
import { BALLOT, domainOf, governed, VOTE } from './governor-scene.ts'
import { checkGovernance } from './rebuild-governor.ts'

describe('A governor from its logs', () => {
  it('shows settings, proposals, registers and votes as the logs alone tell them', async () => {
    const world = await networkHelpers.loadFixture(governed)
    const { governor, ledger, alice, bob, carol, dave, draft, propose, startVote, endVote, vote, voteWith, pass, cancel, execute } = world
    const people = [alice, bob, carol, dave].map(({ address }) => address)
    const check = () => checkGovernance(governor, ledger, PROJECT, people)
    const passed = await propose(alice, await draft(governor, 'setQuorumBps', [2_500]))
    await pass(passed, [alice, bob])
    await execute(passed)
    const [withdrawn, fallen] = [await propose(alice), await propose(bob)]
    await cancel(alice, withdrawn)
    await startVote(fallen)
    const ballot = { proposalId: fallen.id, support: VOTE.against, voter: alice.address, nonce: 0 }
    await governor.castVoteBySig(fallen.id, VOTE.against, alice, await alice.signTypedData(await domainOf(governor), BALLOT, ballot))
    await vote(carol, fallen, VOTE.abstain)
    await world.retire(bob, dave)
    await voteWith(dave, fallen, [bob])
    await endVote(fallen)
    const { proposals, settings, nonces } = await check()
    expect([proposals.size, settings.quorumBps, nonces.get(alice.address)]).to.deep.equal([3, 2_500n, 1n])
  })

  it('goes on after an exit with the register of the exit', async () => {
    const world = await networkHelpers.loadFixture(governed)
    const { governor, ledger, alice, bob, carol, dave, exit, propose, startVote, vote } = world
    await exit()
    const proposal = await propose(carol)
    await world.distribute(1_000)
    const later = await propose(bob)
    await startVote(later)
    await vote(alice, proposal)
    const { proposals } = await checkGovernance(
      governor,
      ledger,
      PROJECT,
      [alice, bob, carol, dave].map(({ address }) => address),
    )
    expect(new Set([...proposals.values()].map(({ epoch }) => epoch)).size).to.equal(1)
  })
})
