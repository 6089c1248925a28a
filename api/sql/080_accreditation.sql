-- Who is accredited, by which path, on which evidence and until when.

-- One row per claim of an investor to be accredited: a draft until it is submitted, then decided at the desk. A decided one stays as it was.
create table app.accreditation (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references app.account,
  path text not null check (path in ('income', 'net_worth', 'licence', 'entity', 'letter', 'minimum_investment')),
  -- What the investor states, figures included.
  claim jsonb not null,
  -- As the chain counts: 1 accredited, 2 institution.
  class smallint not null check (class in (1, 2)),
  -- The smallest order that this is good for; null where it is good for any.
  minimum_cents bigint check (minimum_cents > 0),
  -- The version of the rule ACCREDITATION that it was measured by.
  rule_from timestamptz not null,
  -- The day the evidence speaks of.
  as_of date not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  submitted_at timestamptz,
  decided_at timestamptz,
  is_approved boolean,
  check ((decided_at is null) = (is_approved is null)),
  check (decided_at is null or submitted_at is not null),
  check ((path = 'minimum_investment') = (minimum_cents is not null))
);
create unique index accreditation_undecided on app.accreditation (account_id) where decided_at is null;
create index accreditation_account on app.accreditation (account_id, created_at desc);

-- One row per document of a claim; the bytes are sealed under the row's own id.
create table app.accreditation_file (
  id uuid primary key,
  accreditation_id uuid not null references app.accreditation on delete cascade,
  account_id uuid not null references app.account,
  kind text not null,
  name text not null,
  media_type text not null,
  sha256 text not null,
  bytes int not null check (bytes > 0),
  sealed bytea not null,
  uploaded_at timestamptz not null
);
create index accreditation_file_claim on app.accreditation_file (accreditation_id);

do $$
declare
  t text;
begin
  foreach t in array array['accreditation', 'accreditation_file'] loop
    execute format('alter table app.%I enable row level security', t);
    execute format('alter table app.%I force row level security', t);
    execute format('create policy worker on app.%I to terra_worker using (true) with check (true)', t);
    execute format('create policy owner on app.%I to terra_api using (account_id = app.current_account()) with check (account_id = app.current_account())', t);
    execute format('grant select, delete on app.%I to terra_api, terra_worker', t);
  end loop;
end
$$;
-- Asking is the investor's, approving is not.
grant insert (account_id, path, claim, class, minimum_cents, rule_from, as_of, expires_at, created_at), update (submitted_at) on app.accreditation to terra_api;
grant insert on app.accreditation_file to terra_api;
grant update (decided_at, is_approved) on app.accreditation to terra_worker;

create trigger audit after insert or update or delete on app.accreditation
for each row execute function app.write_audit('id', 'account_id,path,class,expires_at,submitted_at,decided_at,is_approved', '');
create trigger audit after insert or update or delete on app.accreditation_file
for each row execute function app.write_audit('id', 'accreditation_id,kind,sha256', '');

-- What was submitted is what is decided on.
create function app.guard_accreditation() returns trigger
language plpgsql
as $$
begin
  if tg_table_name = 'accreditation_file' then
    if (select a.submitted_at from app.accreditation a where a.id = new.accreditation_id for share) is not null then
      raise exception 'the claim was submitted' using errcode = 'restrict_violation';
    end if;
  elsif old.decided_at is not null or (old.submitted_at is not null and new.submitted_at is distinct from old.submitted_at) then
    raise exception 'a submitted claim does not change' using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
create trigger accreditation_guard before update on app.accreditation for each row execute function app.guard_accreditation();
create trigger accreditation_file_guard before insert on app.accreditation_file for each row execute function app.guard_accreditation();
-- Taking a draft back is the owner's; what was submitted goes with the account only.
create policy draft on app.accreditation as restrictive for delete to terra_api using (submitted_at is null);
create policy draft on app.accreditation_file as restrictive for delete to terra_api using (false);

-- Decides a claim as its case was decided: whoever calls, no other outcome is taken. Says whose it was; nothing when it was decided before.
create function app.decide_accreditation(claim_id uuid, case_id uuid, at timestamptz) returns table (owner uuid, approved boolean, expires timestamptz)
language sql security definer
set search_path = app, pg_temp
as $$
  update app.accreditation a set decided_at = at, is_approved = (c.outcome = 'approve')
  from app.review_case c
  where a.id = claim_id and c.id = case_id and c.kind = 'accreditation' and c.state = 'decided' and c.account_id = a.account_id
    and c.evidence ->> 'accreditationId' = a.id::text and a.submitted_at is not null and a.decided_at is null
  returning a.account_id, a.is_approved, a.expires_at
$$;
alter function app.decide_accreditation owner to terra_worker;

