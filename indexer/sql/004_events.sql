-- Every event that the mirror left out so far: roles, approvals, enforcement, sales, documents, votes, timelocks, the access manager.

-- Views and functions over the mirror are files of their own from here on, run anew whenever they change: indexer/views.
drop view if exists chain.claimable;
drop function if exists chain.claimable_at(bigint);
drop view if exists chain.settlement;
drop view if exists chain.project;
drop view if exists chain.account;

-- Every whole number that isn't an amount has four bytes, so that rows can be sent to any table in the same binary form.
alter table chain.account_set alter column flags type int, alter column class type int;
alter table chain.mint_skip alter column reason type int;

-- Who paused or resumed the ledger.
alter table chain.ledger_pause add column account chain.address not null;

-- One row per ApprovalForAll: whether an operator may move all units of an account from this block on.
create table chain.approval_set (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  account chain.address not null,
  operator chain.address not null,
  is_approved boolean not null,
  primary key (block_number, log_index)
);
create index approval_set_account on chain.approval_set (account, operator, block_number, log_index);

-- One row per ERC-1155 URI event; of our own ledger chain.metadata says the same and more.
create table chain.uri_set (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  uri text not null,
  primary key (block_number, log_index)
);
create index uri_set_project_id on chain.uri_set (project_id, block_number, log_index);

-- One row per MetadataFrozen: this version is the last.
create table chain.metadata_freeze (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  version int not null,
  primary key (block_number, log_index)
);
create index metadata_freeze_project_id on chain.metadata_freeze (project_id);

-- One row per DailyMintCapSet: most units that vouchers can mint in one UTC day from here on.
create table chain.mint_cap_set (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  units chain.uint256 not null,
  primary key (block_number, log_index)
);
create index mint_cap_set_project_id on chain.mint_cap_set (project_id, block_number, log_index);

-- One row per RulesSet: the contract that may refuse transfers of a project besides the ledger; zero for none.
create table chain.rules_set (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  rules chain.address not null,
  primary key (block_number, log_index)
);
create index rules_set_project_id on chain.rules_set (project_id, block_number, log_index);

-- One row per CountriesSet: bit n of word_w stands for the ISO 3166-1 numeric code 256 w + n, which can't receive units.
create table chain.countries_set (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  word_0 chain.uint256 not null,
  word_1 chain.uint256 not null,
  word_2 chain.uint256 not null,
  word_3 chain.uint256 not null,
  primary key (block_number, log_index)
);
create index countries_set_project_id on chain.countries_set (project_id, block_number, log_index);

-- One row per LotMoved: a lot went to another holder with its date. Its units move in chain.transfer as well.
create table chain.lot_move (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  investment_id chain.hash not null,
  from_address chain.address not null,
  to_address chain.address not null,
  units chain.uint256 not null,
  reason chain.hash not null,
  primary key (block_number, log_index)
);
create index lot_move_investment_id on chain.lot_move (investment_id, block_number, log_index);

-- One row per LockCarried: locked units moved with their lock-up, in the transfer that follows.
create table chain.lock_carry (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  from_address chain.address not null,
  to_address chain.address not null,
  units chain.uint256 not null,
  unlock_day int not null,
  primary key (block_number, log_index)
);
create index lock_carry_project_id on chain.lock_carry (project_id);

-- One row per Frozen: units of a holder that an enforcer froze, from this block on; may exceed the balance.
create table chain.freeze_set (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  holder chain.address not null,
  units chain.uint256 not null,
  primary key (block_number, log_index)
);
create index freeze_set_holder on chain.freeze_set (holder, project_id, block_number, log_index);
create index freeze_set_project_id on chain.freeze_set (project_id);

-- One row per ForcedTransfer. Its units move in chain.transfer as well.
create table chain.forced_transfer (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  from_address chain.address not null,
  to_address chain.address not null,
  units chain.uint256 not null,
  primary key (block_number, log_index)
);
create index forced_transfer_project_id on chain.forced_transfer (project_id);

-- One row per WalletRelinked: a wallet is retired for ever and another takes its place.
create table chain.wallet_relink (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  investor_id numeric(20, 0) not null,
  from_address chain.address not null,
  to_address chain.address not null,
  primary key (block_number, log_index)
);
create index wallet_relink_from_address on chain.wallet_relink (from_address);
create index wallet_relink_to_address on chain.wallet_relink (to_address);

-- One row per AttestationUsed of the registrar: who vouched for the records of this transaction.
create table chain.attestation_use (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  attestor chain.address not null,
  digest chain.hash not null,
  primary key (block_number, log_index)
);
create index attestation_use_attestor on chain.attestation_use (attestor);

