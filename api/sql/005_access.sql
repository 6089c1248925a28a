-- Who may see and change what; then the rules in force.

-- Row-level security: the api sees a row as its account or its issuer allows; the worker, which serves everybody, sees all.
-- FORCE makes it hold for the owner too.
do $$
declare
  t text;
begin
  foreach t in array array['issuer_member', 'project', 'document', 'project_update', 'investment'] loop
    execute format('alter table app.%I enable row level security', t);
    execute format('alter table app.%I force row level security', t);
    execute format('create policy worker on app.%I to terra_worker using (true) with check (true)', t);
    -- An issuer writes its own rows; of investments it only sees those in its projects.
    execute format('create policy issuer on app.%I %s to terra_api using (issuer_id = app.current_issuer()) %s', t,
      case t when 'investment' then 'for select' else '' end,
      case t when 'investment' then '' else 'with check (issuer_id = app.current_issuer())' end);
  end loop;
end
$$;
create policy submitted on app.project for select to terra_api using (submitted_at is not null);
create policy submitted on app.document for select to terra_api
  using (exists (select 1 from app.project p where p.project_id = document.project_id and p.submitted_at is not null));
create policy submitted on app.project_update for select to terra_api
  using (exists (select 1 from app.project p where p.project_id = project_update.project_id and p.submitted_at is not null));
-- An investor may ask for units and take the wish back; that it was paid or minted is the worker's to say.
create policy owner on app.investment to terra_api
  using (account_id = app.current_account())
  with check (account_id = app.current_account() and state in ('awaiting_payment', 'cancelled'));

grant usage on schema app to terra_api, terra_worker;

-- The issuer an account acts for, or null: asked before there is an issuer whose rows could be seen.
create function app.issuer_of(account uuid) returns uuid
language sql stable security definer
set search_path = app, pg_temp
as $$
  select issuer_id from app.issuer_member where account_id = account order by issuer_id limit 1
$$;
-- The worker's policy lets it see every row, whoever calls.
alter function app.issuer_of owner to terra_worker;

-- Units promised to anybody in a project, without showing whose, and units minted without an order here: what "remaining" is computed from.
create function app.units_taken(project int, as_of timestamptz) returns bigint
language sql stable security definer
set search_path = app, pg_temp
as $$
  with promised as (
    select chain_investment_id, units from app.investment
    where project_id = project
      and (state in ('paid', 'minting', 'settled', 'review')
        or (state in ('awaiting_payment', 'payment_failed') and reserved_until > as_of))
  )
  select (
    (select coalesce(sum(units), 0) from promised)
    + (select coalesce(sum(r.units), 0) from chain.receipt r
       where r.project_id = project and r.investment_id not in (select chain_investment_id from promised))
  )::bigint
$$;
-- The worker's policy lets it count every row, whoever calls.
alter function app.units_taken owner to terra_worker;

grant select, insert, update on all tables in schema app to terra_api, terra_worker;
grant delete on app.siwe_nonce, app.feed_ticket, app.login_attempt, app.idempotency_key to terra_api, terra_worker;
revoke insert, update on app.investment_edge, app.rule from terra_api, terra_worker;
-- Who acts for an issuer is not for the api to say.
revoke insert, update on app.issuer_member from terra_api;
-- Only the worker touches what leads to a signature.
revoke insert, update on app.signer, app.chain_intent, app.tx_attempt from terra_api;
-- And only the worker, which re-reads the provider, says what became of a payment.
revoke update on app.payment from terra_api;
grant usage on all sequences in schema app to terra_api, terra_worker;

-- Where BullMQ keeps its tables when no Redis is given; the worker creates them.
create schema bullmq authorization terra_worker;
-- A worker that was frozen inside a transaction must not hold its locks for ever.
alter role terra_worker set idle_in_transaction_session_timeout = '10s';

-- The rules an investment is measured by. A change is a new row with its own date, never an edit.
insert into app.rule (code, effective_from, value, citation) values
  ('KYC_REQUIRED', '2020-01-01T00:00:00Z', '{"required": true}',
    '31 CFR 1023.220 (customer identification program); Directive (EU) 2015/849 art. 13'),
  ('WALLET_REQUIRED', '2020-01-01T00:00:00Z', '{"registered": true}',
    'Platform terms: units are minted only to the investor''s own proven and registered wallet'),
  ('PROJECT_OPEN', '2020-01-01T00:00:00Z', '{"states": ["active"]}',
    'ITerraLuminaOwnership.State: units are minted only while a project is active'),
  ('PLATFORM_MINIMUM', '2020-01-01T00:00:00Z', '{"cents": "1000"}',
    'Platform terms: smallest investment 10 US dollars'),
  ('PLATFORM_MAXIMUM', '2020-01-01T00:00:00Z', '{"cents": "99999999"}',
    'Stripe: the largest single charge has eight digits in the smallest unit (docs.stripe.com/currencies)'),
  ('PROJECT_MINIMUM', '2020-01-01T00:00:00Z', '{"from": "project.min_investment_cents"}',
    'Offering terms of the project'),
  ('WHOLE_UNITS', '2020-01-01T00:00:00Z', '{"decimals": 0}',
    'Units are indivisible (ERC-1155 balances of whole units)'),
  ('SUPPLY', '2020-01-01T00:00:00Z', '{"from": "project.units_offered"}',
    'Offering terms of the project; the cap fixed on chain'),
  ('BLOCKED_COUNTRIES', '2020-01-01T00:00:00Z', '["CU", "IR", "KP"]',
    'US comprehensive sanctions: 31 CFR 515 (Cuba), 31 CFR 560 (Iran), 31 CFR 510 (North Korea)'),
  ('RESALE_LOCK', '2020-01-01T00:00:00Z', '{"from": "project.lock_days"}',
    'Offering terms of the project; 17 CFR 227.501(a) where Regulation Crowdfunding applies');
