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
