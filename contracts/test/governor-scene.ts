import { type AnyContract, DAY, deployed, ethers, NOTICE, networkHelpers, PROJECT, ROLE, type Signer, ZERO } from './fixture.ts'

export const VOTING_DELAY = DAY
export const VOTING_PERIOD = 5 * DAY
export const TIMELOCK_DELAY = 2 * DAY
export const THRESHOLD = 100n
export const QUORUM_BPS = 4_000n
export const VOTE = { against: 0, for: 1, abstain: 2 } as const
export const PROPOSAL = { pending: 0, active: 1, canceled: 2, defeated: 3, succeeded: 4, queued: 5, expired: 6, executed: 7 } as const
export const NAME = 'Solar park 7'

export interface Proposal {
  id: bigint
  /** What `propose` takes; `queue`, `execute` and `cancel` take the hash of the description in place of it. */
  targets: unknown[]
  values: bigint[]
  calldatas: string[]
  description: string
  descriptionHash: string
}

const ADMIN = ethers.ZeroHash

/** Project 7 with its governor: Alice has 500 units, Bob 300, Carol 200. Dave is Bob's second wallet, Erin's is unknown. */
export async function governed() {
  const world = await deployed()
  const { admin, operator, registry, ledger, token, alice, bob, carol, dave, setAccount } = world
  const erin = world.signers[14] as Signer
  const dao: AnyContract = await ethers.deployContract('CommunityDao', [TIMELOCK_DELAY, [], [ZERO], admin])
  const governor = await deployGovernor(ledger, dao)
  await appoint(dao, governor, admin)
  await ledger.connect(admin).setRole(governor, ROLE.governor)
  for (const [account, investorId] of [
    [alice, 1],
    [bob, 2],
    [carol, 3],
    [dave, 2],
  ] as const) {
    await setAccount(account, { investorId })
  }
  await world.mint(alice, 500)
  await world.mint(bob, 300)
  await world.mint(carol, 200)
  const setFlags = async (account: Signer, flags: number) => {
    const { investorId } = await ledger.accountOf(account)
    await setAccount(account, { flags, investorId })
  }
  /** The investor of `from` goes on with `to`; units follow by `relink` only. */
  const retire = async (from: Signer, to: Signer) => {
    const [flags, expiry, country, class_, investorId] = await ledger.accountOf(from)
    await ledger.connect(registry).relinkWallet(from, to, { flags, expiry, country, class: class_, investorId })
  }
  const relink = async (from: Signer, to: Signer) => {
    await retire(from, to)
    await ledger.moveHoldings(from, [PROJECT])
  }
  const announce = async (to: AnyContract) =>
    ledger.connect(operator).announceExit(PROJECT, to, (await networkHelpers.time.latest()) + NOTICE + 1000)
  const beginExit = () => ledger.connect(operator).beginExit(PROJECT)
  const exit = async () => {
    await announce(dao)
    await networkHelpers.time.increase(NOTICE + 1010)
    await beginExit()
    await ledger.exitBatch(PROJECT, [alice, bob, carol, dave])
    await ledger.finalizeExit(PROJECT)
  }
  return { ...world, erin, dao, governor, setFlags, retire, relink, announce, beginExit, exit, ...deeds(governor, token) }
}

export function deployGovernor(ledger: AnyContract, dao: AnyContract, changes: Record<string, unknown> = {}): Promise<AnyContract> {
  const terms = {
    projectId: PROJECT,
    votingDelay: VOTING_DELAY,
    votingPeriod: VOTING_PERIOD,
    threshold: THRESHOLD,
    quorumBps: QUORUM_BPS,
    name: NAME,
    ...changes,
  }
  const { projectId, votingDelay, votingPeriod, threshold, quorumBps, name } = terms
  return ethers.deployContract('TerraLuminaGovernor', [ledger, projectId, dao, votingDelay, votingPeriod, threshold, quorumBps, name])
}