-- One row per OffchainDistributionAttested: a payout outside the chain to the holders of an epoch.
create table chain.offchain_distribution (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  attestation_id chain.hash not null unique,
  project_id int not null,
  epoch int not null,
  root chain.hash not null,
  total chain.uint256 not null,
  currency text not null,
  report_hash chain.hash not null,
  report_uri text not null,
  primary key (block_number, log_index)
);
create index offchain_distribution_project_id on chain.offchain_distribution (project_id, epoch);

-- One row per PayoutAddressSet: where a holder's claims are paid from here on; zero for the holder's own address.
create table chain.payout_address_set (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  holder chain.address not null,
  payout_address chain.address not null,
  primary key (block_number, log_index)
);
create index payout_address_set_holder on chain.payout_address_set (holder, block_number, log_index);

-- One row per TokenAllowedSet: whether distributions may be made in a token from here on.
create table chain.token_allowed_set (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  token chain.address not null,
  is_allowed boolean not null,
  primary key (block_number, log_index)
);
create index token_allowed_set_token on chain.token_allowed_set (token, block_number, log_index);

-- One row per ClawbackAnnounced or ClawbackCancelled.
create table chain.clawback_notice (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  step text not null check (step in ('announced', 'cancelled')),
  upto_epoch int,
  not_before timestamptz,
  primary key (block_number, log_index)
);
create index clawback_notice_project_id on chain.clawback_notice (project_id, block_number, log_index);

-- One row per SaleOpened: the terms of a project's only sale; none of them ever changes.
create table chain.sale_opened (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null unique,
  currency chain.address not null,
  price_per_unit chain.uint256 not null,
  target_units chain.uint256 not null,
  hard_cap_units chain.uint256 not null,
  max_fiat_units chain.uint256 not null,
  max_units_per_investor chain.uint256 not null,
  unlock_days int not null,
  opens_at timestamptz not null,
  closes_at timestamptz not null,
  cooling_off_seconds bigint not null,
  treasury chain.address not null,
  primary key (block_number, log_index)
);

-- One row per step of a sale after its opening.
create table chain.sale_step (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  step text not null check (
    step in ('early_close_announced', 'early_close_lapsed', 'abandoned', 'succeeded', 'failed', 'proceeds_withdrawn')
  ),
  closes_at timestamptz,
  reason chain.hash,
  units chain.uint256,
  amount chain.uint256,
  treasury chain.address,
  primary key (block_number, log_index)
);
create index sale_step_project_id on chain.sale_step (project_id, block_number, log_index);

-- One row per Committed: an investor's order in a sale.
create table chain.commitment_made (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  investment_id chain.hash not null unique,
  project_id int not null,
  buyer chain.address not null,
  units chain.uint256 not null,
  amount chain.uint256 not null,
  method text not null check (method in ('escrow', 'fiat')),
  open_units chain.uint256 not null,
  primary key (block_number, log_index)
);
create index commitment_made_project_id on chain.commitment_made (project_id);
create index commitment_made_buyer on chain.commitment_made (buyer);

-- One row per CommitmentCancelled, CommitmentSettled or CommitmentRefunded: a commitment is open no more.
create table chain.commitment_end (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  investment_id chain.hash not null unique,
  project_id int not null,
  step text not null check (step in ('cancelled', 'settled', 'refunded')),
  account chain.address not null,
  units chain.uint256 not null,
  amount chain.uint256 not null,
  paid_to chain.address,
  open_units chain.uint256,
  primary key (block_number, log_index)
);
create index commitment_end_project_id on chain.commitment_end (project_id);

-- One row per RefundSkipped: a commitment left out of a common refund.
create table chain.refund_skip (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  investment_id chain.hash not null,
  primary key (block_number, log_index)
);
create index refund_skip_investment_id on chain.refund_skip (investment_id);

-- One row per RefundAddressSet: where money that comes back to a buyer goes from here on; zero for the buyer.
create table chain.refund_address_set (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  buyer chain.address not null,
  refund_address chain.address not null,
  primary key (block_number, log_index)
);
create index refund_address_set_buyer on chain.refund_address_set (buyer, block_number, log_index);

-- One row per DocumentSet: the newest version of its kind from here on.
create table chain.document (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  kind chain.hash not null,
  version int not null,
  document_hash chain.hash not null,
  uri text not null,
  primary key (block_number, log_index),
  unique (project_id, kind, version)
);

grant select, insert, update, delete, truncate on all tables in schema chain to terra_indexer;
grant select on all tables in schema chain to terra_api, terra_worker, terra_analyst;
