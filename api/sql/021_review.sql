-- What people of the staff have to decide.

-- One row per kind of case: who decides it, within which time, and for which outcomes two people are needed.
create table app.review_policy (
  kind text primary key,
  title text not null,
  outcomes text[] not null,
  four_eyes text[] not null check (four_eyes <@ outcomes),
  due_hours int not null check (due_hours > 0),
  check (cardinality(outcomes) > 0)
);
insert into app.review_policy (kind, title, outcomes, four_eyes, due_hours) values
  ('sanctions', 'Sanctions hit', '{confirm,dismiss}', '{confirm,dismiss}', 24),
  ('kyc', 'Identity check', '{approve,reject}', '{approve}', 48),
  ('accreditation', 'Accreditation', '{approve,reject}', '{approve}', 72),
  ('wallet_relink', 'Change of wallet', '{approve,reject}', '{approve}', 24),
  ('monitoring', 'Unusual transactions', '{report,dismiss}', '{report,dismiss}', 72);

-- One row per thing to decide. `version` counts its changes: who decides on what has changed meanwhile is told.
create table app.review_case (
  id uuid primary key default gen_random_uuid(),
  kind text not null references app.review_policy,
  account_id uuid not null references app.account,
  -- Makes the same case impossible twice.
  subject text not null unique,
  reason text not null,
  evidence jsonb not null,
  state text not null default 'open' check (state in ('open', 'proposed', 'decided')),
  version int not null default 1,
  assignee uuid references app.account,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  proposed_outcome text,
  proposed_by uuid references app.account,
  proposed_reason text,
  outcome text,
  decided_by uuid references app.account,
  decided_reason text,
  decided_at timestamptz,
  check ((state = 'decided') = (outcome is not null)),
  check ((outcome is null) = (decided_by is null)),
  check (state <> 'proposed' or (proposed_outcome is not null and proposed_by is not null))
);
create index review_case_open on app.review_case (due_at, id) where state <> 'decided';
create index review_case_account on app.review_case (account_id);

-- One row per thing that was done to a case; nothing is taken out.
create table app.review_step (
  case_id uuid not null references app.review_case,
  version int not null,
  at timestamptz not null,
  actor uuid references app.account,
  deed text not null check (deed in ('opened', 'evidence', 'assigned', 'proposed', 'returned', 'decided')),
  outcome text,
  reason text,
  primary key (case_id, version)
);

-- Four eyes, and that decisions are final, hold for every writer.
create function app.guard_review() returns trigger
language plpgsql
as $$
begin
  if old.state = 'decided' then
    raise exception 'a decided case does not change' using errcode = 'restrict_violation';
  end if;
  if new.state = 'decided'
    and new.outcome = any ((select four_eyes from app.review_policy where kind = new.kind)::text[])
    and (old.state <> 'proposed' or old.proposed_outcome <> new.outcome or old.proposed_by = new.decided_by)
  then
    raise exception 'this outcome needs two people' using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
create trigger review_case_guard before update on app.review_case for each row execute function app.guard_review();

grant select on app.review_policy to terra_api, terra_worker;
grant select, insert, update on app.review_case to terra_api, terra_worker;
grant select, insert on app.review_step to terra_api, terra_worker;

-- Why an account may not commit or receive: 'frozen', 'review' while a likeness to a list is undecided, 'unscreened' before the first
-- comparison with the name it gave; null when nothing holds it.
create function app.account_hold(account uuid) returns text
language sql stable security definer
set search_path = app, pg_temp
as $$
  select case
    when exists (select from app.account_freeze where account_id = account and lifted_at is null) then 'frozen'
    when exists (select from app.review_case where account_id = account and kind = 'sanctions' and state <> 'decided') then 'review'
    when exists (
      select from app.identity i
      left join app.screening s using (account_id)
      where i.account_id = account and s.is_known is not true
    ) then 'unscreened'
  end
$$;
alter function app.account_hold owner to terra_worker;

insert into app.rule (code, effective_from, value, citation) values
  ('SANCTIONS', '2020-01-01T00:00:00Z', '{"refuse": ["frozen", "review", "unscreened"]}',
    '31 CFR 501.603 and 501.604 (blocked property, rejected transactions); Regulation (EU) 269/2014 art. 2; UN Charter art. 41');
