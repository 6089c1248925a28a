-- Answers to what analysts ask, over the mirror of this system. Unlike the other views it names its schemas: it exists once.
-- Every view says as of which block its figures are.
drop view if exists analytics.votes;
drop view if exists analytics.exits;
drop view if exists analytics.sales;
drop view if exists analytics.unlock_calendar;
drop view if exists analytics.lots;
drop view if exists analytics.distributions;
drop view if exists analytics.cohorts;
drop view if exists analytics.flows;
drop view if exists analytics.concentration;
drop view if exists analytics.holders;

create view analytics.holders with (security_invoker = true) as
select
  k.block_number as as_of_block, h.project_id, h.holder, a.investor_id, a.country, a.class, h.units,
  rank() over (partition by h.project_id order by h.units desc)::int as place,
  h.units / sum(h.units) over (partition by h.project_id) as share,
  f.first_at as holder_since
from chain.holding h
cross join chain.checkpoint k
left join chain.account a on a.account = h.holder
left join (
  select project_id, to_address, min(block_time) as first_at from chain.transfer where units > 0 group by project_id, to_address
) f on f.project_id = h.project_id and f.to_address = h.holder;

-- The Herfindahl index is the sum of the squares of the shares: 1 when one holder has all, 1/n when n have the same.
create view analytics.concentration with (security_invoker = true) as
select
  as_of_block, project_id, count(*)::int as holders, sum(units)::numeric(78, 0) as units,
  sum(share) filter (where nth = 1) as top_1_share,
  sum(share) filter (where nth <= 5) as top_5_share,
  sum(share) filter (where nth <= 10) as top_10_share,
  sum(share * share) as herfindahl,
  1 / sum(share * share) as effective_holders
from (
  select k.block_number as as_of_block, h.project_id, h.units,
    h.units / sum(h.units) over (partition by h.project_id) as share,
    row_number() over (partition by h.project_id order by h.units desc, h.holder) as nth
  from chain.holding h
  cross join chain.checkpoint k
) ranked
group by as_of_block, project_id;

create view analytics.flows with (security_invoker = true) as
select
  k.block_number as as_of_block, t.project_id, (t.block_time at time zone 'UTC')::date as day,
  count(*)::int as transfers,
  coalesce(sum(t.units) filter (where t.from_address = '0x0000000000000000000000000000000000000000'), 0)::numeric(78, 0) as minted,
  coalesce(sum(t.units) filter (where t.to_address = '0x0000000000000000000000000000000000000000'), 0)::numeric(78, 0) as taken_back,
  coalesce(sum(t.units) filter (where '0x0000000000000000000000000000000000000000' not in (t.from_address, t.to_address)), 0)::numeric(78, 0)
    as moved,
  count(distinct t.from_address)::int as senders,
  count(distinct t.to_address)::int as receivers
from chain.transfer t
cross join chain.checkpoint k
group by 1, 2, 3;

create view analytics.cohorts with (security_invoker = true) as
select
  k.block_number as as_of_block, first.project_id, first.month, count(*)::int as joined,
  count(h.holder)::int as still_holding,
  count(h.holder)::numeric / count(*) as retention,
  coalesce(sum(h.units), 0)::numeric(78, 0) as units
from (
  select project_id, to_address as holder, date_trunc('month', min(block_time) at time zone 'UTC')::date as month
  from chain.transfer
  where units > 0 and to_address <> '0x0000000000000000000000000000000000000000'
  group by project_id, to_address
) first
cross join chain.checkpoint k
left join chain.holding h on h.project_id = first.project_id and h.holder = first.holder
group by 1, 2, 3;

-- Claims settle all epochs at once, so what was claimed and is due is known by project, not by distribution.
create view analytics.distributions with (security_invoker = true) as
select
  k.block_number as as_of_block, d.project_id, d.token,
  count(*)::int as distributions,
  sum(d.amount)::numeric(78, 0) as distributed,
  coalesce(c.amount, 0)::numeric(78, 0) as claimed,
  coalesce(b.amount, 0)::numeric(78, 0) as clawed_back,
  coalesce(u.amount, 0)::numeric(78, 0) as claimable,
  coalesce(c.amount, 0) / sum(d.amount) as claim_rate,
  coalesce(c.claimants, 0)::int as claimants,
  max(d.block_time) as newest_at
