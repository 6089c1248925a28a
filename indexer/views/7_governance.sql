-- Votes, timelocks and rights as they are now. Run with the mirror's schema as search_path, anew whenever it changes.
drop view if exists proposal;
drop view if exists governor;
drop view if exists timelock_operation;
drop view if exists timelock_member;
drop view if exists access_grant;
drop view if exists access_rule;

create view governor with (security_invoker = true) as
select
  g.governor,
  max(g.value) filter (where g.setting = 'voting_delay_seconds') as voting_delay_seconds,
  max(g.value) filter (where g.setting = 'voting_period_seconds') as voting_period_seconds,
  max(g.value) filter (where g.setting = 'proposal_threshold_units') as proposal_threshold_units,
  max(g.value) filter (where g.setting = 'quorum_bps') as quorum_bps,
  max(g.timelock) filter (where g.setting = 'timelock') as timelock
from (
  select distinct on (governor, setting) governor, setting, value::numeric as value, timelock::text as timelock
  from governor_set
  order by governor, setting, block_number desc, log_index desc
) g
group by g.governor;

-- The register of a proposal is the epoch opened in its transaction, or by an earlier one whose vote begins in the same second or, once an
-- exit has begun, the exit's. Which project a governor is for shows in those epochs, or in the exit that its timelock received.
create view proposal with (security_invoker = true) as
with register as (
  select p.governor, p.vote_start_seconds, e.project_id, e.epoch
  from proposal_created p
  cross join lateral (
    select project_id, epoch from epoch
    where block_number = p.block_number and tx_hash = p.tx_hash and log_index < p.log_index and amount = 0
    order by log_index desc
    limit 1
  ) e
),
served as (
  select g.governor, coalesce(
    (select r.project_id from register r where r.governor = g.governor limit 1),
    (select x.project_id from exit_step x where x.step = 'begun' and x.dao = g.timelock limit 1)) as project_id
  from governor g
)
select
  p.governor, p.proposal_id, p.proposer, p.description,
  p.vote_start_seconds, p.vote_end_seconds,
  case when p.vote_start_seconds < 1099511627776 then to_timestamp(p.vote_start_seconds::bigint) end as vote_starts_at,
  case when p.vote_end_seconds < 1099511627776 then to_timestamp(p.vote_end_seconds::bigint) end as vote_ends_at,
  o.project_id,
  coalesce(
    (select r.epoch from register r where r.governor = p.governor and r.vote_start_seconds = p.vote_start_seconds limit 1),
    (select x.epoch from exit_step x where x.step = 'begun' and x.project_id = o.project_id)) as epoch,
  q.eta_seconds,
  coalesce(d.step, q.step, 'proposed') as step,
  coalesce(v.against, 0)::numeric(78, 0) as against_units,
  coalesce(v.for_units, 0)::numeric(78, 0) as for_units,
  coalesce(v.abstain, 0)::numeric(78, 0) as abstain_units,
  coalesce(v.voters, 0)::int as voters,
  p.block_time as proposed_at, p.block_number, p.tx_hash
from proposal_created p
left join served o on o.governor = p.governor
left join lateral (
  select step, eta_seconds from proposal_step s where s.governor = p.governor and s.proposal_id = p.proposal_id and s.step = 'queued' limit 1
) q on true
left join lateral (
  select step from proposal_step s where s.governor = p.governor and s.proposal_id = p.proposal_id and s.step <> 'queued' limit 1
) d on true
left join lateral (
  select sum(weight) filter (where support = 0) as against, sum(weight) filter (where support = 1) as for_units,
    sum(weight) filter (where support = 2) as abstain, count(*) as voters
  from vote v where v.governor = p.governor and v.proposal_id = p.proposal_id
) v on true;

-- An operation that was cancelled can be scheduled again.
create view timelock_operation with (security_invoker = true) as
select
  s.timelock, s.operation_id, s.calls, s.predecessor, s.delay_seconds, s.scheduled_at,
  extract(epoch from s.scheduled_at) + s.delay_seconds as ready_seconds,
  case when e.block_number is not null then 'executed' when c.block_number is not null then 'cancelled' else 'scheduled' end as step,
  s.block_number, s.tx_hash
from (
  select distinct on (timelock, operation_id) timelock, operation_id, predecessor, delay_seconds, block_time as scheduled_at, block_number,
    log_index, tx_hash,
    count(*) over (partition by timelock, operation_id, block_number, tx_hash)::int as calls
  from timelock_call
  where step = 'scheduled'
  order by timelock, operation_id, block_number desc, log_index desc
) s
left join lateral (
  select block_number from timelock_call
  where timelock = s.timelock and operation_id = s.operation_id and step = 'executed'
    and (block_number, log_index) > (s.block_number, s.log_index)
  limit 1
) e on true
left join lateral (
  select block_number from timelock_step
  where timelock = s.timelock and operation_id = s.operation_id and step = 'cancelled'
    and (block_number, log_index) > (s.block_number, s.log_index)
  limit 1
) c on true;

create view timelock_member with (security_invoker = true) as
select timelock, role, account, step = 'granted' as is_member, block_number, tx_hash
from (
  select distinct on (timelock, role, account) timelock, role, account, step, block_number, tx_hash
  from timelock_role
  where step <> 'administered'
  order by timelock, role, account, block_number desc, log_index desc
) newest;

