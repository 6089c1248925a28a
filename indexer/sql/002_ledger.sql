-- What the ledger's projects, relinked wallets, reversals and clawbacks add to the mirror.

alter table chain.project_state drop constraint project_state_state_check;
alter table chain.project_state add constraint project_state_state_check
  check (state in ('draft', 'funding', 'active', 'paused', 'exit_announced', 'exiting', 'exited', 'closed'));

-- Terms that never change; 0, and the zero address, stand for none.
alter table chain.project_created
  add column max_holder_bps int not null default 0,
  add column daily_mint_cap chain.uint256 not null default 0,
  add column treasury chain.address not null default '0x0000000000000000000000000000000000000000',
  add column buy_out_per_unit chain.uint256 not null default 0;

-- One row per HoldingMoved: a holder's position in a project went to the wallet that took its place. Units move in chain.transfer as well.
create table chain.holding_move (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  from_address chain.address not null,
  to_address chain.address not null,
  units chain.uint256 not null,
  -- Units locked at to_address after the move, up to unlock_day.
  locked chain.uint256 not null,
  unlock_day int not null,
  -- Payout-token base units of unclaimed returns that went along.
  carried chain.uint256 not null,
  primary key (block_number, log_index)
);
create index holding_move_from on chain.holding_move (from_address, project_id);
create index holding_move_to on chain.holding_move (to_address, project_id);
create index holding_move_project on chain.holding_move (project_id);

-- One row per InvestmentReversed: the units of a receipt were burned. They move to the zero address in chain.transfer as well.
create table chain.reversal (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  investment_id chain.hash not null unique,
  project_id int not null,
  holder chain.address not null,
  units chain.uint256 not null,
  reason chain.hash not null,
  primary key (block_number, log_index)
);
create index reversal_project on chain.reversal (project_id) include (units);

-- One row per DistributionClawedBack: what a holder had not claimed up to an epoch went to the project's treasury.
create table chain.clawback (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  project_id int not null,
  holder chain.address not null,
  upto_epoch int not null,
  amount chain.uint256 not null,
  treasury chain.address not null,
  primary key (block_number, log_index)
);
create index clawback_holder on chain.clawback (holder, project_id);
create index clawback_project on chain.clawback (project_id);

-- One row per AccountRevoked of the registrar: an investor without an active wallet from here on. Registrations stand in chain.account_set.
drop table chain.registration;
create table chain.revocation (
  block_number bigint not null references chain.block on delete cascade,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  investor_id numeric(20, 0) not null,
  account chain.address not null,
  -- No attestation issued up to then brings the wallet back.
  issued_at timestamptz not null,
  primary key (block_number, log_index)
);
create index revocation_investor on chain.revocation (investor_id, block_number, log_index);

-- What a project is on chain now. Supply is what was minted less what was taken back.
create or replace view chain.project with (security_invoker = true) as
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
  (
    coalesce((select sum(r.units) from chain.receipt r where r.project_id = c.project_id), 0)
    - coalesce((select sum(r.units) from chain.reversal r where r.project_id = c.project_id), 0)
  )::numeric(78, 0) as supply,
  c.max_holder_bps,
  c.daily_mint_cap,
  c.treasury,
  c.buy_out_per_unit
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

-- When each holder's dues were settled, and up to which epoch: by a claim, by a clawback, or by moving to another wallet.
create view chain.settlement with (security_invoker = true) as
select project_id, holder, upto_epoch, block_number, log_index from chain.claim
union all
select project_id, holder, upto_epoch, block_number, log_index from chain.clawback
union all
select m.project_id, m.from_address, coalesce((
    select e.epoch from chain.epoch e
    where e.project_id = m.project_id and (e.block_number, e.log_index) < (m.block_number, m.log_index)
    order by e.block_number desc, e.log_index desc
    limit 1
  ), 0), m.block_number, m.log_index
from chain.holding_move m;

-- Payout-token base units that each holder had earned and not claimed at the end of `block`, by the contract's own rule:
-- units times payout per unit, summed over every stretch of epochs in which the units were the same, above the epoch
-- of the newest settlement; divided by 2^64 and rounded down once, at the end. On top comes what former wallets brought along since.
create or replace function chain.claimable_at(block bigint)
returns table (project_id int, holder chain.address, amount numeric(78, 0))
language sql stable
as $$
  select project_id, holder, sum(due)::numeric(78, 0)
  from (
    select project_id, holder, div(sum(scaled), 18446744073709551616) as due
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
        select coalesce(max(s.upto_epoch), 0) as epoch from chain.settlement s
        where s.project_id = stretch.project_id and s.holder = stretch.holder and s.block_number <= block
      ) settled
      join chain.epoch upper
        on upper.project_id = stretch.project_id
        and upper.epoch = coalesce(stretch.until, (
          select max(e.epoch) from chain.epoch e where e.project_id = stretch.project_id and e.block_number <= block
        ))
      left join chain.epoch lower
        on lower.project_id = stretch.project_id
        and lower.epoch = greatest(stretch.since, settled.epoch)
      where stretch.holder <> '0x0000000000000000000000000000000000000000'
        and stretch.units > 0
        and upper.epoch > greatest(stretch.since, settled.epoch)
    ) earned
    group by project_id, holder
    union all
    select m.project_id, m.to_address, m.carried
    from chain.holding_move m
    where m.block_number <= block
      and not exists (
        select from chain.settlement s
        where s.project_id = m.project_id and s.holder = m.to_address and s.block_number <= block
          and (s.block_number, s.log_index) > (m.block_number, m.log_index))
  ) dues
  group by project_id, holder
  having sum(due) > 0
$$;

grant select, insert, update, delete, truncate on all tables in schema chain to terra_indexer;
grant select on all tables in schema chain to terra_api, terra_worker, terra_analyst;
