-- A holder's whole position in a project, and where every lot is. Run with the mirror's schema as search_path, anew whenever it changes.
drop view if exists lot;
drop view if exists position;

-- Whoever first gets units after an epoch starts with all epochs before it settled.
create view position with (security_invoker = true) as
with touch as (
  select project_id, to_address::text as holder, block_number, log_index, batch_index, units as delta from transfer
  where units <> 0 and from_address <> to_address
  union all
  select project_id, from_address, block_number, log_index, batch_index, -units from transfer
  where units <> 0 and from_address <> to_address
    and not exists (
      select from exit_move x where (x.block_number, x.log_index, x.holder) = (transfer.block_number, transfer.log_index, from_address))
  union all
  select project_id, from_address, block_number, log_index, 0, 0 from holding_move
  union all
  select project_id, to_address, block_number, log_index, 0, 0 from holding_move
),
dated as (
  select t.project_id, t.holder, t.delta,
    sum(t.delta) over (partition by t.project_id, t.holder order by t.block_number, t.log_index, t.batch_index) - t.delta as before,
    coalesce((
      select e.epoch from epoch e
      where e.project_id = t.project_id and (e.block_number, e.log_index) < (t.block_number, t.log_index)
      order by e.block_number desc, e.log_index desc
      limit 1
    ), 0) as epoch,
    t.block_number, t.log_index, t.batch_index
  from touch t
  where t.holder <> '0x0000000000000000000000000000000000000000'
),
entry as (
  select distinct on (d.project_id, d.holder) d.project_id, d.holder,
    case when d.before = 0 and not exists (
      select from settlement s
      where s.project_id = d.project_id and s.holder = d.holder and s.upto_epoch > 0
        and (s.block_number, s.log_index) < (d.block_number, d.log_index)
    ) then d.epoch else 0 end as epoch
  from dated d
  where d.epoch > 0
  order by d.project_id, d.holder, d.block_number, d.log_index, d.batch_index
),
known as (
  select project_id, holder from dated
  union
  select project_id, holder::text from freeze_set
)
select
  k.project_id, k.holder,
  coalesce(h.units, 0)::numeric(78, 0) as units,
  coalesce((w.p ->> 'units')::numeric, 0)::numeric(78, 0) as locked,
  coalesce((w.p ->> 'day')::int, 0) as unlock_day,
  coalesce((w.p ->> 'cleared')::int, 0) as cleared_day,
  coalesce(f.units, 0)::numeric(78, 0) as frozen,
  greatest(coalesce(s.upto_epoch, 0), coalesce(e.epoch, 0)) as claimed,
  exists (select from exit_move x where x.project_id = k.project_id and x.holder = k.holder) as is_exited,
  coalesce((
    select sum(m.carried) from holding_move m
    where m.project_id = k.project_id and m.to_address = k.holder and not exists (
      select from settlement later
      where later.project_id = m.project_id and later.holder = m.to_address
        and (later.block_number, later.log_index) > (m.block_number, m.log_index))
  ), 0)::numeric(78, 0) as carried
from known k
left join holding h on h.project_id = k.project_id and h.holder = k.holder
left join entry e on e.project_id = k.project_id and e.holder = k.holder
left join lateral (
  select max(upto_epoch) as upto_epoch from settlement s where s.project_id = k.project_id and s.holder = k.holder
) s on true
left join lateral (
  select units from freeze_set f
  where f.project_id = k.project_id and f.holder = k.holder
  order by block_number desc, log_index desc
  limit 1
) f on true
left join (
  select project_id, at.key as holder, at.value as p from lock_walk, jsonb_each(state -> 'positions') at
) w on w.project_id = k.project_id and w.holder = k.holder;

