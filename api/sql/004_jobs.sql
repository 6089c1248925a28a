-- What must be done, exactly once, and who was told.

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
