-- One row per process and vendor that was ever not asked for a while because it failed: how it is now. What the worker sees, the api can tell.
create table app.vendor_state (
  process text not null check (process in ('api', 'worker')),
  vendor text not null,
  state text not null check (state in ('closed', 'open', 'probing')),
  open_until timestamptz,
  changed_at timestamptz not null,
  primary key (process, vendor)
);
grant select, insert, update on app.vendor_state to terra_api, terra_worker;
