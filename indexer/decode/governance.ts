import { accessManagerAbi, communityDaoAbi, governorAbi } from '../../common/abi.ts'
import type { Columns } from '../tables.ts'
import { fact } from './facts.ts'
import { NOT_MIRRORED, openReader } from './reader.ts'
import { int, lower, text } from './values.ts'

/** A project's governor: proposals, votes, its own settings. */
export const readerOfGovernor = openReader(governorAbi, {
  ProposalCreated: ({ proposalId, proposer, targets, values, signatures, calldatas, voteStart, voteEnd, description }, governor) => [
    fact('proposal_created', {
      governor,
      proposal_id: proposalId,
      proposer: lower(proposer),
      vote_start_seconds: voteStart,
      vote_end_seconds: voteEnd,
      description: text(description),
    }),
    ...targets.map((target, at) =>
      fact('proposal_call', {
        batch_index: at,
        governor,
        proposal_id: proposalId,
        target: lower(target),
        value_wei: values[at]!,
        signature: text(signatures[at]!),
        calldata: calldatas[at]!,
      }),
    ),
  ],
  ProposalQueued: ({ proposalId, etaSeconds }, governor) =>
    fact('proposal_step', { governor, proposal_id: proposalId, step: 'queued', eta_seconds: etaSeconds }),
  ProposalExecuted: ({ proposalId }, governor) =>
    fact('proposal_step', { governor, proposal_id: proposalId, step: 'executed', eta_seconds: null }),
  ProposalCanceled: ({ proposalId }, governor) =>
    fact('proposal_step', { governor, proposal_id: proposalId, step: 'cancelled', eta_seconds: null }),
  VoteCast: ({ voter, proposalId, support, weight, reason }, governor) =>
    fact('vote', { governor, proposal_id: proposalId, voter: lower(voter), support, weight, reason: text(reason), params: null }),
  VoteCastWithParams: ({ voter, proposalId, support, weight, reason, params }, governor) =>
    fact('vote', { governor, proposal_id: proposalId, voter: lower(voter), support, weight, reason: text(reason), params }),
  NonceUsed: ({ owner, nonce }, contract) => fact('nonce_use', { contract, owner: lower(owner), nonce }),
  VotingDelaySet: ({ newVotingDelay }, governor) => setting(governor, 'voting_delay_seconds', newVotingDelay),
  VotingPeriodSet: ({ newVotingPeriod }, governor) => setting(governor, 'voting_period_seconds', newVotingPeriod),
  ProposalThresholdSet: ({ newProposalThreshold }, governor) => setting(governor, 'proposal_threshold_units', newProposalThreshold),
  QuorumBpsSet: ({ bps }, governor) => setting(governor, 'quorum_bps', bps),
  TimelockChange: ({ newTimelock }, governor) =>
    fact('governor_set', { governor, setting: 'timelock', value: null, timelock: lower(newTimelock) }),
  // As in the ledger.
  EIP712DomainChanged: NOT_MIRRORED,
})

function setting(governor: string, name: string, value: bigint) {
  return fact('governor_set', { governor, setting: name, value, timelock: null })
}

/** OpenZeppelin's TimelockController: the administrator, and every community DAO. */
export const readerOfTimelock = openReader(communityDaoAbi, {
  CallScheduled: ({ id, index, target, value, data, predecessor, delay }, timelock) =>
    fact('timelock_call', {
      ...{ timelock, operation_id: id, call_index: int(index), step: 'scheduled', target: lower(target), value_wei: value },
      ...{ calldata: data, predecessor, delay_seconds: delay },
    }),
  CallExecuted: ({ id, index, target, value, data }, timelock) =>
    fact('timelock_call', {
      ...{ timelock, operation_id: id, call_index: int(index), step: 'executed', target: lower(target), value_wei: value },
      ...{ calldata: data, predecessor: null, delay_seconds: null },
    }),
  CallSalt: ({ id, salt }, timelock) => fact('timelock_step', { timelock, operation_id: id, step: 'salted', salt }),
  Cancelled: ({ id }, timelock) => fact('timelock_step', { timelock, operation_id: id, step: 'cancelled', salt: null }),
  MinDelayChange: ({ newDuration }, timelock) => fact('timelock_delay', { timelock, delay_seconds: newDuration }),
  RoleGranted: ({ role, account, sender }, timelock) =>
    fact('timelock_role', { timelock, role, step: 'granted', account: lower(account), sender: lower(sender), admin_role: null }),
  RoleRevoked: ({ role, account, sender }, timelock) =>
    fact('timelock_role', { timelock, role, step: 'revoked', account: lower(account), sender: lower(sender), admin_role: null }),
  RoleAdminChanged: ({ role, newAdminRole }, timelock) =>
    fact('timelock_role', { timelock, role, step: 'administered', account: null, sender: null, admin_role: newAdminRole }),
})

/** OpenZeppelin's AccessManager: who may call what, and when. */
export const readerOfAccess = openReader(accessManagerAbi, {
  RoleGranted: ({ roleId, account, delay, since, newMember }) =>
    fact('access_member', {
      ...{ role_id: roleId, account: lower(account), is_member: true, is_new: newMember },
      ...{ delay_seconds: BigInt(delay), since: BigInt(since) },
    }),
  RoleRevoked: ({ roleId, account }) =>
    fact('access_member', {
      ...{ role_id: roleId, account: lower(account), is_member: false, is_new: null },
      ...{ delay_seconds: null, since: null },
    }),
  RoleLabel: ({ roleId, label }) => role(roleId, 'label', { label: text(label) }),
  RoleAdminChanged: ({ roleId, admin }) => role(roleId, 'admin', { other_role_id: admin }),
  RoleGuardianChanged: ({ roleId, guardian }) => role(roleId, 'guardian', { other_role_id: guardian }),
  RoleGrantDelayChanged: ({ roleId, delay, since }) => role(roleId, 'grant_delay', { delay_seconds: BigInt(delay), since: BigInt(since) }),
  TargetFunctionRoleUpdated: ({ target, selector, roleId }) => rule(target, 'function', { selector, role_id: roleId }),
  TargetClosed: ({ target, closed }) => rule(target, 'closed', { is_closed: closed }),
  TargetAdminDelayUpdated: ({ target, delay, since }) =>
    rule(target, 'admin_delay', { delay_seconds: BigInt(delay), since: BigInt(since) }),
  OperationScheduled: ({ operationId, nonce, schedule, caller, target, data }) =>
    fact('access_operation', {
      ...{ operation_id: operationId, nonce: BigInt(nonce), step: 'scheduled', ready_seconds: BigInt(schedule) },
      ...{ caller: lower(caller), target: lower(target), calldata: data },
    }),
  OperationExecuted: ({ operationId, nonce }) => ended(operationId, nonce, 'executed'),
  OperationCanceled: ({ operationId, nonce }) => ended(operationId, nonce, 'cancelled'),
})

function role(roleId: bigint, name: string, known: Partial<Columns<'access_role'>>) {
  const empty = { label: null, other_role_id: null, delay_seconds: null, since: null }
  return fact('access_role', { ...empty, ...known, role_id: roleId, setting: name })
}

function rule(target: string, name: string, known: Partial<Columns<'access_target'>>) {
  const empty = { selector: null, role_id: null, is_closed: null, delay_seconds: null, since: null }
  return fact('access_target', { ...empty, ...known, target: target.toLowerCase(), setting: name })
}

function ended(operationId: string, nonce: number, step: string) {
  const empty = { ready_seconds: null, caller: null, target: null, calldata: null }
  return fact('access_operation', { ...empty, operation_id: operationId, nonce: BigInt(nonce), step })
}