from chain.distribution d
cross join chain.checkpoint k
left join (
  select project_id, sum(amount) as amount, count(distinct holder) as claimants from chain.claim group by project_id
) c on c.project_id = d.project_id
left join (select project_id, sum(amount) as amount from chain.clawback group by project_id) b on b.project_id = d.project_id
left join (select project_id, sum(amount) as amount from chain.claimable group by project_id) u on u.project_id = d.project_id
group by k.block_number, d.project_id, d.token, c.amount, c.claimants, b.amount, u.amount;

create view analytics.lots with (security_invoker = true) as
select
  k.block_number as as_of_block, l.project_id, l.investment_id, l.holder, l.units, l.unlocks_on, l.state, l.minted_at,
  l.state = 'open' and l.unlocks_on > (k.block_time at time zone 'UTC')::date as is_locked
from chain.lot l
cross join chain.checkpoint k;

create view analytics.unlock_calendar with (security_invoker = true) as
select
  as_of_block, project_id, unlocks_on, count(*)::int as lots, count(distinct holder)::int as holders,
  sum(units)::numeric(78, 0) as units,
  sum(sum(units)) over (partition by project_id order by unlocks_on)::numeric(78, 0) as units_free_by_then
from analytics.lots
where is_locked
group by as_of_block, project_id, unlocks_on;

create view analytics.sales with (security_invoker = true) as
select
  k.block_number as as_of_block, s.project_id, s.state, s.currency, s.price_per_unit, s.target_units, s.hard_cap_units,
  s.open_units, s.settled_units,
  (s.open_units + s.settled_units) / s.target_units as progress,
  s.investors, s.escrow, s.proceeds, s.withdrawn,
  c.commitments, c.cancelled, c.refunded,
  s.opens_at, s.closes_at, s.finalized_at
from chain.sale s
cross join chain.checkpoint k
cross join lateral (
  select count(*)::int as commitments, count(*) filter (where o.state = 'cancelled')::int as cancelled,
    count(*) filter (where o.state = 'refunded')::int as refunded
  from chain.commitment o
  where o.project_id = s.project_id
) c;

create view analytics.exits with (security_invoker = true) as
select
  k.block_number as as_of_block, x.project_id, x.dao, x.not_before, x.begun_at, x.exited_at,
  case when x.exited_at is not null then 'exited' when x.begun_at is not null then 'exiting' else 'announced' end as state,
  (select count(*)::int from chain.exit_move m where m.project_id = x.project_id) as holders_moved,
  (select coalesce(sum(m.units), 0)::numeric(78, 0) from chain.exit_move m where m.project_id = x.project_id) as units_moved,
  x.remaining
from chain.exit_state x
cross join chain.checkpoint k;

create view analytics.votes with (security_invoker = true) as
select
  k.block_number as as_of_block, p.project_id, p.governor, p.proposal_id, p.description, p.step,
  p.vote_starts_at, p.vote_ends_at, p.for_units, p.against_units, p.abstain_units, p.voters,
  e.supply as register_units,
  (p.for_units + p.against_units + p.abstain_units) / nullif(e.supply, 0) as turnout
from chain.proposal p
cross join chain.checkpoint k
left join chain.epoch e on e.project_id = p.project_id and e.epoch = p.epoch;

comment on view analytics.holders is 'Every holder of every project now.';
comment on column analytics.holders.as_of_block is 'Newest block of the mirror';
comment on column analytics.holders.project_id is 'Project';
comment on column analytics.holders.holder is 'Address';
comment on column analytics.holders.investor_id is 'The person or organisation behind it; null for an address that was never registered';
comment on column analytics.holders.country is 'ISO 3166-1 numeric code';
comment on column analytics.holders.class is '0 retail, 1 accredited, 2 institution';
comment on column analytics.holders.units is 'Units now';
comment on column analytics.holders.place is '1 for the largest holder of the project; equals share a place';
comment on column analytics.holders.share is 'Part of the supply, 0 to 1';
comment on column analytics.holders.holder_since is 'When it first got units of the project';

