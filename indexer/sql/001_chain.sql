-- The mirror of the chain. Safe to drop and rebuild: every row here can be read back from events.
create schema chain;

create domain chain.address as text check (value ~ '^0x[0-9a-f]{40}$');
create domain chain.hash as text check (value ~ '^0x[0-9a-f]{64}$');
create domain chain.uint256 as numeric(78, 0) check (value >= 0);

-- How far the mirror has come: one row per mirrored deployment.
create table chain.checkpoint (
  id smallint primary key default 1 check (id = 1),
  chain_id bigint not null,
  contract chain.address not null,
  start_block bigint not null,
  block_number bigint not null,
  block_hash chain.hash not null,
  block_time timestamptz not null,
  -- Newest mirrored block that may no longer be undone; never moves back.
  final_block bigint not null,
  updated_at timestamptz not null default now()
);

-- One row per block near the head, to notice when the chain changes its mind, and per block that holds an event.
create table chain.block (
  block_number bigint primary key,
  block_hash chain.hash not null,
  parent_hash chain.hash not null,
  block_time timestamptz not null,
  -- How many events of the mirrored contracts it holds; blocks without any are dropped once they are old and final.
  event_count int not null default 0
);
create index block_without_events on chain.block (block_number) where event_count = 0;

-- One row per project id moved: singles and batches look the same here.
create table chain.transfer (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  batch_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  operator chain.address not null,
  from_address chain.address not null,
  to_address chain.address not null,
  project_id int not null,
  units chain.uint256 not null,
  primary key (block_number, log_index, batch_index)
);
create index transfer_from on chain.transfer (from_address, project_id);
create index transfer_to on chain.transfer (to_address, project_id);
create index transfer_project on chain.transfer (project_id, block_number);

-- One row per ProjectCreated.
create table chain.project_created (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null unique,
  cap chain.uint256 not null,
  max_holders chain.uint256 not null,
  lock_days int not null,
  payout_token chain.address not null,
  exit_target_per_unit chain.uint256 not null,
  primary key (block_number, log_index)
);

-- One row per ProjectStateChanged; state as in ITerraLuminaOwnership.State, lower case.
create table chain.project_state (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  state text not null check (state in ('draft', 'active', 'paused', 'exit_announced', 'exiting', 'exited')),
  reason chain.hash not null,
  primary key (block_number, log_index)
);
create index project_state_project on chain.project_state (project_id, block_number, log_index);

-- One row per MetadataSet: the whole history of a project's metadata.
create table chain.metadata (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  version int not null,
  metadata_hash chain.hash not null,
  uri text not null,
  primary key (block_number, log_index),
  unique (project_id, version)
);

-- One row per AccountSet: what an address may do from this block on.
create table chain.account_set (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  account chain.address not null,
  flags smallint not null,
  expires_at timestamptz not null,
  country int not null,
  class smallint not null,
  investor_id numeric(20, 0) not null,
  primary key (block_number, log_index)
);
create index account_set_account on chain.account_set (account, block_number, log_index);

-- One row per AccountRegistered or AccountRevoked of the registrar: which wallet stands for an investor.
create table chain.registration (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  investor_id numeric(20, 0) not null,
  account chain.address not null,
  -- When the attestation was issued; null when the account was revoked.
  issued_at timestamptz,
  is_active boolean not null,
  primary key (block_number, log_index)
);
create index registration_investor on chain.registration (investor_id, block_number, log_index);

-- One row per InvestmentMinted: the receipt of one investment.
create table chain.receipt (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  investment_id chain.hash not null unique,
  project_id int not null,
  investor chain.address not null,
  units chain.uint256 not null,
  unlock_day int not null,
  primary key (block_number, log_index)
);
create index receipt_investor on chain.receipt (investor, project_id);
create index receipt_project on chain.receipt (project_id) include (units);

-- One row per InvestmentSkipped: an order of a batch that was left out; reason as in detectTransferRestriction.
create table chain.mint_skip (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  investment_id chain.hash not null,
  project_id int not null,
  reason smallint not null,
  primary key (block_number, log_index)
);
create index mint_skip_investment on chain.mint_skip (investment_id);

-- One row per LotReleased.
create table chain.lot_release (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  investment_id chain.hash not null,
  project_id int not null,
  holder chain.address not null,
  units chain.uint256 not null,
  primary key (block_number, log_index)
);

-- One row per EpochOpened: balances up to this log share its amount.
create table chain.epoch (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  epoch int not null,
  supply chain.uint256 not null,
  amount chain.uint256 not null,
  -- Sum of payouts per unit so far, times 2^64.
  cumulative_per_unit chain.uint256 not null,
  primary key (block_number, log_index),
  unique (project_id, epoch)
);
create index epoch_project on chain.epoch (project_id, block_number, log_index);

-- One row per ReturnsDistributed: a funded distribution, in base units of the payout token.
create table chain.distribution (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  epoch int not null,
  token chain.address not null,
  amount chain.uint256 not null,
  report_hash chain.hash not null,
  report_uri text not null,
  distribution_id chain.hash not null unique,
  primary key (block_number, log_index),
  unique (project_id, epoch)
);

-- One row per DistributionClaimed.
create table chain.claim (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  holder chain.address not null,
  upto_epoch int not null,
  amount chain.uint256 not null,
  paid_to chain.address not null,
  primary key (block_number, log_index)
);
create index claim_holder on chain.claim (holder, project_id);

-- One row per ClaimSkipped: a holder left out of a common claim because the token refused the payment.
create table chain.claim_skip (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  holder chain.address not null,
  primary key (block_number, log_index)
);

-- One row per Paused or Unpaused of the ledger as a whole.
create table chain.ledger_pause (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  is_paused boolean not null,
  primary key (block_number, log_index)
);

