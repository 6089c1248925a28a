-- What the platform itself knows: people, projects, money in, things to do. Holdings are never kept here; see schema chain.
create schema app;

create extension if not exists citext;
create extension if not exists pg_trgm;
create extension if not exists cube;
create extension if not exists earthdistance;

-- The row-level security context of the running transaction; empty means nobody.
create function app.current_account() returns uuid
language sql stable
return nullif(current_setting('app.account_id', true), '')::uuid;

create function app.current_issuer() returns uuid
language sql stable
return nullif(current_setting('app.issuer_id', true), '')::uuid;

-- One row per person or organisation that can sign in.
create table app.account (
  id uuid primary key default gen_random_uuid(),
  -- The number by which the chain knows the investor; dense and never reused.
  investor_id bigint generated always as identity unique,
  email citext unique,
  password_hash text,
  country char(2),
  display_name text,
  role text not null default 'investor'
    check (role in ('investor', 'issuer', 'operator', 'analyst', 'support', 'compliance', 'admin', 'super_admin', 'dao')),
  created_at timestamptz not null default now(),
  check (email is null or password_hash is not null)
);

-- One row per e-mail, known or not, that logins were tried with lately. The hash is keyed: the table lists nobody.
create table app.login_attempt (
  email_hash bytea primary key,
  failures int not null,
  -- Stands still once the e-mail is locked.
  last_at timestamptz not null
);

-- One row per sign-in; rotated refresh tokens of one sign-in share the family.
create table app.session (
  id uuid primary key default gen_random_uuid(),
  family uuid not null,
  account_id uuid not null references app.account,
  refresh_hash bytea not null unique,
  user_agent text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- When this refresh token was exchanged, and the session that followed it.
  rotated_at timestamptz,
  successor uuid references app.session,
  revoked_at timestamptz
);
create index session_family on app.session (family);
create index session_account on app.session (account_id);