comment on view analytics.concentration is 'How the units of each project are spread.';
comment on column analytics.concentration.as_of_block is 'Newest block of the mirror';
comment on column analytics.concentration.project_id is 'Project';
comment on column analytics.concentration.holders is 'Addresses with units';
comment on column analytics.concentration.units is 'Units that exist';
comment on column analytics.concentration.top_1_share is 'Part of the largest holder, 0 to 1';
comment on column analytics.concentration.top_5_share is 'Part of the five largest';
comment on column analytics.concentration.top_10_share is 'Part of the ten largest';
comment on column analytics.concentration.herfindahl is 'Sum of the squares of the shares: 1 when one has all, 1/n when n have the same';
comment on column analytics.concentration.effective_holders is '1 / Herfindahl: as many equal holders would be as concentrated';

comment on view analytics.flows is 'Units that moved, by project and UTC day.';
comment on column analytics.flows.as_of_block is 'Newest block of the mirror';
comment on column analytics.flows.project_id is 'Project';
comment on column analytics.flows.day is 'UTC day';
comment on column analytics.flows.transfers is 'Moves, mints and burns among them; each entry of a batch counts';
comment on column analytics.flows.minted is 'Units minted';
comment on column analytics.flows.taken_back is 'Units burned by reversals';
comment on column analytics.flows.moved is 'Units moved between holders';
comment on column analytics.flows.senders is 'Addresses that units came from, the zero address of mints among them';
comment on column analytics.flows.receivers is 'Addresses that units went to, the zero address of reversals among them';

comment on view analytics.cohorts is 'Holders by the month in which they first got units of a project, and what became of them.';
comment on column analytics.cohorts.as_of_block is 'Newest block of the mirror';
comment on column analytics.cohorts.project_id is 'Project';
comment on column analytics.cohorts.month is 'First day of the month, UTC';
comment on column analytics.cohorts.joined is 'Addresses that first got units in that month';
comment on column analytics.cohorts.still_holding is 'Those of them that have units now';
comment on column analytics.cohorts.retention is 'still_holding / joined, 0 to 1';
comment on column analytics.cohorts.units is 'Units they have now';

comment on view analytics.distributions is 'Payouts of each project, and how much of them was claimed.';
comment on column analytics.distributions.as_of_block is 'Newest block of the mirror';
comment on column analytics.distributions.project_id is 'Project';
comment on column analytics.distributions.token is 'ERC-20 that was paid';
comment on column analytics.distributions.distributions is 'How many there were';
comment on column analytics.distributions.distributed is 'Base units paid in';
comment on column analytics.distributions.claimed is 'Base units paid out to holders';
comment on column analytics.distributions.clawed_back is 'Base units that went back to the treasury';
comment on column analytics.distributions.claimable is 'Base units that holders could claim now';
comment on column analytics.distributions.claim_rate is 'claimed / distributed, 0 to 1';
comment on column analytics.distributions.claimants is 'Addresses that ever claimed';
comment on column analytics.distributions.newest_at is 'When the newest was made';

comment on view analytics.lots is 'Every investment minted, with where its units are and whether they are locked.';
comment on column analytics.lots.as_of_block is 'Newest block of the mirror';
comment on column analytics.lots.project_id is 'Project';
comment on column analytics.lots.investment_id is 'Investment';
comment on column analytics.lots.holder is 'Who has the lot';
comment on column analytics.lots.units is 'Units minted';
comment on column analytics.lots.unlocks_on is 'First day on which they may move; null for no lock-up';
comment on column analytics.lots.state is 'open, released or reversed';
comment on column analytics.lots.minted_at is 'When it was minted';
comment on column analytics.lots.is_locked is 'Whether its day is still to come; null for no lock-up';

