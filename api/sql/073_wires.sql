-- Bank transfers: announced by a reference, seen on a bank statement by one person of the staff, confirmed by another.

alter table app.investment
  -- What the payer writes on the transfer; set when the investor chose to pay so.
  add column wire_reference text unique check (wire_reference ~ '^TL[0-9A-Z]{10}$');

-- A transfer has no page to pay on.
alter table app.payment alter column checkout_url drop not null;

-- One row per movement on the platform's bank account that the staff put down: `in` pays an investment, `out` sends money back for one.
create table app.wire (
  id uuid primary key default gen_random_uuid(),
  direction text not null check (direction in ('in', 'out')),
  -- The bank's own name for the movement.
  bank_ref text not null,
  investment_id uuid not null references app.investment,
  -- The order's, by which it was matched.
  reference text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency char(3) not null,
  -- The bank's day.
  booked_on date not null,
  -- proposed → confirmed by somebody else → booked by the worker; or returned: it was a mistake.
  state text not null default 'proposed' check (state in ('proposed', 'confirmed', 'booked', 'returned')),
  proposed_by uuid not null references app.account,
  proposed_at timestamptz not null,
  decided_by uuid references app.account,
  decided_at timestamptz,
  check ((state = 'proposed') = (decided_by is null)),
  -- Four eyes, for every writer.
  check (state in ('proposed', 'returned') or decided_by <> proposed_by)
);
create unique index wire_bank_ref on app.wire (bank_ref) where state <> 'returned';
create index wire_investment on app.wire (investment_id);
create index wire_open on app.wire (proposed_at) where state in ('proposed', 'confirmed');

create function app.guard_wire() returns trigger
language plpgsql
as $$
begin
  if (old.state, new.state) not in (('proposed', 'confirmed'), ('proposed', 'returned'), ('confirmed', 'booked'))
    or (new.direction, new.bank_ref, new.investment_id, new.amount_minor, new.currency, new.proposed_by)
      <> (old.direction, old.bank_ref, old.investment_id, old.amount_minor, old.currency, old.proposed_by)
  then
    raise exception 'a wire that was put down changes its state only, and only forward' using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
create trigger wire_guard before update on app.wire for each row execute function app.guard_wire();
create trigger audit after insert or update or delete on app.wire
for each row execute function app.write_audit('id', 'direction,bank_ref,investment_id,amount_minor,currency,state,proposed_by,decided_by', '');
grant select, insert on app.wire to terra_api, terra_worker;
grant update (state, decided_by, decided_at) on app.wire to terra_api, terra_worker;

-- Whose order a reference names, and what may still be sent back for it: the staff doesn't see investors' rows.
create function app.wire_target(reference text)
returns table (investment_id uuid, account_id uuid, amount_minor bigint, currency char(3), state text, returnable_minor bigint)
language sql stable security definer
set search_path = app, pg_temp
as $$
  select i.id, i.account_id, i.amount_cents, i.currency, i.state,
    ((select coalesce(sum(p.received_minor - p.returned_minor), 0) from payment p where p.investment_id = i.id and p.provider = 'wire')
      - (select coalesce(sum(w.amount_minor), 0) from wire w where w.investment_id = i.id and w.direction = 'out' and w.state in ('proposed', 'confirmed')))::bigint
  from investment i
  where i.wire_reference = reference
$$;
alter function app.wire_target owner to terra_worker;
revoke execute on function app.wire_target from public;
grant execute on function app.wire_target to terra_api, terra_worker;

insert into app.permission (code, title) values ('wire.work', 'Match bank transfers with the bank statement, and send money back');
insert into app.role_permission (role, permission)
select code, 'wire.work' from app.role where code in ('operator', 'admin', 'super_admin');