-- One row per wallet sign-in challenge; used once.
create table app.siwe_nonce (
  nonce text primary key,
  -- Ties the challenge to the browser that asked for it.
  browser_hash bytea not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- One row per address an account has proven by signature.
create table app.wallet (
  address chain.address primary key,
  account_id uuid not null references app.account,
  -- The one wallet that receives units; at most one per account.
  active boolean not null default true,
  proven_at timestamptz not null
);
create unique index wallet_active on app.wallet (account_id) where active;

-- One row per identity check at the provider.
create table app.kyc_check (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references app.account,
  provider text not null,
  applicant_ref text not null,
  check_ref text unique,
  form_url text,
  state text not null check (state in ('started', 'in_review', 'approved', 'rejected', 'expired')),
  created_at timestamptz not null,
  decided_at timestamptz,
  expires_at timestamptz,
  -- When the worker reads the check at the provider again; null once it is decided.
  due_at timestamptz
);
create index kyc_check_due on app.kyc_check (due_at) where due_at is not null;
create index kyc_check_account on app.kyc_check (account_id, created_at desc);

-- One row per issuer: a tenant that lists projects.
create table app.issuer (
  id uuid primary key default gen_random_uuid(),
  name text not null unique,
  country char(2) not null,
  website text,
  created_at timestamptz not null default now()
);

-- One row per account that acts for an issuer.
create table app.issuer_member (
  issuer_id uuid not null references app.issuer,
  account_id uuid not null references app.account,
  primary key (issuer_id, account_id)
);

-- One row per listed project. `project_id` is the ERC-1155 id: an explicit sequence, stored on both sides.
create table app.project (
  project_id int primary key generated always as identity (maxvalue 16777215),
  issuer_id uuid not null references app.issuer,
  slug text not null unique,
  name text not null,
  summary text not null,
  description text not null,
  technology text not null check (technology in ('solar', 'wind', 'hydro', 'geothermal', 'biomass', 'storage')),
  build_status text not null check (build_status in ('planning', 'construction', 'operating')),
  country char(2) not null,
  city text not null,
  latitude double precision not null check (latitude between -90 and 90),
  longitude double precision not null check (longitude between -180 and 180),
  capacity_kw bigint not null check (capacity_kw > 0),
  annual_mwh bigint not null check (annual_mwh >= 0),
  currency char(3) not null default 'USD' check (currency in ('USD')),
  unit_price_cents bigint not null check (unit_price_cents > 0),
  -- Units on offer; the cap on chain.
  units_offered bigint not null check (units_offered > 0 and units_offered < 72057594037927936),
  min_investment_cents bigint not null default 1000 check (min_investment_cents >= 1000),
  expected_return_bps int not null check (expected_return_bps between 0 and 10000),
  exit_years int not null check (exit_years between 1 and 50),
  -- Payout-token base units each unit must have earned before an exit may begin.
  exit_target_per_unit numeric(39, 0) not null,
  lock_days int not null default 0 check (lock_days between 0 and 3650),
  -- draft: issuer only; submitted: metadata pinned, waiting for the chain; listed once ProjectCreated is mirrored.
  submitted_at timestamptz,
  metadata_cid text,
  metadata_sha256 chain.hash,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  search tsvector generated always as (
    setweight(to_tsvector('english', name), 'A')
    || setweight(to_tsvector('english', summary || ' ' || technology || ' ' || city), 'B')
    || setweight(to_tsvector('english', description), 'C')
  ) stored
);
create index project_issuer on app.project (issuer_id);
create index project_technology on app.project (technology);
create index project_country on app.project (country);
create index project_search on app.project using gin (search);
create index project_name_trgm on app.project using gin (name gin_trgm_ops);
create index project_place on app.project using gist (ll_to_earth(latitude, longitude));

-- One row per document of a project; the bytes are in the block store under the CID.
create table app.document (
  id uuid primary key default gen_random_uuid(),
  project_id int not null references app.project,
  issuer_id uuid not null references app.issuer,
  kind text not null check (kind in ('prospectus', 'environmental', 'technical', 'financial', 'legal', 'report', 'other')),
  title text not null,
  file_name text not null,
  media_type text not null,
  bytes bigint not null check (bytes > 0),
  cid text not null,
  sha256 chain.hash not null,
  created_at timestamptz not null,
  unique (project_id, cid)
);

-- One row per news item of a project.
create table app.project_update (
  id uuid primary key default gen_random_uuid(),
  project_id int not null references app.project,
  issuer_id uuid not null references app.issuer,
  kind text not null check (kind in ('progress', 'financial', 'community')),
  title text not null,
  content text not null,
  published_at timestamptz not null
);
create index project_update_project on app.project_update (project_id, published_at desc);

-- One row per dated rule value; a change is a new row, never an edit.
create table app.rule (
  code text not null,
  effective_from timestamptz not null,
  effective_to timestamptz,
  value jsonb not null,
  citation text not null,
  primary key (code, effective_from)
);

-- One row per answer of the rules, so that it can be explained and replayed.
create table app.decision (
  id uuid primary key default gen_random_uuid(),
  subject text not null check (subject in ('invest', 'settle')),
  account_id uuid not null references app.account,
  project_id int not null references app.project,
  investment_id uuid,
  allowed boolean not null,
  -- Each rule asked: code, effective_from, value, seen, passed.
  findings jsonb not null,
  decided_at timestamptz not null
);

-- One row per investment: intent, payment and settlement. The units themselves are on chain under `chain_id`.
create table app.investment (
  id uuid primary key,
  -- investmentId on chain: keccak256 of environment, chain, contract and id.
  chain_investment_id chain.hash not null unique,
  account_id uuid not null references app.account,
  project_id int not null references app.project,
  issuer_id uuid not null references app.issuer,
  wallet chain.address not null,
  units bigint not null check (units > 0),
  unit_price_cents bigint not null check (unit_price_cents > 0),
  amount_cents bigint not null,
  currency char(3) not null,
  state text not null check (state in
    ('awaiting_payment', 'paid', 'minting', 'settled', 'cancelled', 'expired', 'payment_failed', 'refund_due', 'refunded', 'review')),
  reserved_until timestamptz not null,
  -- Why a person must look at it; set exactly in state review.
  review_reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check ((state = 'review') = (review_reason is not null)),
  check (amount_cents = units * unit_price_cents)
);
create index investment_account on app.investment (account_id, created_at desc);
create index investment_project on app.investment (project_id, state);
create index investment_issuer on app.investment (issuer_id);

-- One row per legal step of an investment; a step not listed is refused.
create table app.investment_edge (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
insert into app.investment_edge values
  ('awaiting_payment', 'paid'), ('awaiting_payment', 'cancelled'), ('awaiting_payment', 'expired'),
  ('awaiting_payment', 'payment_failed'), ('awaiting_payment', 'refund_due'), ('awaiting_payment', 'review'),
  ('payment_failed', 'awaiting_payment'), ('payment_failed', 'paid'), ('payment_failed', 'cancelled'), ('payment_failed', 'expired'),
  ('payment_failed', 'refund_due'), ('payment_failed', 'review'),
  ('expired', 'refund_due'), ('cancelled', 'refund_due'), ('expired', 'review'), ('cancelled', 'review'),
  ('paid', 'minting'), ('paid', 'refund_due'), ('paid', 'review'),
  ('minting', 'settled'), ('minting', 'review'),
  ('settled', 'minting'), ('settled', 'review'),
  ('review', 'paid'), ('review', 'minting'), ('review', 'refund_due'),
  ('refund_due', 'refunded');

create function app.check_investment_step() returns trigger
language plpgsql
as $$
begin
  if new.state <> old.state and not exists (
    select 1 from app.investment_edge where from_state = old.state and to_state = new.state
  ) then
    raise exception 'investment % cannot go from % to %', old.id, old.state, new.state using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger investment_step before update on app.investment
for each row execute function app.check_investment_step();

-- A hint for whoever shows the account its investments; carries no figures.
create function app.ring_investment() returns trigger
language plpgsql
as $$
begin
  perform pg_notify('investment_changed', new.account_id::text);
  return null;
end
$$;
create trigger investment_created_bell after insert on app.investment
for each row execute function app.ring_investment();
create trigger investment_bell after update on app.investment
for each row when (old.state is distinct from new.state) execute function app.ring_investment();

-- One row per payment at the provider.
create table app.payment (
  id uuid primary key default gen_random_uuid(),
  investment_id uuid not null references app.investment,
  provider text not null,
  session_ref text not null,
  payment_ref text,
  checkout_url text not null,
  amount_cents bigint not null check (amount_cents > 0),
  currency char(3) not null,
  state text not null check (state in ('open', 'succeeded', 'failed', 'cancelled', 'refunded')),
  failure_code text,
  refund_ref text,
  -- When the worker reads the payment at the provider again, webhook or not; null once nothing more can come.
  due_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (provider, session_ref),
  unique (provider, payment_ref)
);
create index payment_investment on app.payment (investment_id);
create index payment_due on app.payment (due_at) where due_at is not null;

-- One row per vendor event, kept for ever, so that none takes effect twice.
create table app.webhook_inbox (
  provider text not null,
  event_id text not null,
  kind text not null,
  body bytea not null,
  received_at timestamptz not null,
  processed_at timestamptz,
  attempts int not null default 0,
  -- Not tried again before this.
  retry_at timestamptz not null default '-infinity',
  last_error text,
  primary key (provider, event_id)
);
create index webhook_inbox_open on app.webhook_inbox (received_at) where processed_at is null;

-- One row per request that carried an Idempotency-Key, with the answer that was given.
create table app.idempotency_key (
  account_id uuid not null references app.account,
  key text not null,
  route text not null,
  request_hash bytea not null,
  status int,
  response jsonb,
  created_at timestamptz not null,
  primary key (account_id, key)
);

-- One row per thing to do that must not be forgotten; written in the transaction that decided it.
create table app.outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  payload jsonb not null,
  created_at timestamptz not null default now(),
  done boolean not null default false
);
create index outbox_open on app.outbox (id) where not done;
create function app.ring_outbox() returns trigger
language plpgsql
as $$
begin
  perform pg_notify('outbox', '');
  return null;
end
$$;
create trigger outbox_bell after insert on app.outbox for each statement execute function app.ring_outbox();

-- A wallet that becomes active may have to be registered on chain.
create function app.announce_wallet() returns trigger
language plpgsql
as $$
begin
  insert into app.outbox (topic, payload) values ('wallet.linked', jsonb_build_object('accountId', new.account_id));
  return null;
end
$$;
create trigger wallet_linked after insert or update of active on app.wallet
for each row when (new.active) execute function app.announce_wallet();

-- One row per key that sends transactions. `epoch` fences out a worker that was frozen and came back.
create table app.signer (
  chain_id bigint not null,
  address chain.address not null,
  next_nonce bigint not null check (next_nonce >= 0),
  epoch bigint not null default 0,
  -- Last sign of life of the worker that holds the epoch; another takes over when it grows old.
  heartbeat_at timestamptz not null default '-infinity',
  -- Set by an operator or by the worker itself: nothing new is signed until it is cleared.
  stopped_reason text,
  primary key (chain_id, address)
);

-- One row per thing to be done exactly once on chain: a mint, a registration, or a noop that fills a gap in the nonces.
-- One intent, one nonce: another nonce only after proof at finality that the first was used by a foreign transaction.
create table app.chain_intent (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('mint', 'register', 'noop')),
  -- mint: the investment's chain id; register: the digest of the attestation; noop: signer and nonce, hashed.
  subject chain.hash not null unique,
  investment_id uuid unique references app.investment,
  account_id uuid references app.account,
  -- Who receives the units or the account record.
  wallet chain.address,
  -- register: until when the attestation lets the account receive.
  attested_until timestamptz,
  to_address chain.address not null,
  call_data text not null check (call_data ~ '^0x[0-9a-f]*$'),
  state text not null check (state in ('created', 'signed', 'broadcast', 'mined', 'final', 'review', 'cancelled')),
  chain_id bigint not null,
  signer chain.address,
  nonce bigint,
  -- Where it was mined; empty again when a reorg takes the block away.
  tx_hash chain.hash,
  block_number bigint,
  block_hash chain.hash,
  review_reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (chain_id, signer, nonce),
  check ((signer is null) = (nonce is null)),
  check ((kind = 'mint') = (investment_id is not null)),
  check ((kind = 'noop') = (account_id is null)),
  check ((kind = 'noop') = (wallet is null)),
  check ((kind = 'register') = (attested_until is not null)),
  check (state <> 'review' or review_reason is not null),
  check ((block_number is null) = (block_hash is null)),
  check (state not in ('mined', 'final') or block_number is not null),
  check (state not in ('signed', 'broadcast') or nonce is not null)
);
create index chain_intent_open on app.chain_intent (created_at) where state not in ('final', 'cancelled');
create unique index chain_intent_one_registration on app.chain_intent (account_id, wallet)
  where kind = 'register' and state in ('created', 'signed', 'broadcast', 'mined');

