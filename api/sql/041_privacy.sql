-- What a person may ask for: everything that is kept of them, and that it is erased; and what ends by itself.

-- When the person had the account erased: what is left of it names nobody.
alter table app.account add column erased_at timestamptz;

-- When the person of a sign-in last proved who they are, by password, wallet or factor.
alter table app.sign_in add column proven_at timestamptz;

-- One row per version of a text that people agree to; a change is a new row.
create table app.legal_text (
  kind text not null check (kind in ('privacy', 'chain', 'sale')),
  version int not null check (version > 0),
  title text not null,
  body text not null,
  effective_from timestamptz not null,
  primary key (kind, version)
);
grant select on app.legal_text to terra_api, terra_worker;
insert into app.legal_text (kind, version, title, body, effective_from) values
  ('privacy', 1, 'How we use your data',
    'We keep what you give us to run your account, to check your identity as the law asks, and to keep books. We share it with the identity check, the payment provider and the mail service only.', '2026-01-01'),
  ('chain', 1, 'What stays on the blockchain',
    'Your wallet’s address, its units and its payments are public and can never be erased. Your name, e-mail and documents are never written there.', '2026-01-01'),
  ('sale', 1, 'No sale or sharing of your data',
    'You ask us not to sell or share your personal information. We do neither for anybody; your choice is kept all the same.', '2026-01-01');

-- One row per choice of a person about a text; the newest of a kind counts, the others stay as evidence.
create table app.consent (
  id bigint generated always as identity primary key,
  account_id uuid not null references app.account,
  kind text not null,
  version int not null,
  is_given boolean not null,
  chosen_at timestamptz not null,
  foreign key (kind, version) references app.legal_text
);
create index consent_account on app.consent (account_id, kind, id desc);
alter table app.consent enable row level security;
alter table app.consent force row level security;
create policy worker on app.consent to terra_worker using (true) with check (true);
create policy owner on app.consent to terra_api using (account_id = app.current_account()) with check (account_id = app.current_account());
grant select, insert on app.consent to terra_api;
grant select on app.consent to terra_worker;
create trigger audit after insert or update or delete on app.consent
for each row execute function app.write_audit('id', 'account_id,kind,version,is_given', '');
create trigger audit after insert or update or delete on app.legal_text
for each row execute function app.write_audit('kind,version', 'effective_from', '');

-- What issuers wrote down about the person under their e-mail: theirs to know, and theirs to have erased.
create function app.relationships_of(account uuid) returns table (issuer text, established_on date, how text, judgement text, recorded_at timestamptz)
language sql stable security definer
set search_path = app, pg_temp
as $$
  select i.name, r.established_on, r.how, r.judgement, r.recorded_at
  from app.relationship r
  join app.issuer i on i.id = r.issuer_id
  join app.account a on a.email = r.email
  where a.id = account
$$;
alter function app.relationships_of owner to terra_worker;

-- What was booked on the person's account in the ledger: what is owed to the person is negative.
create function app.ledger_of(person uuid) returns table (posted_at timestamptz, journal text, cause_type text, cause_id uuid, currency char(3), amount_minor bigint)
language sql stable security definer
set search_path = app, pg_temp
as $$
  select posted_at, journal, cause_type, cause_id, currency, amount_minor
  from app.ledger_line
  where account = 'investor' and owner = person::text
  order by journal_id
$$;
alter function app.ledger_of owner to terra_worker;

-- Why an account can't be erased yet, and how many of each; no rows when it can.
create function app.erasure_holds(person uuid) returns table (reason text, count int)
language plpgsql stable security definer
set search_path = app, pg_temp
as $$
begin
  return query
  select h.reason, h.n::int from (
    select 'investment_open' as reason, count(*) as n from app.investment
    where account_id = person and state in ('awaiting_payment', 'payment_failed', 'paid', 'minting', 'refund_due', 'review')
    union all
    select 'units_held', count(*) from chain.holding h join app.wallet w on w.address = h.holder where w.account_id = person and h.units > 0
    union all
    select 'acts_for_issuer', count(*) from app.issuer_member where account_id = person
    union all
    select 'frozen', count(*) from app.account_freeze where account_id = person and lifted_at is null
    union all
    select 'case_open', count(*) from app.review_case where account_id = person and state <> 'decided'
    union all
    select 'works_here', count(*) from app.account where id = person and role not in ('investor', 'issuer', 'dao')
  ) h where h.n > 0;
