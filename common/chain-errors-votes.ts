import type { Sentences } from './chain-errors-ledger.ts'
import { amount, moment, percent, project, short, span, units } from './chain-words.ts'

const PROPOSAL_STATES = ['waiting for its vote', 'being voted on', 'cancelled', 'defeated', 'decided', 'queued', 'expired', 'done']

/** What the project's governor, its timelock and its documents refuse with, and what OpenZeppelin's parts below all contracts do. */
export const VOTE_ERRORS: Sentences = {
  'ZeroProposalThreshold()': () => 'A proposer must need at least one unit.',
  'InvalidQuorum(uint256)': ([bps]) => `A quorum of ${percent(bps)} isn’t within 0.01 % and 100 %.`,
  'ProposerMustWait(address,uint256)': ([proposer, until]) => `${short(proposer)} can propose again after ${moment(until)}.`,
  'SnapshotTaken(uint256)': () => 'Another vote begins in the very same second; try again a second later.',
  'AccountMayNotVote(address)': ([account]) => `${short(account)} is frozen or was replaced by another wallet, so it can’t vote.`,
  'NoUnitsToVote(uint256,address)': ([, account]) => `${short(account)} had no units when the proposal was made.`,
  'NotAFormerWallet(address,address)': ([wallet, voter]) =>
    `${short(wallet)} isn’t a former wallet of ${short(voter)}, or is listed in the wrong order.`,
  'GovernorAlreadyCastVote(address)': ([voter]) => `${short(voter)} has voted already.`,
  'GovernorAlreadyQueuedProposal(uint256)': ([id]) => `Proposal ${short(id)} is queued already.`,
  'GovernorDisabledDeposit()': () => 'The governor takes no deposits.',
  'GovernorInsufficientProposerVotes(address,uint256,uint256)': ([proposer, votes, threshold]) =>
    `${short(proposer)} has ${units(votes)}, and a proposal needs ${amount(threshold)}.`,
  'GovernorInvalidProposalLength(uint256,uint256,uint256)': ([targets, calls, values]) =>
    `A proposal with ${amount(targets)} targets, ${amount(calls)} calls and ${amount(values)} amounts isn’t complete.`,
  'GovernorInvalidSignature(address)': ([voter]) => `The vote isn’t signed by ${short(voter)}.`,
  'GovernorInvalidVoteParams()': () => 'The vote’s parameters make no sense.',
  'GovernorInvalidVoteType()': () => 'A vote is against, for or abstain.',
  'GovernorInvalidVotingPeriod(uint256)': ([period]) => `A vote can’t last ${span(period)}.`,
  'GovernorNonexistentProposal(uint256)': ([id]) => `There is no proposal ${short(id)}.`,
  'GovernorOnlyExecutor(address)': ([account]) => `Only a vote can do this, not ${short(account)}.`,
  'GovernorProposalQueueingFailed(uint256)': ([id]) => `Proposal ${short(id)} couldn’t be queued.`,
  'GovernorProposalQueueingNotRequired(uint256)': ([id]) => `Proposal ${short(id)} needs no queue.`,
  'GovernorRestrictedProposer(address)': ([proposer]) => `This proposal is reserved for another than ${short(proposer)}.`,
  'GovernorUnableToCancel(uint256,address)': ([id, account]) => `${short(account)} may not cancel proposal ${short(id)} now.`,
  'GovernorUnexpectedProposalState(uint256,uint8,bytes32)': ([id, now]) =>
    `Proposal ${short(id)} is ${PROPOSAL_STATES[Number(now)] ?? `in state ${String(now)}`}, and this isn’t possible then.`,
  'TimelockInsufficientDelay(uint256,uint256)': ([given, least]) =>
    `A delay of ${span(given)} is too short: at least ${span(least)} must pass.`,
  'TimelockInvalidOperationLength(uint256,uint256,uint256)': ([targets, calls, values]) =>
    `An operation with ${amount(targets)} targets, ${amount(calls)} calls and ${amount(values)} amounts isn’t complete.`,
  'TimelockUnauthorizedCaller(address)': ([caller]) => `Only the timelock itself may do this, not ${short(caller)}.`,
  'TimelockUnexecutedPredecessor(bytes32)': ([id]) => `Operation ${short(id)} has to be carried out first.`,
  'TimelockUnexpectedOperationState(bytes32,bytes32)': ([id]) => `Operation ${short(id)} isn’t in the state that this needs.`,
  'UnknownProject(uint256)': ([id]) => `The ledger knows no ${project(id)}.`,
  'EmptyDocument(uint256,bytes32,bytes32,string)': ([id]) => `The document of ${project(id)} lacks its kind, its hash or its place.`,
  'DocumentUnchanged(uint256,bytes32,uint256)': ([id, , version]) =>
    `Version ${amount(version)} of this document of ${project(id)} is the same.`,
  'ReentrancyGuardReentrantCall()': () => 'The contract was called again in the middle of its own work.',
  'FailedCall()': () => 'A call to another contract failed.',
  'InsufficientBalance(uint256,uint256)': ([balance, needed]) =>
    `The contract has ${amount(balance)} wei, and ${amount(needed)} are needed.`,
  'AddressEmptyCode(address)': ([target]) => `There is no contract at ${short(target)}.`,
  'SafeCastOverflowedUintDowncast(uint8,uint256)': ([bits, value]) => `The number ${amount(value)} is too large for ${amount(bits)} bits.`,
  'InvalidShortString()': () => 'The contract’s name is damaged.',
  'StringTooLong(string)': ([text]) => `“${String(text).slice(0, 20)}…” is too long for a name.`,
}
