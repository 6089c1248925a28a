-- What holders have earned, and where it goes. Run with the mirror's schema as search_path, anew whenever it changes.
drop view if exists claimable;
drop function if exists claimable_at(bigint);
drop function if exists holding_at_epoch(int, int);
drop view if exists settlement;
drop view if exists exit_move;
drop view if exists payout_address;
drop view if exists allowed_token;
drop view if exists clawback_state;

-- While an exit runs, units move to the community DAO and nowhere else.
create view exit_move with (security_invoker = true) as
select t.project_id, t.from_address as holder, t.units, t.block_number, t.log_index, t.tx_hash
from exit_step b
join transfer t on t.project_id = b.project_id and t.to_address = b.dao and (t.block_number, t.log_index) > (b.block_number, b.log_index)
where b.step = 'begun';

-- By a claim, by a clawback, or by moving to another wallet: then up to the newest epoch, or the exit's if the exit took the units.
create view settlement with (security_invoker = true) as
select project_id, holder, upto_epoch, block_number, log_index from claim
union all
select project_id, holder, upto_epoch, block_number, log_index from clawback
union all
select m.project_id, m.from_address::text, coalesce(
  (
    select b.epoch from exit_step b
    join exit_move x on x.project_id = b.project_id
    where b.project_id = m.project_id and b.step = 'begun' and x.holder = m.from_address
      and (x.block_number, x.log_index) < (m.block_number, m.log_index)
    limit 1
  ),
  (
    select e.epoch from epoch e
    where e.project_id = m.project_id and (e.block_number, e.log_index) < (m.block_number, m.log_index)
    order by e.block_number desc, e.log_index desc
    limit 1
  ),
  0), m.block_number, m.log_index
from holding_move m;

-- By the contract's own rule: units times payout per unit, summed over every stretch of epochs in which the units were the same,
-- above the epoch of the newest settlement; divided by 2^64 and rounded down once, at the end: the fraction stays in the vault.
-- On top comes what former wallets brought along since.
create function claimable_at(block bigint)
returns table (project_id int, holder text, amount numeric)
language sql stable
begin atomic
  select dues.project_id, dues.holder, sum(dues.due)::numeric(78, 0)
  from (
    select earned.project_id, earned.holder, div(sum(earned.scaled), 18446744073709551616) as due
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
              select e.epoch from epoch e
              where e.project_id = moved.project_id and (e.block_number, e.log_index) < (moved.block_number, moved.log_index)
              order by e.block_number desc, e.log_index desc
              limit 1
            ), 0) as since
          from (
            select t.project_id, t.block_number, t.log_index, t.to_address::text as holder, t.units as delta
            from transfer t where t.block_number <= claimable_at.block
            union all
            select t.project_id, t.block_number, t.log_index, t.from_address::text, -t.units
            from transfer t where t.block_number <= claimable_at.block
          ) moved
          group by 1, 2, 4
        ) touched
        window later as (partition by touched.project_id, touched.holder order by touched.since)
      ) stretch
      cross join lateral (
        select coalesce(max(s.upto_epoch), 0) as epoch from settlement s
        where s.project_id = stretch.project_id and s.holder = stretch.holder and s.block_number <= claimable_at.block
      ) settled
      join epoch upper
        on upper.project_id = stretch.project_id
        and upper.epoch = coalesce(stretch.until, (
          select max(e.epoch) from epoch e where e.project_id = stretch.project_id and e.block_number <= claimable_at.block
        ))
      left join epoch lower
        on lower.project_id = stretch.project_id
        and lower.epoch = greatest(stretch.since, settled.epoch)
      where stretch.holder <> '0x0000000000000000000000000000000000000000'
        and stretch.units > 0
        and upper.epoch > greatest(stretch.since, settled.epoch)
    ) earned
    group by earned.project_id, earned.holder
    union all
    select m.project_id, m.to_address::text, m.carried
    from holding_move m
    where m.block_number <= claimable_at.block
      and not exists (
        select from settlement s
        where s.project_id = m.project_id and s.holder = m.to_address and s.block_number <= claimable_at.block
          and (s.block_number, s.log_index) > (m.block_number, m.log_index))
  ) dues
  group by dues.project_id, dues.holder
  having sum(dues.due) > 0;
end;

create view claimable with (security_invoker = true) as
select project_id, holder, amount from claimable_at(9223372036854775807);

