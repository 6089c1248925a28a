-- Links sent by mail: who can use one reads the mailbox of its address.

-- When the account proved that its e-mail is its own; null until then.
alter table app.account add column email_proven_at timestamptz;

-- One row per link asked for.
create table app.mailed_link (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references app.account,
  purpose text not null check (purpose in ('verify_email', 'reset_password')),
  -- Where it is sent, and what it proves: the account's e-mail at that moment.
  email citext not null,
  created_at timestamptz not null,
  -- Its secret is made when it is sent, and only the hash stays; null until then.
  token_hash bytea unique,
  expires_at timestamptz,
  used_at timestamptz,
  check ((token_hash is null) = (expires_at is null))
);
create index mailed_link_account on app.mailed_link (account_id);
grant select, insert on app.mailed_link to terra_api;
grant update (used_at) on app.mailed_link to terra_api;
grant select on app.mailed_link to terra_worker;
grant update (token_hash, expires_at) on app.mailed_link to terra_worker;

-- The link that a message carries.
alter table app.notification add column link_id uuid references app.mailed_link;
