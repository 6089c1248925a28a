-- Who may do what, and who decided it: roles, governors, timelocks, the access manager.

-- One row per RoleSet: the one role of the ledger that an account has from here on; none takes it away.
create table chain.role_set (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  account chain.address not null,
  role text not null check (role in ('none', 'minter', 'payment_attestor', 'identity_attestor', 'treasurer', 'registrar', 'vault', 'sale', 'governor')),
  primary key (block_number, log_index)
);
create index role_set_account on chain.role_set (account, block_number, log_index);

-- One row per AuthorityUpdated of any contract: the access manager that guards it from here on.
create table chain.authority_set (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  contract chain.address not null,
  authority chain.address not null,
  primary key (block_number, log_index)
);

-- One row per setting of a governor: voting delay and period, proposal threshold, quorum, timelock.
create table chain.governor_set (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  governor chain.address not null,
  setting text not null,
  value chain.uint256,
  timelock chain.address,
  primary key (block_number, log_index)
);
create index governor_set_governor on chain.governor_set (governor, setting, block_number, log_index);

-- One row per ProposalCreated.
create table chain.proposal_created (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  governor chain.address not null,
  proposal_id chain.uint256 not null,
  proposer chain.address not null,
  vote_start_seconds chain.uint256 not null,
  vote_end_seconds chain.uint256 not null,
  description text not null,
  primary key (block_number, log_index),
  unique (governor, proposal_id)
);
create index proposal_created_proposer on chain.proposal_created (proposer);

-- One row per call that a proposal is about.
create table chain.proposal_call (
  block_number bigint not null,
  log_index int not null,
  batch_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  governor chain.address not null,
  proposal_id chain.uint256 not null,
  target chain.address not null,
  value_wei chain.uint256 not null,
  signature text not null,
  calldata text not null,
  primary key (block_number, log_index, batch_index)
);
create index proposal_call_governor on chain.proposal_call (governor, proposal_id);

-- One row per ProposalQueued, ProposalExecuted or ProposalCanceled.
create table chain.proposal_step (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  governor chain.address not null,
  proposal_id chain.uint256 not null,
  step text not null check (step in ('queued', 'executed', 'cancelled')),
  eta_seconds chain.uint256,
  primary key (block_number, log_index)
);
create index proposal_step_governor on chain.proposal_step (governor, proposal_id);

-- One row per VoteCast or VoteCastWithParams.
create table chain.vote (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  governor chain.address not null,
  proposal_id chain.uint256 not null,
  voter chain.address not null,
  support int not null,
  weight chain.uint256 not null,
  reason text not null,
  params text,
  primary key (block_number, log_index),
  unique (governor, proposal_id, voter)
);
create index vote_voter on chain.vote (voter);

-- One row per CallScheduled or CallExecuted of a timelock: one call of an operation.
create table chain.timelock_call (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  timelock chain.address not null,
  operation_id chain.hash not null,
  call_index int not null,
  step text not null check (step in ('scheduled', 'executed')),
  target chain.address not null,
  value_wei chain.uint256 not null,
  calldata text not null,
  predecessor chain.hash,
  delay_seconds chain.uint256,
  primary key (block_number, log_index)
);
create index timelock_call_timelock on chain.timelock_call (timelock, operation_id);

-- One row per CallSalt or Cancelled of a timelock.
create table chain.timelock_step (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  timelock chain.address not null,
  operation_id chain.hash not null,
  step text not null check (step in ('salted', 'cancelled')),
  salt chain.hash,
  primary key (block_number, log_index)
);
create index timelock_step_timelock on chain.timelock_step (timelock, operation_id);

-- One row per MinDelayChange: the shortest delay of a timelock's operations from here on.
create table chain.timelock_delay (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  timelock chain.address not null,
  delay_seconds chain.uint256 not null,
  primary key (block_number, log_index)
);
create index timelock_delay_timelock on chain.timelock_delay (timelock, block_number, log_index);

-- One row per RoleGranted, RoleRevoked or RoleAdminChanged of a timelock.
create table chain.timelock_role (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  timelock chain.address not null,
  role chain.hash not null,
  step text not null check (step in ('granted', 'revoked', 'administered')),
  account chain.address,
  sender chain.address,
  admin_role chain.hash,
  primary key (block_number, log_index)
);
create index timelock_role_timelock on chain.timelock_role (timelock, role, account, block_number, log_index);

-- One row per RoleGranted or RoleRevoked of the access manager.
create table chain.access_member (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  role_id numeric(20, 0) not null,
  account chain.address not null,
  is_member boolean not null,
  is_new boolean,
  delay_seconds bigint,
  since timestamptz,
  primary key (block_number, log_index)
);
create index access_member_role_id on chain.access_member (role_id, account, block_number, log_index);

-- One row per setting of a role of the access manager: its label, admin, guardian or grant delay.
create table chain.access_role (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  role_id numeric(20, 0) not null,
  setting text not null check (setting in ('label', 'admin', 'guardian', 'grant_delay')),
  label text,
  other_role_id numeric(20, 0),
  delay_seconds bigint,
  since timestamptz,
  primary key (block_number, log_index)
);
create index access_role_role_id on chain.access_role (role_id, setting, block_number, log_index);

-- One row per rule of the access manager about a contract: who may call a function, whether it is closed, its admin delay.
create table chain.access_target (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  target chain.address not null,
  setting text not null check (setting in ('function', 'closed', 'admin_delay')),
  selector text,
  role_id numeric(20, 0),
  is_closed boolean,
  delay_seconds bigint,
  since timestamptz,
  primary key (block_number, log_index)
);
create index access_target_target on chain.access_target (target, setting, selector, block_number, log_index);

-- One row per OperationScheduled, OperationExecuted or OperationCanceled of the access manager.
create table chain.access_operation (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  operation_id chain.hash not null,
  nonce bigint not null,
  step text not null check (step in ('scheduled', 'executed', 'cancelled')),
  ready_seconds chain.uint256,
  caller chain.address,
  target chain.address,
  calldata text,
  primary key (block_number, log_index)
);
create index access_operation_operation_id on chain.access_operation (operation_id, block_number, log_index);

-- What analysts ask for, worked out from the mirror.
create schema analytics;

-- The indexer's role owns the mirror: a reindex puts other tables in the place of these, and the views over them.
grant usage, create on schema chain, analytics to terra_indexer;
do $$
declare
  mirrored text;
begin
  for mirrored in select tablename from pg_tables where schemaname = 'chain' loop
    execute format('alter table chain.%I owner to terra_indexer', mirrored);
  end loop;
end $$;
grant usage on schema analytics to terra_api, terra_worker, terra_analyst;
grant select, insert, update, delete, truncate on all tables in schema chain to terra_indexer;
grant select on all tables in schema chain to terra_api, terra_worker, terra_analyst;