-- Who shares a payout or weighs a vote: units when an epoch opened, which is in the middle of a block.
create function holding_at_epoch(project int, epoch_number int)
returns table (holder text, units numeric)
language sql stable
begin atomic
  select moved.holder, sum(moved.delta)::numeric(78, 0)
  from epoch e
  cross join lateral (
    select t.to_address::text as holder, t.units as delta from transfer t
    where t.project_id = holding_at_epoch.project and (t.block_number, t.log_index) < (e.block_number, e.log_index)
    union all
    select t.from_address::text, -t.units from transfer t
    where t.project_id = holding_at_epoch.project and (t.block_number, t.log_index) < (e.block_number, e.log_index)
  ) moved
  where e.project_id = holding_at_epoch.project and e.epoch = holding_at_epoch.epoch_number
    and moved.holder <> '0x0000000000000000000000000000000000000000'
  group by moved.holder
  having sum(moved.delta) <> 0;
end;

create view payout_address with (security_invoker = true) as
select distinct on (holder)
  holder,
  case when payout_address = '0x0000000000000000000000000000000000000000' then holder else payout_address end as payout_address,
  block_number, tx_hash
from payout_address_set
order by holder, block_number desc, log_index desc;

create view allowed_token with (security_invoker = true) as
select distinct on (token) token, is_allowed, block_number, tx_hash
from token_allowed_set
order by token, block_number desc, log_index desc;

-- The announcement that stands.
create view clawback_state with (security_invoker = true) as
select project_id, upto_epoch, not_before, block_number, tx_hash
from (
  select distinct on (project_id) project_id, step, upto_epoch, not_before, block_number, tx_hash
  from clawback_notice
  order by project_id, block_number desc, log_index desc
) newest
where step = 'announced';

comment on view exit_move is 'What exits took: units that went to the community DAO.';
comment on column exit_move.project_id is 'Project';
comment on column exit_move.holder is 'Former holder';
comment on column exit_move.units is 'Units taken';
comment on column exit_move.block_number is 'Block';
comment on column exit_move.log_index is 'Log of the block';
comment on column exit_move.tx_hash is 'Transaction';

comment on view settlement is 'When each holder''s dues were settled, and up to which epoch: by a claim, a clawback, or by moving to another wallet.';
comment on column settlement.project_id is 'Project';
comment on column settlement.holder is 'Whose dues';
comment on column settlement.upto_epoch is 'Nothing up to this epoch is due any more';
comment on column settlement.block_number is 'Block';
comment on column settlement.log_index is 'Log of the block';

comment on function claimable_at(bigint) is 'Payout-token base units that each holder had earned and not claimed at the end of a block';

comment on view claimable is 'What a holder could claim now.';
comment on column claimable.project_id is 'Project';
comment on column claimable.holder is 'Holder, or former holder';
comment on column claimable.amount is 'Base units of the project''s payout token';

comment on function holding_at_epoch(int, int) is 'Units of every holder of a project when one of its epochs opened';

comment on view payout_address is 'Where claims are paid, of holders who ever chose an address.';
comment on column payout_address.holder is 'Holder';
comment on column payout_address.payout_address is 'Where the holder''s claims are paid now';
comment on column payout_address.block_number is 'Block of the newest choice';
comment on column payout_address.tx_hash is 'Transaction of the newest choice';

comment on view allowed_token is 'Tokens that distributions were ever allowed in.';
comment on column allowed_token.token is 'ERC-20 contract';
comment on column allowed_token.is_allowed is 'Whether distributions may be made in it now';
comment on column allowed_token.block_number is 'Block of the newest change';
comment on column allowed_token.tx_hash is 'Transaction of the newest change';

comment on view clawback_state is 'Clawbacks that are announced and not taken back.';
comment on column clawback_state.project_id is 'Project';
comment on column clawback_state.upto_epoch is 'What was distributed up to this epoch and nobody claims';
comment on column clawback_state.not_before is 'can go to the treasury from this time on';
comment on column clawback_state.block_number is 'Block of the announcement';
comment on column clawback_state.tx_hash is 'Transaction of the announcement';

grant select on exit_move, settlement, claimable, payout_address, allowed_token, clawback_state to terra_api, terra_worker, terra_analyst;
grant execute on function claimable_at(bigint), holding_at_epoch(int, int) to terra_api, terra_worker, terra_analyst;
