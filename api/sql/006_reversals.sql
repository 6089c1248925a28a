-- As before, but units that were taken back are free again.
create or replace function app.units_taken(project int, as_of timestamptz) returns bigint
language sql stable security definer
set search_path = app, pg_temp
as $$
  with promised as (
    select chain_investment_id, units from app.investment
    where project_id = project
      and (state in ('paid', 'minting', 'settled', 'review')
        or (state in ('awaiting_payment', 'payment_failed') and reserved_until > as_of))
  ), reversed as (
    select investment_id from chain.reversal where project_id = project
  )
  select (
    (select coalesce(sum(units), 0) from promised where chain_investment_id not in (select investment_id from reversed))
    + (select coalesce(sum(r.units), 0) from chain.receipt r
       where r.project_id = project
         and r.investment_id not in (select chain_investment_id from promised)
         and r.investment_id not in (select investment_id from reversed))
  )::bigint
$$;
