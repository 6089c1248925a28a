-- What the columns of the event tables mean about rights and votes. Run with the mirror's schema as search_path, anew whenever it changes.

comment on table role_set is 'One row per RoleSet: the one role of the ledger that an account has from here on; none takes it away.';
comment on column role_set.account is 'Key or contract';
comment on column role_set.role is 'The one role from here on';

comment on table authority_set is 'One row per AuthorityUpdated of any contract: the access manager that guards it from here on.';
comment on column authority_set.contract is 'Contract that is guarded';
comment on column authority_set.authority is 'Its access manager from here on';

comment on table governor_set is 'One row per setting of a governor: voting delay and period, proposal threshold, quorum, timelock.';
comment on column governor_set.governor is 'Governor contract';
comment on column governor_set.setting is 'voting_delay_seconds, voting_period_seconds, proposal_threshold_units, quorum_bps or timelock';
comment on column governor_set.value is 'From here on; null for timelock';
comment on column governor_set.timelock is 'From here on; null for the others';

comment on table proposal_created is 'One row per ProposalCreated.';
comment on column proposal_created.governor is 'Governor contract';
comment on column proposal_created.proposal_id is 'Unique in a governor';
comment on column proposal_created.proposer is 'Who made it';
comment on column proposal_created.vote_start_seconds is 'Unix second in which the vote begins';
comment on column proposal_created.vote_end_seconds is 'Unix second in which it ends';
comment on column proposal_created.description is 'Its text';

comment on table proposal_call is 'One row per call that a proposal is about.';
comment on column proposal_call.batch_index is 'Position among the calls of the proposal';
comment on column proposal_call.governor is 'Governor contract';
comment on column proposal_call.proposal_id is 'Unique in a governor';
comment on column proposal_call.target is 'Contract';
comment on column proposal_call.value_wei is 'Native coin sent along';
comment on column proposal_call.signature is 'Empty: the input begins with the function''s selector';
comment on column proposal_call.calldata is 'Input of the call';

comment on table proposal_step is 'One row per ProposalQueued, ProposalExecuted or ProposalCanceled.';
comment on column proposal_step.governor is 'Governor contract';
comment on column proposal_step.proposal_id is 'Unique in a governor';
comment on column proposal_step.step is 'queued, executed or cancelled';
comment on column proposal_step.eta_seconds is 'Queued: unix second from which it can be executed';

comment on table vote is 'One row per VoteCast or VoteCastWithParams.';
comment on column vote.governor is 'Governor contract';
comment on column vote.proposal_id is 'Unique in a governor';
comment on column vote.voter is 'Who voted';
comment on column vote.support is '0 against, 1 for, 2 abstain';
comment on column vote.weight is 'Units';
comment on column vote.reason is 'The voter''s own words';
comment on column vote.params is 'Former wallets whose units were added, ABI-encoded; null for none';

comment on table timelock_call is 'One row per CallScheduled or CallExecuted of a timelock: one call of an operation.';
comment on column timelock_call.timelock is 'Timelock contract: the administrator, or a community DAO';
comment on column timelock_call.operation_id is 'Hash of what is to be done';
comment on column timelock_call.call_index is 'Position in the operation';
comment on column timelock_call.step is 'scheduled or executed';
comment on column timelock_call.target is 'Contract';
comment on column timelock_call.value_wei is 'Native coin sent along';
comment on column timelock_call.calldata is 'Input of the call';
comment on column timelock_call.predecessor is 'Scheduled: operation that must be done before; zero for none';
comment on column timelock_call.delay_seconds is 'Scheduled: seconds until it can be executed';

comment on table timelock_step is 'One row per CallSalt or Cancelled of a timelock.';
comment on column timelock_step.timelock is 'Timelock contract: the administrator, or a community DAO';
comment on column timelock_step.operation_id is 'Hash of what is to be done';
comment on column timelock_step.step is 'salted or cancelled';
comment on column timelock_step.salt is 'Makes a repeat another operation; null for cancelled';

comment on table timelock_delay is 'One row per MinDelayChange: the shortest delay of a timelock''s operations from here on.';
comment on column timelock_delay.timelock is 'Timelock contract: the administrator, or a community DAO';
comment on column timelock_delay.delay_seconds is 'Shortest delay from here on';

comment on table timelock_role is 'One row per RoleGranted, RoleRevoked or RoleAdminChanged of a timelock.';
comment on column timelock_role.timelock is 'Timelock contract: the administrator, or a community DAO';
comment on column timelock_role.role is 'Hash of its name; zero for the default administrator';
comment on column timelock_role.step is 'granted, revoked or administered';
comment on column timelock_role.account is 'Who; null for administered';
comment on column timelock_role.sender is 'Who granted or revoked; null for administered';
comment on column timelock_role.admin_role is 'Administered: the role that gives it from here on';

comment on table access_member is 'One row per RoleGranted or RoleRevoked of the access manager.';
comment on column access_member.role_id is 'Role of the access manager; 0 is the administrator''s';
comment on column access_member.account is 'Address, lower case';
comment on column access_member.is_member is 'False when it was taken away';
comment on column access_member.is_new is 'True when the account had not the role before; null when it was taken away';
comment on column access_member.delay_seconds is 'Between scheduling and doing; null when it was taken away';
comment on column access_member.since is 'From when on; null where the event has none';

comment on table access_role is 'One row per setting of a role of the access manager: its label, admin, guardian or grant delay.';
comment on column access_role.role_id is 'Role of the access manager; 0 is the administrator''s';
comment on column access_role.setting is 'label, admin, guardian or grant_delay';
comment on column access_role.label is 'Name; null for other settings';
comment on column access_role.other_role_id is 'Admin or guardian role; null for other settings';
comment on column access_role.delay_seconds is 'Seconds; null where the event has none';
comment on column access_role.since is 'From when on; null where the event has none';

comment on table access_target is 'One row per rule of the access manager about a contract: who may call a function, whether it is closed, its admin delay.';
comment on column access_target.target is 'Contract';
comment on column access_target.setting is 'function, closed or admin_delay';
comment on column access_target.selector is 'Function that role_id may call; null for other settings';
comment on column access_target.role_id is 'Role of the access manager; null for other settings';
comment on column access_target.is_closed is 'Whether nobody may call anything; null for other settings';
comment on column access_target.delay_seconds is 'Seconds; null where the event has none';
comment on column access_target.since is 'From when on; null where the event has none';

comment on table access_operation is 'One row per OperationScheduled, OperationExecuted or OperationCanceled of the access manager.';
comment on column access_operation.operation_id is 'Hash of what is to be done';
comment on column access_operation.nonce is 'Counts how often it was scheduled';
comment on column access_operation.step is 'scheduled, executed or cancelled';
comment on column access_operation.ready_seconds is 'Scheduled: unix second from which it can be done';
comment on column access_operation.caller is 'Scheduled: who may do it';
comment on column access_operation.target is 'Scheduled: contract';
comment on column access_operation.calldata is 'Scheduled: input of the call';