comment on view analytics.unlock_calendar is 'When locked units become free.';
comment on column analytics.unlock_calendar.as_of_block is 'Newest block of the mirror';
comment on column analytics.unlock_calendar.project_id is 'Project';
comment on column analytics.unlock_calendar.unlocks_on is 'Day';
comment on column analytics.unlock_calendar.lots is 'Lots whose day it is';
comment on column analytics.unlock_calendar.holders is 'Whose they are';
comment on column analytics.unlock_calendar.units is 'Their units';
comment on column analytics.unlock_calendar.units_free_by_then is 'Units that become free up to that day';

comment on view analytics.sales is 'How far sales have come.';
comment on column analytics.sales.as_of_block is 'Newest block of the mirror';
comment on column analytics.sales.project_id is 'Project';
comment on column analytics.sales.state is 'open, succeeded or failed';
comment on column analytics.sales.currency is 'ERC-20 that buyers pay in';
comment on column analytics.sales.price_per_unit is 'Base units of the currency';
comment on column analytics.sales.target_units is 'Fewer than this at the end, and all is paid back';
comment on column analytics.sales.hard_cap_units is 'Most units that can be committed';
comment on column analytics.sales.open_units is 'Units of open commitments';
comment on column analytics.sales.settled_units is 'Units minted for commitments';
comment on column analytics.sales.progress is 'Open and settled units / target; 1 when the target is reached';
comment on column analytics.sales.investors is 'Persons or organisations with commitments that are open or settled';
comment on column analytics.sales.escrow is 'Base units behind open commitments';
comment on column analytics.sales.proceeds is 'Base units that the treasury hasn''t got yet';
comment on column analytics.sales.withdrawn is 'Base units that the treasury has got';
comment on column analytics.sales.commitments is 'Commitments ever made';
comment on column analytics.sales.cancelled is 'Those that were cancelled';
comment on column analytics.sales.refunded is 'Those that were paid back';
comment on column analytics.sales.opens_at is 'When commitments begin';
comment on column analytics.sales.closes_at is 'When they end, as things stand';
comment on column analytics.sales.finalized_at is 'When the outcome was decided; null before';

comment on view analytics.exits is 'Exits to community DAOs, and how complete they are.';
comment on column analytics.exits.as_of_block is 'Newest block of the mirror';
comment on column analytics.exits.project_id is 'Project';
comment on column analytics.exits.dao is 'Community DAO';
comment on column analytics.exits.not_before is 'It can''t begin earlier';
comment on column analytics.exits.begun_at is 'When it began; null before';
comment on column analytics.exits.exited_at is 'When it was finished; null before';
comment on column analytics.exits.state is 'announced, exiting or exited';
comment on column analytics.exits.holders_moved is 'Holders whose units went to the DAO';
comment on column analytics.exits.units_moved is 'Units that went to the DAO';
comment on column analytics.exits.remaining is 'Units not yet at the DAO; 0 proves that none is left out; null before the first batch';

comment on view analytics.votes is 'Proposals of the community DAOs and how they were voted on.';
comment on column analytics.votes.as_of_block is 'Newest block of the mirror';
comment on column analytics.votes.project_id is 'Project whose holders decide';
comment on column analytics.votes.governor is 'Governor';
comment on column analytics.votes.proposal_id is 'Unique in a governor';
comment on column analytics.votes.description is 'Text of the proposal';
comment on column analytics.votes.step is 'proposed, queued, executed or cancelled';
comment on column analytics.votes.vote_starts_at is 'When the vote begins';
comment on column analytics.votes.vote_ends_at is 'When the vote ends';
comment on column analytics.votes.for_units is 'Units for';
comment on column analytics.votes.against_units is 'Units against';
comment on column analytics.votes.abstain_units is 'Units that abstain';
comment on column analytics.votes.voters is 'Addresses that voted';
comment on column analytics.votes.register_units is 'Units that could vote: the supply at the register''s epoch';
comment on column analytics.votes.turnout is 'Part of them that voted, 0 to 1';

grant select on all tables in schema analytics to terra_api, terra_worker, terra_analyst;