-- What the desk reads of a claim that was submitted, and of its documents. To be called for staff only.
create function app.accreditation_at_desk(claim_id uuid) returns table (path text, claim jsonb, as_of text, expires_at timestamptz, files jsonb)
language sql stable security definer
set search_path = app, pg_temp
as $$
  select a.path, a.claim, to_char(a.as_of, 'YYYY-MM-DD'), a.expires_at,
    (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'name', f.name, 'mediaType', f.media_type, 'sha256', f.sha256, 'bytes', f.bytes)
       order by f.uploaded_at, f.id), '[]')
     from app.accreditation_file f where f.accreditation_id = a.id)
  from app.accreditation a
  where a.id = claim_id and a.submitted_at is not null
$$;
alter function app.accreditation_at_desk owner to terra_worker;
create function app.accreditation_file_at_desk(file_id uuid) returns table (id uuid, name text, media_type text, sealed bytea)
language sql stable security definer
set search_path = app, pg_temp
as $$
  select f.id, f.name, f.media_type, f.sealed
  from app.accreditation_file f
  join app.accreditation a on a.id = f.accreditation_id
  where f.id = file_id and a.submitted_at is not null
$$;
alter function app.accreditation_file_at_desk owner to terra_worker;
revoke execute on function app.decide_accreditation, app.accreditation_at_desk, app.accreditation_file_at_desk from public;
grant execute on function app.decide_accreditation, app.accreditation_at_desk, app.accreditation_file_at_desk to terra_api, terra_worker;

-- The class that the desk found an account to have at a moment: null when it never found any, 0 when none is in force any more.
create function app.accredited_class(account uuid, at timestamptz) returns int
language sql stable
as $$
  select case when count(*) > 0 then coalesce(max(class) filter (where expires_at > at), 0) end::int
  from app.accreditation
  where account_id = account and is_approved and minimum_cents is null and decided_at <= at
$$;
-- The smallest order under Rule 506(c) for which an account counts as verified by its size; null when there is none.
create function app.verified_from_cents(account uuid, at timestamptz) returns bigint
language sql stable
as $$
  select min(minimum_cents) from app.accreditation
  where account_id = account and is_approved and minimum_cents is not null and decided_at <= at and expires_at > at
$$;

-- With an account its claims go, unless it ever paid: then they are evidence of what its orders were decided by.
create function app.erase_accreditation() returns trigger
language plpgsql
as $$
begin
  if not exists (
    select from app.investment i join app.payment p on p.investment_id = i.id where i.account_id = new.id and p.state in ('succeeded', 'refunded')
  ) then
    delete from app.accreditation where account_id = new.id;
  end if;
  return null;
end
$$;
create trigger erase_accreditation after update of erased_at on app.account
for each row when (old.erased_at is null and new.erased_at is not null) execute function app.erase_accreditation();

insert into app.rule (code, effective_from, effective_to, value, citation, unconfirmed) values
  ('ACCREDITATION', '2025-03-12T04:00:00Z', null,
    '{"freshDays": 60, "validDays": 90,
      "income": {"aloneCents": "20000000", "jointCents": "30000000", "evidence": ["tax_forms"], "jointEvidence": ["spouse_statement"]},
      "netWorth": {"aboveCents": "100000000", "evidence": ["asset_statements", "credit_report"], "jointEvidence": ["spouse_statement"]},
      "licence": {"series": ["7", "65", "82"], "evidence": ["licence_record"]},
      "entity": {"assetsAboveCents": "500000000", "investmentsAboveCents": "500000000", "familyOfficeAboveCents": "500000000", "evidence": ["entity_papers"]},
      "letter": {"writers": ["broker_dealer", "investment_adviser", "attorney", "accountant"], "evidence": ["letter"]},
      "minimum": {"personCents": "20000000", "entityCents": "100000000", "ownerCents": "20000000", "fewerOwnersThan": 5, "evidence": []}}',
    '17 CFR 230.501(a) and 230.506(c)(2)(ii); SEC staff letter to Latham & Watkins, 12 March 2025 (minimum investment); evidence at most 60 days old when submitted and good for 90 days from its day (platform terms)',
    'That a claim by income is renewed as often as the others is the platform''s own; paragraph numbers of 230.506(c)(2)(ii) were not read in the rule itself');
update app.rule set effective_to = '2025-03-12T04:00:00Z' where code = 'REG_D_506C' and effective_to is null;
insert into app.rule (code, effective_from, effective_to, value, citation) values
  ('REG_D_506C', '2025-03-12T04:00:00Z', null, '{"classes": [1, 2], "takesMinimum": true}',
    '17 CFR 230.506(c): all purchasers are accredited investors, verified by reasonable steps; SEC staff letter to Latham & Watkins, 12 March 2025: a high minimum investment and written representations are such steps');