end
$$;
alter function app.erasure_holds owner to terra_worker;

-- Erases what names the person of an account; orders, payments and what is on chain stay under its number. What an order was decided by stays for
-- the time the law asks, without a name, when one was ever paid; else it goes too. The caller has asked app.erasure_holds, with the account locked.
create function app.erase_account(person uuid, as_of timestamptz) returns void
language plpgsql security definer
set search_path = app, pg_temp
as $$
declare
  old_email text;
  has_paid boolean;
  t text;
begin
  select email into old_email from app.account where id = person and erased_at is null for update;
  if not found then
    return;
  end if;
  select exists (select from app.investment i join app.payment p on p.investment_id = i.id where i.account_id = person and p.state in ('succeeded', 'refunded'))
  into has_paid;

  update app.webhook_inbox set body = ''
  where body <> '' and (
    position(convert_to(old_email, 'UTF8') in body) > 0
    or exists (
      select from (
        select session_ref as ref from app.payment p join app.investment i on i.id = p.investment_id where i.account_id = person
        union all select payment_ref from app.payment p join app.investment i on i.id = p.investment_id where i.account_id = person
        union all select applicant_ref from app.kyc_check where account_id = person
        union all select check_ref from app.kyc_check where account_id = person
      ) refs where length(ref) > 3 and position(convert_to(ref, 'UTF8') in body) > 0
    )
  );
  update app.relationship
  set email = 'erased-' || id || '@erased.invalid', how = 'Erased at the request of the person', representative = case when representative is not null then 'Erased' end
  where email = old_email;

  delete from app.sign_in where family in (select family from app.session where account_id = person);
  foreach t in array array['feed_ticket', 'session', 'device', 'totp', 'recovery_code', 'passkey', 'factor_attempt', 'idempotency_key', 'notification', 'mailed_link', 'identity',
    'screening', 'wallet'] loop
    execute format('delete from app.%I where account_id = $1', t) using person;
  end loop;
  if not has_paid then
    foreach t in array array['finances', 'knowledge_test', 'loss_simulation', 'sophistication'] loop
      execute format('delete from app.%I where account_id = $1', t) using person;
    end loop;
    update app.decision set facts = null,
      findings = (select coalesce(jsonb_agg(jsonb_build_object('code', f -> 'code', 'passed', f -> 'passed', 'effectiveFrom', f -> 'effectiveFrom')), '[]') from jsonb_array_elements(findings) f)
    where account_id = person;
  end if;
  update app.kyc_check
  set form_url = null, due_at = null, applicant_ref = case when has_paid then applicant_ref else '' end, check_ref = case when has_paid then check_ref end
  where account_id = person;
  update app.chain_intent set state = 'cancelled', updated_at = as_of where account_id = person and kind = 'register' and state = 'created';
  update app.account set email = null, password_hash = null, display_name = null, country = null, email_proven_at = null, erased_at = as_of where id = person;
end
$$;
alter function app.erase_account owner to terra_worker;
-- An order that was on its way while its account was erased comes too late.
create function app.refuse_erased() returns trigger
language plpgsql
as $$
begin
  if (select a.erased_at from app.account a where a.id = new.account_id for key share) is not null then
    raise exception 'the account was erased' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger not_erased before insert on app.investment for each row execute function app.refuse_erased();

revoke execute on function app.erase_account, app.erasure_holds, app.relationships_of, app.ledger_of from public;
grant execute on function app.erase_account, app.erasure_holds, app.relationships_of, app.ledger_of to terra_api, terra_worker;

grant delete on app.sign_in, app.session, app.device, app.totp, app.recovery_code, app.passkey, app.factor_attempt, app.notification, app.mailed_link, app.identity, app.screening, app.wallet, app.finances,
  app.knowledge_test, app.loss_simulation, app.sophistication, app.outbox, app.passkey_challenge to terra_worker;
grant select, update on app.sign_in to terra_worker;
grant select on app.device, app.recovery_code, app.factor_attempt, app.passkey_challenge to terra_worker;
grant update (email, how, representative) on app.relationship to terra_worker;
create index relationship_email on app.relationship (email);
