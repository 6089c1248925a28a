-- Lock-ups and lots, worked out event by event as the ledger did. Run with the mirror's schema as search_path, anew whenever it changes.
-- The ledger keeps one sum of locked units per position, free at its latest day, and frees it only when something happens to it: what is
-- locked now depends on the order of everything before. So these views walk all lock-ups of a project: for analysts, not for requests.
drop view if exists lock_walk;
drop aggregate if exists lock_fold(jsonb);
drop view if exists lock_event;
drop function if exists lock_step(jsonb, jsonb);
drop function if exists lock_counts(jsonb, jsonb, text, int);
drop function if exists lock_put(jsonb, text, jsonb);
drop function if exists lock_of(jsonb, text);
drop function if exists lock_blurred(jsonb, numeric);
drop function if exists lock_reduced(jsonb, numeric);
drop function if exists lock_added(jsonb, numeric, int, int);
drop function if exists lock_cleared(jsonb, int);

-- A position is {"units", "day", "cleared"}: units locked up to a day, and the day up to which lots no longer count in it.
create function lock_cleared(p jsonb, today int) returns jsonb language sql immutable
return case
  when (p ->> 'units')::numeric <> 0 and today >= (p ->> 'day')::int
  then jsonb_build_object('units', 0, 'day', 0, 'cleared', greatest(today, (p ->> 'cleared')::int))
  else p
end;

create function lock_added(p jsonb, units numeric, until int, today int) returns jsonb language sql immutable
return jsonb_build_object(
  'units', (lock_cleared(p, today) ->> 'units')::numeric + units,
  'day', greatest((lock_cleared(p, today) ->> 'day')::int, until),
  'cleared', (lock_cleared(p, today) ->> 'cleared')::int
);

create function lock_reduced(p jsonb, units numeric) returns jsonb language sql immutable
return jsonb_build_object(
  'units', (p ->> 'units')::numeric - units,
  'day', case when (p ->> 'units')::numeric = units then 0 else (p ->> 'day')::int end,
  'cleared', (p ->> 'cleared')::int
);

-- Which lots are left isn't known any more: none counts by itself until the latest day.
create function lock_blurred(p jsonb, units numeric) returns jsonb language sql immutable
return jsonb_build_object(
  'units', units,
  'day', case when units = 0 then 0 else (p ->> 'day')::int end,
  'cleared', greatest((p ->> 'cleared')::int, (p ->> 'day')::int)
);

