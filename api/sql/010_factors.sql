-- What an account proves itself with besides its password, and how lately each sign-in was proven.

-- One row per sign-in: the family of its rows in app.session.
create table app.sign_in (
  family uuid primary key,
  -- Last use. Stands still once it is older than the idle limit, until the person proves who they are again.
  active_at timestamptz not null,
  -- When a second factor was last proven.
  factor_at timestamptz
);
insert into app.sign_in (family, active_at) select family, max(created_at) from app.session group by family;
grant select, insert, update on app.sign_in to terra_api;

-- One row per account with an authenticator app, or that began to set one up.
create table app.totp (
  account_id uuid primary key references app.account,
  -- The shared secret, AES-256-GCM; the key is in the configuration only.
  sealed_secret bytea not null,
  created_at timestamptz not null,
  -- Null until a first code proved that the app has the secret.
  confirmed_at timestamptz,
  -- The newest time step of 30 seconds whose code was used: neither it nor an older one is taken again.
  last_step bigint not null default 0
);

-- One row per one-time code for who has lost every other factor.
create table app.recovery_code (
  account_id uuid not null references app.account,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (account_id, code_hash)
);

-- One row per passkey.
create table app.passkey (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references app.account,
  -- The authenticator's own id of it, base64url.
  credential_id text not null unique,
  -- COSE key.
  public_key bytea not null,
  -- Of signatures, as last told by the authenticator; 0 where it doesn't count.
  counter bigint not null,
  transports text[] not null,
  -- Whether it is copied between devices by its maker's account.
  is_synced boolean not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkey_account on app.passkey (account_id);

-- One row per account with wrong codes lately.
create table app.factor_attempt (
  account_id uuid primary key references app.account,
  failures int not null,
  -- Stands still once the account's codes are locked.
  last_at timestamptz not null
);

-- One row per passkey challenge that waits for its signature; deleted by its use.
create table app.passkey_challenge (
  challenge_hash bytea primary key,
  -- Whose challenge it is, and what for; hashed.
  scope_hash bytea not null,
  expires_at timestamptz not null
);
grant select, insert, delete on app.passkey_challenge to terra_api;

do $$
declare
  t text;
begin
  foreach t in array array['totp', 'recovery_code', 'passkey', 'factor_attempt'] loop
    execute format('alter table app.%I enable row level security', t);
    execute format('alter table app.%I force row level security', t);
    execute format('create policy worker on app.%I to terra_worker using (true) with check (true)', t);
    execute format('create policy owner on app.%I to terra_api using (account_id = app.current_account()) with check (account_id = app.current_account())', t);
    execute format('grant select, insert, update, delete on app.%I to terra_api', t);
  end loop;
end
$$;
grant select on app.totp, app.passkey to terra_worker;

-- Whether an account has a second factor: asked at each request, before anybody's rows may be seen.
create function app.has_factor(account uuid) returns boolean
language sql stable security definer
set search_path = app, pg_temp
as $$
  select exists (select from app.totp where account_id = account and confirmed_at is not null)
    or exists (select from app.passkey where account_id = account)
$$;
alter function app.has_factor owner to terra_worker;

-- Which page a message leads to.
alter table app.notification add column path text not null default '/portfolio';