-- Mined, or undone by a reorg: what an investor watches.
create function app.ring_intent() returns trigger
language plpgsql
as $$
begin
  perform pg_notify('investment_changed', new.account_id::text);
  return null;
end
$$;
create trigger chain_intent_bell after update on app.chain_intent
for each row when (old.state is distinct from new.state and new.kind = 'mint') execute function app.ring_intent();

-- One row per transaction ever signed, stored before it is sent.
create table app.tx_attempt (
  intent_id uuid not null references app.chain_intent,
  n int not null,
  nonce bigint not null,
  tx_hash chain.hash not null unique,
  raw_tx text not null check (raw_tx ~ '^0x[0-9a-f]+$'),
  gas_limit bigint not null,
  max_fee_per_gas_wei numeric(78, 0) not null,
  max_priority_fee_per_gas_wei numeric(78, 0) not null,
  created_at timestamptz not null,
  last_sent_at timestamptz,
  primary key (intent_id, n)
);

-- The mint queue as an operator sees it: each paid investment with its intent and newest transaction.
create view app.mint_intent with (security_invoker = true) as
select
  i.id as investment_id, i.chain_investment_id, i.project_id, i.issuer_id, i.wallet, i.units,
  i.state as investment_state, c.id as intent_id, c.state, c.signer, c.nonce, c.block_number,
  coalesce(i.review_reason, c.review_reason) as review_reason,
  (select a.tx_hash from app.tx_attempt a where a.intent_id = c.id order by a.n desc limit 1) as tx_hash,
  i.updated_at
from app.investment i
left join app.chain_intent c on c.investment_id = i.id
where i.state in ('paid', 'minting', 'settled', 'review');

-- One row per permission to open one WebSocket, used once: keeps tokens out of URLs and logs.
create table app.feed_ticket (
  ticket_hash bytea primary key,
  account_id uuid not null references app.account,
  -- The sign-in it was asked with: when that ends, so does the socket.
  family uuid not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- One row per message to a person.
create table app.notification (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references app.account,
  kind text not null,
  subject text not null,
  body text not null,
  -- Makes the same message impossible twice.
  cause text not null unique,
  created_at timestamptz not null,
  sent_at timestamptz,
  -- Not tried again before this.
  retry_at timestamptz not null default '-infinity'
);
create index notification_open on app.notification (created_at) where sent_at is null;

-- Row-level security: the api sees a row as its account or its issuer allows; the worker, which serves everybody, sees all.
-- FORCE makes it hold for the owner too.
do $$
declare
  t text;
begin
  foreach t in array array['project', 'document', 'project_update', 'investment'] loop
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