-- One row per step of an exit: announced, cancelled, begun, batch, exited.
create table chain.exit_step (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  step text not null check (step in ('announced', 'cancelled', 'begun', 'batch', 'exited')),
  dao chain.address,
  not_before timestamptz,
  epoch int,
  holders int,
  units chain.uint256,
  -- Units not yet at the DAO after a batch; 0 is the proof of completeness.
  remaining chain.uint256,
  primary key (block_number, log_index)
);
create index exit_step_project on chain.exit_step (project_id, block_number, log_index);

-- What a project is on chain now.
create view chain.project with (security_invoker = true) as
select
  c.project_id,
  c.cap,
  c.max_holders,
  c.lock_days,
  c.payout_token,
  c.exit_target_per_unit,
  c.tx_hash as created_tx,
  c.block_number as created_block,
  c.block_time as created_at,
  s.state,
  m.metadata_hash,
  m.uri as metadata_uri,
  coalesce((select sum(r.units) from chain.receipt r where r.project_id = c.project_id), 0)::numeric(78, 0) as supply
from chain.project_created c
left join lateral (
  select state from chain.project_state
  where project_id = c.project_id
  order by block_number desc, log_index desc
  limit 1
) s on true
left join lateral (
  select metadata_hash, uri from chain.metadata
  where project_id = c.project_id
  order by version desc
  limit 1
) m on true;

-- What an address may do now.
create view chain.account with (security_invoker = true) as
select distinct on (account)
  account, flags, expires_at, country, class, investor_id, block_number, tx_hash
from chain.account_set
order by account, block_number desc, log_index desc;

-- Units by project and holder as of any block: the sum of what came in less what went out.
create function chain.holding_at(project int, block bigint)
returns table (project_id int, holder chain.address, units numeric(78, 0))
language sql stable
as $$
  select project, holder, sum(delta)::numeric(78, 0)
  from (
    select to_address as holder, units as delta from chain.transfer
    where transfer.project_id = project and block_number <= block
    union all
    select from_address, -units from chain.transfer
    where transfer.project_id = project and block_number <= block
  ) moved
  where holder <> '0x0000000000000000000000000000000000000000'
  group by holder
  having sum(delta) <> 0
$$;

-- Units by project and holder now. Rows vanish when the sum reaches zero.
create view chain.holding with (security_invoker = true) as
select project_id, holder, sum(delta)::numeric(78, 0) as units
from (
  select project_id, to_address as holder, units as delta from chain.transfer
  union all
  select project_id, from_address, -units from chain.transfer
) moved
where holder <> '0x0000000000000000000000000000000000000000'
group by project_id, holder
having sum(delta) <> 0;

-- Payout-token base units that each holder had earned and not claimed at the end of `block`, by the contract's own rule:
-- units times payout per unit, summed over every stretch of epochs in which the units were the same, above the epoch
-- of the newest claim; divided by 2^64 and rounded down once, at the end.
create function chain.claimable_at(block bigint)
returns table (project_id int, holder chain.address, amount numeric(78, 0))
language sql stable
as $$
  select project_id, holder, div(sum(scaled), 18446744073709551616)::numeric(78, 0)
  from (
    select stretch.project_id, stretch.holder,
      stretch.units * (upper.cumulative_per_unit - coalesce(lower.cumulative_per_unit, 0)) as scaled
    from (
      select touched.project_id, touched.holder, touched.since,
        sum(touched.delta) over later as units,
        lead(touched.since) over later as until
      from (
        -- What moved between two epochs, added up; `since` is the newest epoch opened before it.
        select moved.project_id, moved.holder, sum(moved.delta) as delta,
          coalesce((
            select e.epoch from chain.epoch e
            where e.project_id = moved.project_id and (e.block_number, e.log_index) < (moved.block_number, moved.log_index)
            order by e.block_number desc, e.log_index desc
            limit 1
          ), 0) as since
        from (
          select t.project_id, t.block_number, t.log_index, t.to_address as holder, t.units as delta
          from chain.transfer t where t.block_number <= block
          union all
          select t.project_id, t.block_number, t.log_index, t.from_address, -t.units
          from chain.transfer t where t.block_number <= block
        ) moved
        group by 1, 2, 4
      ) touched
      window later as (partition by touched.project_id, touched.holder order by touched.since)
    ) stretch
    cross join lateral (
      select coalesce(max(c.upto_epoch), 0) as epoch from chain.claim c
      where c.project_id = stretch.project_id and c.holder = stretch.holder and c.block_number <= block
    ) claimed
    join chain.epoch upper
      on upper.project_id = stretch.project_id
      and upper.epoch = coalesce(stretch.until, (
        select max(e.epoch) from chain.epoch e where e.project_id = stretch.project_id and e.block_number <= block
      ))
    left join chain.epoch lower
      on lower.project_id = stretch.project_id
      and lower.epoch = greatest(stretch.since, claimed.epoch)
    where stretch.holder <> '0x0000000000000000000000000000000000000000'
      and stretch.units > 0
      and upper.epoch > greatest(stretch.since, claimed.epoch)
  ) earned
  group by project_id, holder
  having div(sum(scaled), 18446744073709551616) > 0
$$;

-- Payout-token base units that a holder could claim now.
create view chain.claimable with (security_invoker = true) as
select project_id, holder, amount from chain.claimable_at(9223372036854775807);

grant usage on schema chain to terra_indexer, terra_api, terra_worker, terra_analyst;
grant select, insert, update, delete, truncate on all tables in schema chain to terra_indexer;
grant select on all tables in schema chain to terra_api, terra_worker, terra_analyst;
grant execute on all functions in schema chain to terra_indexer, terra_api, terra_worker, terra_analyst;
