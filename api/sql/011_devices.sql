-- From where an account was signed in to, so that a new place can be told to its owner.

-- One row per account and browser (by a cookie of its own) or program (by its user agent).
create table app.device (
  account_id uuid not null references app.account,
  device_hash bytea not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (account_id, device_hash)
);
alter table app.device enable row level security;
alter table app.device force row level security;
create policy worker on app.device to terra_worker using (true) with check (true);
create policy owner on app.device to terra_api using (account_id = app.current_account()) with check (account_id = app.current_account());
grant select, insert, update on app.device to terra_api;
