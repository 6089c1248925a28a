-- What payments did to the balance at the provider: what it keeps, what went back, what is disputed.

-- One row per movement on the provider's balance, as read there.
create table app.provider_entry (
  provider text not null,
  -- The provider's own name for the movement.
  ref text not null,
  payment_id uuid not null references app.payment,
  kind text not null check (kind in ('payment', 'refund', 'refund_failed', 'dispute', 'dispute_won')),
  -- What the payer sees, in the payment's currency. Positive came, negative went.
  amount_minor bigint not null check (amount_minor <> 0),
  currency char(3) not null,
  -- What it is on the balance, before the fee, which may be in another currency, at a rate that the provider set.
  settled_minor bigint not null,
  settled_currency char(3) not null,
  fee_minor bigint not null,
  exchange_rate numeric check (exchange_rate > 0),
  occurred_at timestamptz not null,
  primary key (provider, ref),
  check (settled_currency <> currency or settled_minor = amount_minor)
);
create index provider_entry_payment on app.provider_entry (payment_id);
create trigger append_only before update or delete on app.provider_entry for each row execute function app.refuse_change();
create trigger no_truncate before truncate on app.provider_entry for each statement execute function app.refuse_change();
create trigger audit after insert or update or delete on app.provider_entry
for each row execute function app.write_audit('provider,ref', 'payment_id,kind,amount_minor,currency,settled_minor,settled_currency,fee_minor', '');
grant select, insert on app.provider_entry to terra_worker;
grant select on app.provider_entry to terra_api;

alter table app.payment
  -- The newest dispute; null where there was none.
  add column dispute_state text check (dispute_state in ('open', 'won', 'lost')),
  -- Taken by the bank until it has decided, and taken for good.
  add column disputed_minor bigint not null default 0 check (disputed_minor >= 0),
  add column lost_minor bigint not null default 0 check (lost_minor >= 0);

alter table app.ledger_account drop constraint ledger_account_kind_check;
alter table app.ledger_account add constraint ledger_account_kind_check check (kind in
  ('provider', 'disputes', 'conversion', 'vendor_fees', 'escrow', 'investor', 'issuer', 'fees', 'payouts', 'suspense'));

-- Whether units were sent for an investment, or may have been: what has a nonce can't be called back.
create function app.has_units(investment uuid) returns boolean
language sql stable
as $$
  select exists (
    select from app.chain_intent c
    where c.investment_id = investment and (c.state in ('signed', 'broadcast', 'mined', 'final') or c.state = 'review' and c.nonce is not null)
  )
$$;
grant execute on function app.has_units to terra_worker, terra_api;

-- Where the money of each payment belongs. At the provider: what its balance says, and beside that what is known of a payment whose movement wasn't
-- told yet. Owed to whom the investment's state says. What a payer got back from the bank after units were sent, the investor owes.
create or replace view app.payment_position with (security_invoker = true) as
select payment_id, kind, owner, currency, sum(amount_minor)::bigint as amount_minor
from (
  select e.payment_id, h.kind, h.owner, h.currency::char(3) as currency, h.amount_minor
  from app.provider_entry e
  cross join lateral (
    values
      ('provider', e.provider, e.settled_currency, e.settled_minor - e.fee_minor),
      ('vendor_fees', e.provider, e.settled_currency, e.fee_minor),
      -- Two sides of an exchange; nothing where there was none.
      ('conversion', '', e.settled_currency, case when e.settled_currency = e.currency then 0 else -e.settled_minor end),
      ('conversion', '', e.currency, case when e.settled_currency = e.currency then 0 else e.amount_minor end),
      ('provider', e.provider, e.currency, -e.amount_minor)
  ) h (kind, owner, currency, amount_minor)
  union all
  select p.id, h.kind, h.owner, coalesce(p.received_currency, p.currency), h.amount_minor
  from app.payment p
  join app.investment i on i.id = p.investment_id
  cross join lateral (select p.lost_minor > 0 and app.has_units(i.id) as is_claim) c
  cross join lateral (
    values
      ('provider', p.provider, p.received_minor - p.returned_minor - p.disputed_minor - p.lost_minor),
      ('disputes', p.provider, p.disputed_minor),
      ('investor', i.account_id::text, case when c.is_claim then p.lost_minor else 0 end),
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
       p.returned_minor - p.received_minor + case when c.is_claim then 0 else p.lost_minor end)
  ) h (kind, owner, amount_minor)
) held
group by payment_id, kind, owner, currency;

-- A dispute ends where it began; a refund that the payer's bank didn't take must be looked at.
insert into app.investment_edge values ('review', 'settled'), ('refunded', 'review');

insert into app.review_policy (kind, title, outcomes, four_eyes, due_hours) values
  ('dispute', 'Payment disputed after units were sent', '{hold,dismiss}', '{hold,dismiss}', 24);
