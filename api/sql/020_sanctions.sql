-- Who must not be dealt with: published sanctions lists, who was compared with them, and what was found.

-- One row per version of a list that was loaded. The newest of a source is in force; earlier ones stay, so that a decision can be explained.
create table app.sanctions_list (
  id uuid primary key default gen_random_uuid(),
  source text not null check (source in ('ofac_sdn', 'eu_consolidated', 'un_consolidated')),
  published_on date not null,
  -- Of the file, byte by byte.
  sha256 bytea not null,
  entries int not null check (entries > 0),
  loaded_at timestamptz not null,
  unique (source, sha256)
);

-- One row per person, organisation, ship or aircraft of a version of a list.
create table app.sanctions_entry (
  list_id uuid not null references app.sanctions_list,
  -- The list's own number.
  ref text not null,
  kind text not null check (kind in ('person', 'entity', 'vessel', 'aircraft')),
  -- [{"name", "isWeak"}]: weak aliases are those the list itself calls too broad to search by alone.
  names jsonb not null,
  -- YYYY-MM-DD or YYYY.
  births text[] not null,
  -- ISO 3166-1 alpha-2 of nationality, citizenship, address and birth place, as far as named.
  countries text[] not null,
  programs text[] not null,
  -- [{"ticker", "address"}], EVM addresses in lower case.
  wallets jsonb not null,
  primary key (list_id, ref)
);

-- The newest version of each list.
create view app.sanctions_current with (security_invoker = true) as
select distinct on (source) id, source, published_on, sha256, entries, loaded_at
from app.sanctions_list
order by source, published_on desc, loaded_at desc;

-- Names every set of versions in force; what was compared with another set is compared again.
create function app.sanctions_digest() returns bytea
language sql stable
return (select sha256(coalesce(string_agg(source || encode(sha256, 'hex'), ',' order by source), '')::bytea) from app.sanctions_current);

-- One row per account that said who it is: names and birth date, sealed (AES-256-GCM; the key is in the configuration only).
create table app.identity (
  account_id uuid primary key references app.account,
  sealed bytea not null,
  stated_at timestamptz not null
);

-- One row per account that has a name or a wallet to compare with the lists.
create table app.screening (
  account_id uuid primary key references app.account,
  -- The lists it was last compared with; null until the first time, and again when name or wallets change.
  lists_digest bytea,
  screened_at timestamptz,
  -- Whether it was ever compared with its present name and wallets.
  is_known boolean generated always as (lists_digest is not null) stored
);
create index screening_digest on app.screening (lists_digest);

create function app.ask_screening() returns trigger
language plpgsql
as $$
begin
  insert into app.screening (account_id) values (new.account_id)
  on conflict (account_id) do update set lists_digest = null;
  insert into app.outbox (topic, payload) values ('sanctions.screen', jsonb_build_object('accountId', new.account_id));
  return null;
end
$$;
create trigger identity_screening after insert or update on app.identity for each row execute function app.ask_screening();
create trigger wallet_screening after insert on app.wallet for each row execute function app.ask_screening();
insert into app.screening (account_id) select distinct account_id from app.wallet;

-- One row per likeness between an account and an entry. What staff dismissed stays dismissed until the entry or the person changes.
create table app.sanctions_hit (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references app.account,
  source text not null,
  ref text not null,
  list_id uuid not null references app.sanctions_list,
  kind text not null check (kind in ('name', 'wallet')),
  -- 0 to 1.
  score numeric(4, 3) not null check (score between 0 and 1),
  -- What fits and what doesn't, of the list's side only: {"name", "isWeak", "birth", "country", "address", "ticker", "programs"}.
  matched jsonb not null,
  -- Of the entry and of who was compared with it.
  fingerprint bytea not null,
  found_at timestamptz not null,
  unique (account_id, source, ref, kind, fingerprint)
);

-- One row per freeze of an account. It holds until it is lifted.
create table app.account_freeze (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references app.account,
  reason text not null,
  -- Makes the same freeze impossible twice.
  cause text not null unique,
  frozen_at timestamptz not null,
  lifted_at timestamptz,
  check (lifted_at >= frozen_at)
);
create unique index account_freeze_one on app.account_freeze (account_id) where lifted_at is null;

-- A freeze, or its end, goes on to the chain.
create function app.announce_freeze() returns trigger
language plpgsql
as $$
begin
  insert into app.outbox (topic, payload) values ('account.frozen', jsonb_build_object('accountId', new.account_id));
  return null;
end
$$;
create trigger account_freeze_bell after insert or update on app.account_freeze for each row execute function app.announce_freeze();

grant select on app.sanctions_list, app.sanctions_entry, app.sanctions_current to terra_api, terra_worker;
grant insert on app.sanctions_list, app.sanctions_entry to terra_worker;
grant select, insert, update on app.identity to terra_api, terra_worker;
grant select, insert, update on app.screening to terra_api, terra_worker;
grant select on app.sanctions_hit, app.account_freeze to terra_api;
grant insert, update on app.account_freeze to terra_api, terra_worker;
grant select on app.account_freeze to terra_worker;
grant select, insert on app.sanctions_hit to terra_worker;

-- register: whether it takes the account's rights on chain instead of giving them.
alter table app.chain_intent add column is_freeze boolean not null default false check (kind = 'register' or not is_freeze);