create function lock_of(state jsonb, holder text) returns jsonb language sql immutable
return coalesce(state #> array['positions', holder], '{"units": 0, "day": 0, "cleared": 0}');

create function lock_put(state jsonb, holder text, p jsonb) returns jsonb language sql immutable
return jsonb_set(state, array['positions', holder], p);

-- Whether an open lot is part of its holder's locked sum.
create function lock_counts(state jsonb, p jsonb, investment text, until int) returns boolean language sql immutable
return state #> array['lots', investment] is null and (p ->> 'units')::numeric <> 0 and until > (p ->> 'cleared')::int;

create function lock_step(state jsonb, e jsonb) returns jsonb language sql immutable
begin atomic
  select case e ->> 'kind'
    when 'mint' then case
      when until > today then lock_put(state, receiver, lock_added(lock_of(state, receiver), units, until, today))
      when until <> 0 then jsonb_set(state, array['lots', lot], '"released"')
      else state
    end
    when 'move' then lock_put(state, sender, lock_cleared(lock_of(state, sender), today))
    when 'carry' then lock_put(
      lock_put(state, sender, lock_blurred(p, (p ->> 'units')::numeric - units)),
      receiver, lock_added(lock_of(state, receiver), units, until, today))
    when 'lot' then case
      when not counts then jsonb_set(lock_put(state, sender, lock_cleared(p, today)), array['lots', lot], '"released"')
      when until > today then lock_put(
        lock_put(state, sender, lock_cleared(lock_reduced(p, units), today)),
        receiver, lock_added(lock_of(state, receiver), units, until, today))
      else jsonb_set(lock_put(state, sender, lock_cleared(lock_reduced(p, units), today)), array['lots', lot], '"released"')
    end
    when 'release' then jsonb_set(lock_put(state, sender, lock_reduced(p, units)), array['lots', lot], '"released"')
    when 'reverse' then jsonb_set(
      lock_put(state, sender, (
        select case when (q ->> 'units')::numeric > balance then lock_blurred(q, balance) else q end
        from (select case when counts then lock_reduced(p, units) else p end as q) reduced
      )),
      array['lots', lot], '"reversed"')
    when 'wallet' then lock_put(
      lock_put(state, sender, '{"units": 0, "day": 0, "cleared": 0}'),
      receiver,
      jsonb_build_object('units', locked, 'day', until, 'cleared', (
        select case
          when not (p ->> 'units' <> '0' or p ->> 'cleared' <> '0') then (r ->> 'cleared')::int
          when r ->> 'units' <> '0' or r ->> 'cleared' <> '0'
            then greatest(today, (p ->> 'cleared')::int, (r ->> 'cleared')::int)
          else (p ->> 'cleared')::int
        end
        from (select lock_of(state, receiver) as r) other
      )))
  end
  from (
    select e ->> 'lot' as lot, e ->> 'sender' as sender, e ->> 'receiver' as receiver,
      (e ->> 'units')::numeric as units, (e ->> 'until')::int as until, (e ->> 'today')::int as today,
      (e ->> 'balance')::numeric as balance, (e ->> 'locked')::numeric as locked,
      lock_of(state, e ->> 'sender') as p,
      lock_counts(state, lock_of(state, e ->> 'sender'), e ->> 'lot', (e ->> 'until')::int) as counts
  ) event;
end;

create aggregate lock_fold(jsonb) (sfunc = lock_step, stype = jsonb, initcond = '{"positions": {}, "lots": {}}');

-- Everything that changes a lock-up. A transfer matters for what it frees at the sender, if anything was ever locked there, and only where
-- no other event says more about it.
create view lock_event with (security_invoker = true) as
select project_id, block_number, log_index, kind, sender, receiver, lot, units, until, locked, balance,
  floor(extract(epoch from block_time) / 86400)::int as today
from (
  select project_id, block_number, log_index, block_time, 'mint' as kind, null::text as sender, investor::text as receiver,
    investment_id::text as lot, units::numeric as units, unlock_day as until, null::numeric as locked, null::numeric as balance
  from receipt
  union all
  select t.project_id, t.block_number, t.log_index, t.block_time, 'move', t.from_address, t.to_address, null, t.units, null, null, null
  from transfer t
  where t.units <> 0
    and t.from_address <> t.to_address
    and t.from_address in (
      select investor::text from receipt where unlock_day <> 0
      union select to_address::text from lock_carry
      union select to_address::text from lot_move
      union select to_address::text from holding_move
    )
    and not exists (
      select from (
        select block_number, log_index from reversal
        union all select block_number, log_index from lot_move
        union all select block_number, log_index from holding_move where units <> 0
      ) x
      where x.block_number = t.block_number
        and t.log_index = (
          select max(before.log_index) from transfer before
          where before.block_number = x.block_number and before.log_index < x.log_index)
    )
    and not exists (
      select from exit_step b
      where b.project_id = t.project_id and b.step = 'begun' and (b.block_number, b.log_index) < (t.block_number, t.log_index))
  union all
  select project_id, block_number, log_index, block_time, 'carry', from_address, to_address, null, units, unlock_day, null, null
  from lock_carry
  union all
  select r.project_id, m.block_number, m.log_index, m.block_time, 'lot', m.from_address, m.to_address, m.investment_id, m.units,
    r.unlock_day, null, null
  from lot_move m
  join receipt r using (investment_id)
  union all
  select project_id, block_number, log_index, block_time, 'release', holder, null, investment_id, units, null, null, null
  from lot_release
  union all
  select v.project_id, v.block_number, v.log_index, v.block_time, 'reverse', v.holder, null, v.investment_id, v.units, r.unlock_day, null,
    (
      select sum(case when t.to_address = v.holder then t.units else 0 end - case when t.from_address = v.holder then t.units else 0 end)
      from transfer t
      where t.project_id = v.project_id and (t.block_number, t.log_index) < (v.block_number, v.log_index)
        and (t.to_address = v.holder or t.from_address = v.holder)
    )
  from reversal v
  join receipt r using (investment_id)
  union all
  -- What an exit took stays as it is.
  select m.project_id, m.block_number, m.log_index, m.block_time, 'wallet', m.from_address, m.to_address, null, m.units, m.unlock_day,
    m.locked, null
  from holding_move m
  where not exists (
    select from exit_move x
    where x.project_id = m.project_id and x.holder in (m.from_address, m.to_address)
      and (x.block_number, x.log_index) < (m.block_number, m.log_index))
) event;

create view lock_walk with (security_invoker = true) as
select project_id, lock_fold(
  jsonb_build_object('kind', kind, 'sender', sender, 'receiver', receiver, 'lot', lot, 'units', units, 'until', until, 'locked', locked,
    'balance', balance, 'today', today)
  order by block_number, log_index) as state
from lock_event
group by project_id;
