-- Under which exemption from registration an offering is sold, and what its limits look at.

-- Fixed like all terms of an offering once it is submitted; null where the issuer names none.
alter table app.project add column exemption text check (exemption in ('reg_cf', 'reg_d_506c', 'reg_a_tier_2', 'reg_s'));
-- 17 CFR 227.501(a): a year without resale, and a leap year is one.
alter table app.project add constraint reg_cf_lock check (submitted_at is null or exemption is distinct from 'reg_cf' or lock_days >= 366);

-- One row per statement of an investor about income and net worth: the newest counts, the others stay as evidence of what was relied on.
create table app.finances (
  id bigint generated always as identity primary key,
  account_id uuid not null references app.account,
  annual_income_cents bigint not null check (annual_income_cents >= 0),
  net_worth_cents bigint not null check (net_worth_cents >= 0),
  -- Income and net worth are those of the investor and a spouse together.
  is_joint boolean not null,
  -- Committed under Regulation Crowdfunding elsewhere, in the twelve months before the statement.
  outside_cents bigint not null check (outside_cents >= 0),
  stated_at timestamptz not null
);
create index finances_account on app.finances (account_id, stated_at desc);

alter table app.finances enable row level security;
alter table app.finances force row level security;
create policy worker on app.finances to terra_worker using (true) with check (true);
create policy owner on app.finances to terra_api using (account_id = app.current_account()) with check (account_id = app.current_account());
grant select, insert on app.finances to terra_api;
grant select on app.finances to terra_worker;

-- What everybody together committed to an issuer under Regulation Crowdfunding since a moment, without showing who.
create function app.reg_cf_committed(issuer uuid, since timestamptz) returns bigint
language sql stable security definer
set search_path = app, pg_temp
as $$
  select coalesce(sum(i.amount_cents), 0)::bigint
  from app.investment i
  join app.project p using (project_id)
  where p.exemption = 'reg_cf' and i.issuer_id = issuer and i.created_at >= since
    and i.state in ('awaiting_payment', 'payment_failed', 'paid', 'minting', 'settled', 'review')
$$;
-- The worker's policy lets it count every row, whoever calls.
alter function app.reg_cf_committed owner to terra_worker;

-- All that the rules looked at, so that a decision can be made again: amounts as digits and n, times as ISO 8601.
alter table app.decision add column facts jsonb;

-- 17 CFR 227.100(a). Since 2021 the greater of income and net worth counts, and accredited investors have no limit. That the ceiling also
-- holds for who is below the threshold is how portals read the rule; the text alone doesn't say so ("capsBelowThreshold").
insert into app.rule (code, effective_from, effective_to, value, citation) values
  ('FINANCES_STATED', '2016-05-16T04:00:00Z', null, '{"months": 12}',
    '17 CFR 227.303(b)(1): a reasonable basis for believing that the investor stays within the limits; stated anew every twelve months (platform terms)'),
  ('REG_CF_INVESTOR', '2016-05-16T04:00:00Z', '2017-04-12T04:00:00Z',
    '{"thresholdCents": "10000000", "floorCents": "200000", "belowBps": 500, "aboveBps": 1000, "ceilingCents": "10000000", "measure": "lesser", "capsBelowThreshold": true, "accreditedAreFree": false}',
    '17 CFR 227.100(a)(2), 80 FR 71388'),
  ('REG_CF_INVESTOR', '2017-04-12T04:00:00Z', '2021-03-15T04:00:00Z',
    '{"thresholdCents": "10700000", "floorCents": "220000", "belowBps": 500, "aboveBps": 1000, "ceilingCents": "10700000", "measure": "lesser", "capsBelowThreshold": true, "accreditedAreFree": false}',
    '17 CFR 227.100(a)(2), 82 FR 17545'),
  ('REG_CF_INVESTOR', '2021-03-15T04:00:00Z', '2022-09-20T04:00:00Z',
    '{"thresholdCents": "10700000", "floorCents": "220000", "belowBps": 500, "aboveBps": 1000, "ceilingCents": "10700000", "measure": "greater", "capsBelowThreshold": true, "accreditedAreFree": true}',
    '17 CFR 227.100(a)(2), 86 FR 3496'),
  ('REG_CF_INVESTOR', '2022-09-20T04:00:00Z', null,
    '{"thresholdCents": "12400000", "floorCents": "250000", "belowBps": 500, "aboveBps": 1000, "ceilingCents": "12400000", "measure": "greater", "capsBelowThreshold": true, "accreditedAreFree": true}',
    '17 CFR 227.100(a)(2), 87 FR 57398'),
  ('REG_CF_ISSUER', '2016-05-16T04:00:00Z', '2017-04-12T04:00:00Z', '{"cents": "100000000"}', '17 CFR 227.100(a)(1), 80 FR 71388'),
  ('REG_CF_ISSUER', '2017-04-12T04:00:00Z', '2021-03-15T04:00:00Z', '{"cents": "107000000"}', '17 CFR 227.100(a)(1), 82 FR 17545'),
  ('REG_CF_ISSUER', '2021-03-15T04:00:00Z', null, '{"cents": "500000000"}', '17 CFR 227.100(a)(1), 86 FR 3496'),
  ('REG_D_506C', '2013-09-23T04:00:00Z', null, '{"classes": [1, 2]}', '17 CFR 230.506(c): all purchasers are accredited investors'),
  ('REG_A_INVESTOR', '2015-06-19T04:00:00Z', null, '{"bps": 1000}',
    '17 CFR 230.251(d)(2)(i)(C): 10 % of the greater of annual income or net worth'),
  ('REG_S_OUTSIDE_US', '1990-05-02T04:00:00Z', null, '{"countries": ["US", "PR", "GU", "VI", "AS", "MP", "UM"]}',
    '17 CFR 230.903(a)(1), 230.902(k) and (l): offers and sales outside the United States, its territories and possessions');
