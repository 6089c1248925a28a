-- What projects are now. Run with the mirror's schema as search_path, anew whenever it changes.
drop view if exists project;
drop view if exists exit_state;
drop view if exists daily_mint;

-- An exit that is announced and not taken back.
create view exit_state with (security_invoker = true) as
select
  a.project_id, a.dao, a.not_before, b.epoch, b.block_number as begun_block, b.log_index as begun_log_index, b.block_time as begun_at,
  coalesce(x.remaining, d.remaining) as remaining, x.block_time as exited_at
from (
  select distinct on (project_id) project_id, step, dao, not_before, block_number, log_index
  from exit_step
  where step in ('announced', 'cancelled')
  order by project_id, block_number desc, log_index desc
) a
left join lateral (
  select epoch, block_number, log_index, block_time from exit_step
  where project_id = a.project_id and step = 'begun' and (block_number, log_index) > (a.block_number, a.log_index)
  limit 1
) b on true
left join lateral (
  select remaining from exit_step
  where project_id = a.project_id and step = 'batch'
  order by block_number desc, log_index desc
  limit 1
) d on true
left join lateral (select remaining, block_time from exit_step where project_id = a.project_id and step = 'exited' limit 1) x on true
where a.step = 'announced';

-- Supply is what was minted less what was taken back.
create view project with (security_invoker = true) as
select
  c.project_id, c.cap, c.max_holders, c.lock_days, c.payout_token, c.exit_target_per_unit,
  c.tx_hash as created_tx, c.block_number as created_block, c.block_time as created_at,
  s.state, m.metadata_hash, m.uri as metadata_uri,
  (
    coalesce((select sum(r.units) from receipt r where r.project_id = c.project_id), 0)
    - coalesce((select sum(r.units) from reversal r where r.project_id = c.project_id), 0)
  )::numeric(78, 0) as supply,
  c.max_holder_bps,
  coalesce(k.units, c.daily_mint_cap)::numeric(78, 0) as daily_mint_cap,
  c.treasury, c.buy_out_per_unit,
  coalesce(m.version, 0) as metadata_version,
  exists (select from metadata_freeze f where f.project_id = c.project_id) as is_metadata_frozen,
  coalesce(u.rules, '0x0000000000000000000000000000000000000000') as rules,
  coalesce((select max(e.epoch) from epoch e where e.project_id = c.project_id), 0) as epoch,
  (select count(*) from holding h where h.project_id = c.project_id)::int as holders,
  coalesce(b.countries, '{}') as blocked_countries
from project_created c
left join lateral (
  select state from project_state where project_id = c.project_id order by block_number desc, log_index desc limit 1
) s on true
left join lateral (
  select metadata_hash, uri, version from metadata where project_id = c.project_id order by version desc limit 1
) m on true
left join lateral (
  select units from mint_cap_set where project_id = c.project_id order by block_number desc, log_index desc limit 1
) k on true
left join lateral (
  select rules from rules_set where project_id = c.project_id order by block_number desc, log_index desc limit 1
) u on true
left join lateral (
  select array(
    select 256 * word + bit
    from unnest(array[word_0, word_1, word_2, word_3]::numeric[]) with ordinality as blocked (bits, at),
      lateral (select at::int - 1 as word) w, generate_series(0, 255) bit
    where mod(div(bits, power(2::numeric, bit)), 2) = 1
    order by 1
  ) as countries
  from countries_set where project_id = c.project_id order by block_number desc, log_index desc limit 1
) b on true;

-- A mint by a minter used a voucher; the others are the sale's.
create view daily_mint with (security_invoker = true) as
select
  r.project_id,
  (r.block_time at time zone 'UTC')::date as day,
  coalesce(sum(r.units) filter (where m.role = 'minter'), 0)::numeric(78, 0) as voucher_units,
  coalesce(sum(r.units) filter (where m.role is distinct from 'minter'), 0)::numeric(78, 0) as sale_units,
  count(*)::int as mints
from receipt r
left join lateral (
  select operator from transfer t
  where t.block_number = r.block_number and t.log_index < r.log_index
  order by t.log_index desc
  limit 1
) t on true
left join lateral (
  select role from role_set s
  where s.account = t.operator and (s.block_number, s.log_index) < (r.block_number, r.log_index)
  order by s.block_number desc, s.log_index desc
  limit 1
) m on true
group by 1, 2;

comment on view exit_state is 'Exits that are announced, running or done. One row per project at most.';
comment on column exit_state.project_id is 'Project';
comment on column exit_state.dao is 'The community DAO that receives all units';
comment on column exit_state.not_before is 'The exit can''t begin earlier';
comment on column exit_state.epoch is 'The last epoch whose payouts belong to the former holders; null until the exit begins';
comment on column exit_state.begun_block is 'Block in which it began; null before';
comment on column exit_state.begun_log_index is 'Log of that block in which it began';
comment on column exit_state.begun_at is 'When it began; null before';
comment on column exit_state.remaining is 'Units not yet at the DAO after the newest batch; 0 proves that none is left out; null before the first batch';
comment on column exit_state.exited_at is 'When it was finished; null before';

comment on view project is 'What a project is on chain now: its fixed terms, state, supply, metadata and rules.';
comment on column project.project_id is 'The ERC-1155 id';
comment on column project.cap is 'Most units that can ever exist';
comment on column project.max_holders is 'Most addresses that may hold units at one time; 0 means no limit';
comment on column project.lock_days is 'Lock-up that mints normally carry, in days';
comment on column project.payout_token is 'ERC-20 in which returns are paid';
comment on column project.exit_target_per_unit is 'Base units of the payout token that each unit must have earned before an exit may begin';
comment on column project.created_tx is 'Transaction that created it';
comment on column project.created_block is 'Block that created it';
comment on column project.created_at is 'Time of that block';
comment on column project.state is 'draft, funding, active, paused, exit_announced, exiting, exited or closed';
comment on column project.metadata_hash is 'SHA-256 of the newest metadata document';
comment on column project.metadata_uri is 'Where the newest metadata document is';
comment on column project.supply is 'Units that exist: minted less taken back';
comment on column project.max_holder_bps is 'Most that one holder may have, in basis points of the cap; 0 means no limit';
comment on column project.daily_mint_cap is 'Most units that vouchers can mint in one UTC day, as it is now';
comment on column project.treasury is 'Where the proceeds of a sale go; zero address when there will be none';
comment on column project.buy_out_per_unit is 'Base units per unit that buy the project out below the target; 0 means never';
comment on column project.metadata_version is 'Newest version of the metadata, counted from 1';
comment on column project.is_metadata_frozen is 'True when that version is the last';
comment on column project.rules is 'Contract that may refuse transfers besides the ledger; zero address for none';
comment on column project.epoch is 'Newest epoch opened; 0 before the first';
comment on column project.holders is 'Addresses with units now';
comment on column project.blocked_countries is 'ISO 3166-1 numeric codes of countries whose accounts can''t receive units';

comment on view daily_mint is 'Units minted by project and UTC day.';
comment on column daily_mint.project_id is 'Project';
comment on column daily_mint.day is 'UTC day';
comment on column daily_mint.voucher_units is 'Units minted on a payment attestor''s voucher: what the daily cap bounds';
comment on column daily_mint.sale_units is 'Units minted for what the sale''s escrow holds';
comment on column daily_mint.mints is 'Investments minted';

grant select on exit_state, project, daily_mint to terra_api, terra_worker, terra_analyst;