create view access_grant with (security_invoker = true) as
select m.role_id, l.label, m.account, m.is_member, m.delay_seconds, coalesce(f.since, m.since) as since, m.block_number, m.tx_hash
from (
  select distinct on (role_id, account) role_id, account, is_member, delay_seconds, since, block_number, log_index, tx_hash
  from access_member
  order by role_id, account, block_number desc, log_index desc
) m
left join lateral (
  select label from access_role
  where role_id = m.role_id and setting = 'label'
  order by block_number desc, log_index desc
  limit 1
) l on true
left join lateral (
  -- A later change of the delay doesn't make the membership a new one.
  select since from access_member
  where role_id = m.role_id and account = m.account and is_new and (block_number, log_index) <= (m.block_number, m.log_index)
  order by block_number desc, log_index desc
  limit 1
) f on m.is_member;

create view access_rule with (security_invoker = true) as
select distinct on (target, selector) target, selector, role_id, block_number, tx_hash
from access_target
where setting = 'function'
order by target, selector, block_number desc, log_index desc;

comment on view governor is 'Governors with their settings now.';
comment on column governor.governor is 'Contract';
comment on column governor.voting_delay_seconds is 'From a proposal to its vote';
comment on column governor.voting_period_seconds is 'How long a vote takes';
comment on column governor.proposal_threshold_units is 'Units that a proposer must have';
comment on column governor.quorum_bps is 'Basis points of the units in the register that must vote for or abstain';
comment on column governor.timelock is 'The timelock that acts for it: the community DAO';

comment on view proposal is 'Proposals with their register, votes and fate.';
comment on column proposal.governor is 'Governor';
comment on column proposal.proposal_id is 'Unique in a governor';
comment on column proposal.proposer is 'Who made it';
comment on column proposal.description is 'Its text';
comment on column proposal.vote_start_seconds is 'Unix second in which the vote begins';
comment on column proposal.vote_end_seconds is 'Unix second in which the vote ends';
comment on column proposal.vote_starts_at is 'The same as a time; null beyond the year 36811';
comment on column proposal.vote_ends_at is 'The same as a time; null beyond the year 36811';
comment on column proposal.project_id is 'Project whose holders decide';
comment on column proposal.epoch is 'Epoch whose balances weigh the votes';
comment on column proposal.eta_seconds is 'Unix second from which it can be executed; null until it is queued';
comment on column proposal.step is 'proposed, queued, executed or cancelled';
comment on column proposal.against_units is 'Units against';
comment on column proposal.for_units is 'Units for';
comment on column proposal.abstain_units is 'Units that abstain';
comment on column proposal.voters is 'Addresses that voted';
comment on column proposal.proposed_at is 'When it was made';
comment on column proposal.block_number is 'Block in which it was made';
comment on column proposal.tx_hash is 'Transaction in which it was made';

comment on view timelock_operation is 'What timelocks were told to do.';
comment on column timelock_operation.timelock is 'The administrator, or a community DAO';
comment on column timelock_operation.operation_id is 'Hash of what is to be done';
comment on column timelock_operation.calls is 'How many calls it makes';
comment on column timelock_operation.predecessor is 'Operation that must be done before; zero for none';
comment on column timelock_operation.delay_seconds is 'From scheduling until it can be executed';
comment on column timelock_operation.scheduled_at is 'When it was scheduled last';
comment on column timelock_operation.ready_seconds is 'Unix second from which it can be executed';
comment on column timelock_operation.step is 'scheduled, executed or cancelled';
comment on column timelock_operation.block_number is 'Block in which it was scheduled last';
comment on column timelock_operation.tx_hash is 'Transaction in which it was scheduled last';

comment on view timelock_member is 'Who has which role of a timelock.';
comment on column timelock_member.timelock is 'The administrator, or a community DAO';
comment on column timelock_member.role is 'Hash of its name, e.g. keccak256("PROPOSER_ROLE")';
comment on column timelock_member.account is 'Who; the zero address stands for everybody';
comment on column timelock_member.is_member is 'False when it was taken away';
comment on column timelock_member.block_number is 'Block of the newest change';
comment on column timelock_member.tx_hash is 'Transaction of the newest change';

comment on view access_grant is 'Who has which role of the access manager.';
comment on column access_grant.role_id is '0 is the administrator''s';
comment on column access_grant.label is 'Name of the role; null when it has none';
comment on column access_grant.account is 'Who';
comment on column access_grant.is_member is 'False when it was taken away';
comment on column access_grant.delay_seconds is 'Between scheduling and doing; null when it was taken away';
comment on column access_grant.since is 'From when on; null when it was taken away';
comment on column access_grant.block_number is 'Block of the newest change';
comment on column access_grant.tx_hash is 'Transaction of the newest change';

comment on view access_rule is 'Which role may call which function of which contract.';
comment on column access_rule.target is 'Contract';
comment on column access_rule.selector is 'First four bytes of the hash of the function''s signature';
comment on column access_rule.role_id is 'Role of the access manager';
comment on column access_rule.block_number is 'Block of the newest change';
comment on column access_rule.tx_hash is 'Transaction of the newest change';

grant select on governor, proposal, timelock_operation, timelock_member, access_grant, access_rule to terra_api, terra_worker, terra_analyst;