/** Lets the governor schedule and cancel in the timelock, and nobody administer it any more. */
async function appoint(dao: AnyContract, governor: AnyContract, admin: Signer): Promise<void> {
  await dao.grantRole(ethers.id('PROPOSER_ROLE'), governor)
  await dao.grantRole(ethers.id('CANCELLER_ROLE'), governor)
  await dao.renounceRole(ADMIN, admin)
}

function deeds(governor: AnyContract, token: AnyContract) {
  let drafted = 0
  /** A proposal to call `target`; without one, to mint a test token to the DAO. Nothing is sent yet. */
  const draft = async (target: AnyContract = token, method = 'mint', args?: unknown[]): Promise<Proposal> => {
    const description = `Proposal ${++drafted}`
    const calldata = target.interface.encodeFunctionData(method, args ?? [await token.getAddress(), drafted])
    return numbered(governor, [await target.getAddress()], [0n], [calldata], description)
  }
  /** A proposal to pay native coins. */
  const pay = (to: Signer, wei: bigint) => numbered(governor, [to.address], [wei], ['0x'], `Pay ${++drafted}`)
  const propose = async (by: Signer, proposal?: Proposal): Promise<Proposal> => {
    const made = proposal ?? (await draft())
    await governor.connect(by).propose(made.targets, made.values, made.calldatas, made.description)
    return made
  }
  const startVote = async (proposal: Proposal) => networkHelpers.time.increaseTo((await governor.proposalSnapshot(proposal.id)) + 1n)
  const endVote = async (proposal: Proposal) => networkHelpers.time.increaseTo((await governor.proposalDeadline(proposal.id)) + 1n)
  const vote = (by: Signer, proposal: Proposal, support: number = VOTE.for) => governor.connect(by).castVote(proposal.id, support)
  const voteWith = (by: Signer, proposal: Proposal, former: AnyContract[]) =>
    governor.connect(by).castVoteWithReasonAndParams(proposal.id, VOTE.for, '', formerWallets(former))
  const queue = (proposal: Proposal) => governor.queue(proposal.targets, proposal.values, proposal.calldatas, proposal.descriptionHash)
  const execute = (proposal: Proposal, overrides = {}) =>
    governor.execute(proposal.targets, proposal.values, proposal.calldatas, proposal.descriptionHash, overrides)
  const cancel = (by: Signer, proposal: Proposal) =>
    governor.connect(by).cancel(proposal.targets, proposal.values, proposal.calldatas, proposal.descriptionHash)
  /** Votes for it, queues it and waits until it can be executed. */
  const pass = async (proposal: Proposal, voters: Signer[]) => {
    await startVote(proposal)
    for (const voter of voters) await vote(voter, proposal)
    await endVote(proposal)
    await queue(proposal)
    await networkHelpers.time.increase(TIMELOCK_DELAY)
  }
  return { draft, pay, propose, startVote, endVote, vote, voteWith, queue, execute, cancel, pass }
}

/** The parameters of a vote: former wallets in ascending order. */
export function formerWallets(wallets: AnyContract[]): string {
  return ethers.AbiCoder.defaultAbiCoder().encode(['address[]'], [wallets.map((wallet) => wallet.address ?? wallet)])
}

export function ascending(wallets: Signer[]): Signer[] {
  return [...wallets].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1))
}

async function numbered(
  governor: AnyContract,
  targets: unknown[],
  values: bigint[],
  calldatas: string[],
  description: string,
): Promise<Proposal> {
  const descriptionHash = ethers.id(description)
  const id = await governor.hashProposal(targets, values, calldatas, descriptionHash)
  return { id, targets, values, calldatas, description, descriptionHash }
}

/** What a vote by signature signs. */
export const BALLOT = {
  Ballot: [
    { name: 'proposalId', type: 'uint256' },
    { name: 'support', type: 'uint8' },
    { name: 'voter', type: 'address' },
    { name: 'nonce', type: 'uint256' },
  ],
}

export const domainOf = async (governor: AnyContract) => ({
  name: NAME,
  version: '1',
  chainId: (await ethers.provider.getNetwork()).chainId,
  verifyingContract: await governor.getAddress(),
})
