-- Where every cent is and to whom it belongs: double entry, appended to and never changed.

-- What the provider says of a payment, as last read.
alter table app.payment
  add column received_minor bigint not null default 0 check (received_minor >= 0),
  -- Null where it is the order's currency.
  add column received_currency char(3),
  add column returned_minor bigint not null default 0 check (returned_minor >= 0 and returned_minor <= received_minor);
update app.payment set received_minor = amount_cents where state in ('succeeded', 'refunded');
update app.payment set returned_minor = amount_cents where state = 'refunded';

-- One row per place where money is (asset) or per somebody to whom it is owed (liability).
create table app.ledger_account (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('provider', 'escrow', 'investor', 'issuer', 'fees', 'payouts', 'suspense')),
  -- Of `provider` its name, of `escrow` the project, of `investor` the account, of `issuer` the issuer; empty for the platform's own.
  owner text not null,
  currency char(3) not null,
  unique (kind, owner, currency)
);

-- One row per thing that happened to money.
create table app.journal (
  id bigint generated always as identity primary key,
  kind text not null,
  -- What caused it, and the how-manieth of that cause it is: the same cause books nothing twice.
  cause_type text not null,
  cause_id uuid not null,
  cause_number int not null check (cause_number > 0),
  posted_at timestamptz not null,
  unique (cause_type, cause_id, cause_number)
);

-- One row per account that a journal moves. Positive is a debit: more in a place, or less owed to somebody.
create table app.ledger_entry (
  journal_id bigint not null references app.journal,
  ledger_account_id bigint not null references app.ledger_account,
  -- In the account currency's smallest unit.
  amount_minor bigint not null check (amount_minor <> 0),
  primary key (journal_id, ledger_account_id)
);
create index ledger_entry_account on app.ledger_entry (ledger_account_id, journal_id);

-- Looked at when the transaction ends: what a journal takes from one place it brings to another, in each currency.
create function app.check_journal() returns trigger
language plpgsql
as $$
declare
  journal bigint := case tg_table_name when 'journal' then (to_jsonb(new) ->> 'id')::bigint else (to_jsonb(new) ->> 'journal_id')::bigint end;
begin
  if not exists (select from app.ledger_entry where journal_id = journal) then
    raise exception 'journal % moves nothing', journal using errcode = 'check_violation';
  end if;
  if exists (
    select from app.ledger_entry e join app.ledger_account a on a.id = e.ledger_account_id
    where e.journal_id = journal group by a.currency having sum(e.amount_minor) <> 0
  ) then
    raise exception 'journal % does not sum to zero', journal using errcode = 'check_violation';
  end if;
  return null;
end
$$;
create constraint trigger journal_balances after insert on app.journal deferrable initially deferred
for each row execute function app.check_journal();
create constraint trigger entry_balances after insert on app.ledger_entry deferrable initially deferred
for each row execute function app.check_journal();

create function app.refuse_change() returns trigger
language plpgsql
as $$
begin
  raise exception '% is append only', tg_table_name using errcode = 'insufficient_privilege';
end
$$;
do $$
declare
  t text;
begin
  foreach t in array array['ledger_account', 'journal', 'ledger_entry'] loop
    execute format('create trigger append_only before update or delete or truncate on app.%I for each statement execute function app.refuse_change()', t);
    execute format('grant select, insert on app.%I to terra_worker', t);
  end loop;
end
$$;

-- Where the money of each payment belongs: with the provider as long as it has not gone back, and owed to whom its investment's state says.
create view app.payment_position with (security_invoker = true) as
select p.id as payment_id, held.kind, held.owner, coalesce(p.received_currency, p.currency) as currency, held.amount_minor
from app.payment p
join app.investment i on i.id = p.investment_id
cross join lateral (
  values
    ('provider', p.provider, p.received_minor - p.returned_minor),
    (case
       when i.state in ('paid', 'minting', 'settled') then 'escrow'
       when i.state = 'review' then 'suspense'
       else 'investor'
     end,
     case
       when i.state in ('paid', 'minting', 'settled') then i.project_id::text
       when i.state = 'review' then ''
       else i.account_id::text
     end,
     p.returned_minor - p.received_minor)
) held (kind, owner, amount_minor);

-- What is booked for each payment.
create view app.payment_booked with (security_invoker = true) as
select j.cause_id as payment_id, a.kind, a.owner, a.currency, sum(e.amount_minor)::bigint as amount_minor
from app.journal j
join app.ledger_entry e on e.journal_id = j.id
join app.ledger_account a on a.id = e.ledger_account_id
where j.cause_type = 'payment'
group by j.cause_id, a.kind, a.owner, a.currency;

-- What is still to be booked: nothing, but for the moment between a state that the api set and the worker's booking.
create view app.payment_unbooked with (security_invoker = true) as
select payment_id, kind, owner, currency, coalesce(h.amount_minor, 0) - coalesce(b.amount_minor, 0) as amount_minor
from app.payment_position h
full join app.payment_booked b using (payment_id, kind, owner, currency)
where coalesce(h.amount_minor, 0) <> coalesce(b.amount_minor, 0);

-- Entries as people read them.
create view app.ledger_line with (security_invoker = true) as
select
  j.id as journal_id, j.posted_at, j.kind as journal, j.cause_type, j.cause_id,
  a.kind as account, a.owner, a.currency, e.amount_minor
from app.ledger_entry e
join app.journal j on j.id = e.journal_id
join app.ledger_account a on a.id = e.ledger_account_id;
grant select on app.payment_position, app.payment_booked, app.payment_unbooked, app.ledger_line to terra_worker;