-- A lot is where it was minted or moved to, and from there along the wallets that took each other's place; where an exit took it, it ends.
create view lot with (security_invoker = true) as
with recursive held as materialized (select * from position),
passed as (
  select a.account as wallet, a.successor, p.project_id
  from account a
  cross join project_created p
  left join held h on h.project_id = p.project_id and h.holder = a.account
  where a.successor is not null
    and not coalesce(h.is_exited, false)
    and (
      exists (select from holding_move m where m.project_id = p.project_id and m.from_address = a.account)
      or (coalesce(h.units, 0), coalesce(h.frozen, 0), coalesce(h.carried, 0), coalesce(h.claimed, 0)) = (0, 0, 0, 0)
    )
),
walk as (
  select r.investment_id::text as investment_id, r.project_id, coalesce(m.to_address, r.investor)::text as holder, 0 as steps
  from receipt r
  left join lateral (
    select to_address from lot_move where investment_id = r.investment_id order by block_number desc, log_index desc limit 1
  ) m on true
  union all
  select w.investment_id, w.project_id, p.successor::text, w.steps + 1
  from walk w
  join passed p on p.wallet = w.holder and p.project_id = w.project_id
  where w.steps < 1000
),
last as (select distinct on (investment_id) investment_id, holder from walk order by investment_id, steps desc),
ended as (
  select project_id, l.key as investment_id, l.value #>> '{}' as state from lock_walk, jsonb_each(state -> 'lots') l
)
select
  r.investment_id, r.project_id, r.investor, l.holder, r.units, r.unlock_day,
  case when r.unlock_day <> 0 then date '1970-01-01' + r.unlock_day end as unlocks_on,
  coalesce(d.state, 'open') as state,
  r.block_number as minted_block, r.block_time as minted_at, r.tx_hash as minted_tx
from receipt r
join last l on l.investment_id = r.investment_id
left join ended d on d.project_id = r.project_id and d.investment_id = r.investment_id;

comment on view lock_event is 'Everything that changed a lock-up, in a common form; what lock_walk walks.';
comment on column lock_event.project_id is 'Project';
comment on column lock_event.block_number is 'Block';
comment on column lock_event.log_index is 'Log of the block';
comment on column lock_event.kind is 'mint, move, carry, lot, release, reverse or wallet';
comment on column lock_event.sender is 'Whose lock-up gets less; null for a mint';
comment on column lock_event.receiver is 'Whose lock-up gets more; null when nobody''s does';
comment on column lock_event.lot is 'Investment whose lot it is; null when it isn''t about one';
comment on column lock_event.units is 'Units of the event';
comment on column lock_event.until is 'Unlock day, days since 1970-01-01';
comment on column lock_event.locked is 'Locked at the receiver afterwards, where the event says so';
comment on column lock_event.balance is 'Units of the sender afterwards, for a reversal';
comment on column lock_event.today is 'UTC day of the block, days since 1970-01-01';

comment on view lock_walk is 'The lock-ups of a project after all its events.';
comment on column lock_walk.project_id is 'Project';
comment on column lock_walk.state is 'JSON: positions by holder, and lots that are no longer open';

comment on view position is 'Everything the ledger knows about a holder in a project, besides the account.';
comment on column position.project_id is 'Project';
comment on column position.holder is 'Address that ever had units of the project';
comment on column position.units is 'Units now';
comment on column position.locked is 'Units counted as locked';
comment on column position.unlock_day is 'On this day all of them are free; days since 1970-01-01';
comment on column position.cleared_day is 'Lots with an unlock day up to this one no longer count as locked';
comment on column position.frozen is 'Units that an enforcer froze; may exceed the balance';
comment on column position.claimed is 'Last epoch whose payout is settled';
comment on column position.is_exited is 'The exit took the units; they still measure what was earned up to its epoch';
comment on column position.carried is 'Base units taken over from former wallets and not yet claimed';

comment on view lot is 'Every receipt with where its units and their lock-up are now.';
comment on column lot.investment_id is 'The investment that was minted';
comment on column lot.project_id is 'Project';
comment on column lot.investor is 'To whom it was minted';
comment on column lot.holder is 'Who has the lot now';
comment on column lot.units is 'Units minted';
comment on column lot.unlock_day is 'First day on which they may move, days since 1970-01-01; 0 means no lock-up';
comment on column lot.unlocks_on is 'The same as a date; null for no lock-up';
comment on column lot.state is 'open, released or reversed';
comment on column lot.minted_block is 'Block of the mint';
comment on column lot.minted_at is 'Time of the mint';
comment on column lot.minted_tx is 'Transaction of the mint';

grant select on lock_event, lock_walk, position, lot to terra_api, terra_worker, terra_analyst;
