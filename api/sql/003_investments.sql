-- Orders and the money in: decided, reserved, paid.

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
