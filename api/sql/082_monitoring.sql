-- Watching what people pay and take back for patterns that the law wants looked at; what is found becomes a case of the review desk.

-- One row per account: up to which change of its payments it was looked at, and by which rules.
create table app.monitor_scan (
  account_id uuid primary key references app.account,
  -- `updated_at` of the newest payment that was looked at.
  seen_until timestamptz not null,
  scanned_at timestamptz not null
);
grant select, insert, update, delete on app.monitor_scan to terra_worker;
grant select on app.monitor_scan to terra_api;
create index payment_updated on app.payment (updated_at);

create function app.erase_monitor_scan() returns trigger
language plpgsql
as $$
begin
  delete from app.monitor_scan where account_id = new.id;
  return null;
end
$$;
create trigger erase_monitor_scan after update of erased_at on app.account
for each row when (old.erased_at is null and new.erased_at is not null) execute function app.erase_monitor_scan();

insert into app.rule (code, effective_from, effective_to, value, citation, unconfirmed) values
  ('MONITOR_STRUCTURING', '2026-01-01T00:00:00Z', null, '{"belowCents": "1000000", "fromCents": "800000", "count": 3, "days": 7}',
    '31 USC 5324 and 31 CFR 1010.314: transactions broken up to stay below a reporting threshold; Directive (EU) 2015/849, art. 11(b): linked operations of EUR 10,000 and more; count and days are the platform''s own', null),
  ('MONITOR_VELOCITY', '2026-01-01T00:00:00Z', null, '{"hours": 24, "count": 10, "sumCents": "10000000"}',
    'Directive (EU) 2015/849, art. 18(2): transactions that are unusually large or of an unusual pattern are examined; the figures are the platform''s own', null),
  ('MONITOR_ROUND_TRIP', '2026-01-01T00:00:00Z', null, '{"days": 30, "sumCents": "500000", "bps": 8000}',
    'Directive (EU) 2015/849, art. 18(2): without an apparent economic purpose, as is money that is paid in and taken back; the figures are the platform''s own', null);
