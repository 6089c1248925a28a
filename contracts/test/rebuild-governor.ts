import { expect } from 'chai'
import { type AnyContract, ethers } from './fixture.ts'

/** What a governor's views show, from its own logs and the ledger's epochs alone. */

interface Proposal {
  proposer: string
  snapshot: bigint
  deadline: bigint
  epoch: bigint
  /** Against, for, abstain; and who voted. */
  votes: [bigint, bigint, bigint]
  voters: Set<string>
  eta: bigint
  end: 'none' | 'canceled' | 'executed'
}
export interface Governance {
  settings: { quorumBps: bigint; votingDelay: bigint; votingPeriod: bigint; proposalThreshold: bigint; timelock: string }
  proposals: Map<bigint, Proposal>
  /** Epoch and units needed, by the second in which the vote begins. */
  registers: Map<bigint, { epoch: bigint; quorum: bigint }>
  next: Map<string, bigint>
  nonces: Map<string, bigint>
}

const SETTINGS: Record<string, [keyof Governance['settings'], string]> = {
  QuorumBpsSet: ['quorumBps', 'bps'],
  VotingDelaySet: ['votingDelay', 'newVotingDelay'],
  VotingPeriodSet: ['votingPeriod', 'newVotingPeriod'],
  ProposalThresholdSet: ['proposalThreshold', 'newProposalThreshold'],
  TimelockChange: ['timelock', 'newTimelock'],
}
const CANCELED = 2n
const EXECUTED = 7n
const BPS = 10_000n

export async function rebuildGovernance(governor: AnyContract, ledger: AnyContract, projectId: number): Promise<Governance> {
  const settings = { quorumBps: 0n, votingDelay: 0n, votingPeriod: 0n, proposalThreshold: 0n, timelock: '' }
  const state: Governance = { settings, proposals: new Map(), registers: new Map(), next: new Map(), nonces: new Map() }
  let newest = { epoch: 0n, supply: 0n }
  let isExiting = false
  for (const { name, args } of await readLines([governor, ledger])) {
    if (name === 'EpochOpened' && args.projectId === BigInt(projectId)) {
      // Once an exit has begun its epoch is everybody's register for ever.
      if (!isExiting) newest = { epoch: args.epoch, supply: args.supply }
    } else if (name === 'ExitBegun' && args.projectId === BigInt(projectId)) isExiting = true
    else if (name in SETTINGS) Object.assign(settings, { [SETTINGS[name]![0]]: args[SETTINGS[name]![1]] })
    else if (name === 'ProposalCreated') created(state, args, newest)
    else if (name === 'VoteCast' || name === 'VoteCastWithParams') voted(state, args)
    else if (name === 'NonceUsed') state.nonces.set(args.owner, args.nonce + 1n)
    else if (name === 'ProposalQueued') state.proposals.get(args.proposalId)!.eta = args.etaSeconds
    else if (name === 'ProposalCanceled') state.proposals.get(args.proposalId)!.end = 'canceled'
    else if (name === 'ProposalExecuted') state.proposals.get(args.proposalId)!.end = 'executed'
  }
  return state
}

export async function checkGovernance(
  governor: AnyContract,
  ledger: AnyContract,
  projectId: number,
  people: string[],
): Promise<Governance> {
  const state = await rebuildGovernance(governor, ledger, projectId)
  for (const [name, value] of Object.entries(state.settings)) expect(await governor[name](), name).to.equal(value)
  for (const [timepoint, { quorum }] of state.registers) expect(await governor.quorum(timepoint), 'quorum').to.equal(quorum)
  for (const [id, proposal] of state.proposals) {
    const { proposer, snapshot, deadline, epoch, votes, voters, eta, end } = proposal
    expect(await governor.proposalProposer(id), 'proposer').to.equal(proposer)
    expect(await governor.proposalSnapshot(id), 'snapshot').to.equal(snapshot)
    expect(await governor.proposalDeadline(id), 'deadline').to.equal(deadline)
    expect(await governor.epochOf(id), 'epoch').to.equal(epoch)
    expect([...(await governor.proposalVotes(id))], 'votes').to.deep.equal(votes)
    expect(await governor.proposalEta(id), 'eta').to.equal(eta)
    for (const person of people) expect(await governor.hasVoted(id, person), `vote of ${person}`).to.equal(voters.has(person))
    const shown = await governor.state(id)
    expect([shown === CANCELED, shown === EXECUTED], 'end').to.deep.equal([end === 'canceled', end === 'executed'])
  }
  for (const person of people) {
    expect(await governor.nextProposalAt(person), 'next proposal').to.equal(state.next.get(person) ?? 0n)
    expect(await governor.nonces(person), 'nonce').to.equal(state.nonces.get(person) ?? 0n)
  }
  return state
}

async function readLines(contracts: AnyContract[]): Promise<{ name: string; args: AnyContract }[]> {
  const address = contracts.map(({ target }) => target)
  const logs = await ethers.provider.send('eth_getLogs', [{ fromBlock: '0x0', address }])
  return logs.map((log: { address: string; topics: string[]; data: string }) => {
    const contract = contracts.find(({ target }) => target.toLowerCase() === log.address)!
    return contract.interface.parseLog(log)
  })
}

/** Proposals whose votes begin in the same second share the register that the first of them opened. */
function created({ proposals, registers, settings, next }: Governance, args: AnyContract, newest: { epoch: bigint; supply: bigint }): void {
  const { proposalId, proposer, voteStart, voteEnd } = args
  if (!registers.has(voteStart)) {
    const quorum = (newest.supply * settings.quorumBps + BPS - 1n) / BPS
    registers.set(voteStart, { epoch: newest.epoch, quorum })
  }
  const { epoch } = registers.get(voteStart)!
  const none = { votes: [0n, 0n, 0n] as [bigint, bigint, bigint], voters: new Set<string>(), eta: 0n, end: 'none' as const }
  proposals.set(proposalId, { proposer, snapshot: voteStart, deadline: voteEnd, epoch, ...none })
  next.set(proposer, voteEnd)
}

function voted({ proposals }: Governance, { proposalId, voter, support, weight }: AnyContract): void {
  const { votes, voters } = proposals.get(proposalId)!
  votes[Number(support)]! += weight
  voters.add(voter)
}
