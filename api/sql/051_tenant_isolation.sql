-- What belongs to an issuer is tied to that issuer, and no error or function tells one issuer of another's.

-- A row of one issuer can't hang on another's project, and what is unique is unique within the issuer: else a refusal would tell of rows
-- that aren't shown. The former keys go: by the name of the one that refuses they would tell apart a hidden project from none.
alter table app.project add constraint project_of_issuer unique (project_id, issuer_id);
do $$
declare
  t text;
begin
  foreach t in array array['document', 'project_update', 'investment'] loop
    execute format('alter table app.%I drop constraint %I', t, t || '_project_id_fkey');
    execute format('alter table app.%I add constraint %I foreign key (project_id, issuer_id) references app.project (project_id, issuer_id)', t,
      t || '_of_project');
  end loop;
end
$$;
alter table app.document drop constraint document_project_id_cid_key;
alter table app.document add constraint document_once unique (project_id, issuer_id, cid);

-- An issuer is known by what it lists: before that, only to its own members. Issuers are made by operators.
alter table app.issuer enable row level security;
alter table app.issuer force row level security;
create policy worker on app.issuer to terra_worker using (true) with check (true);
create policy own on app.issuer for select to terra_api using (id = app.current_issuer());
create policy listed on app.issuer for select to terra_api using (exists (select from app.project p where p.issuer_id = issuer.id));
revoke insert, update on app.issuer from terra_api;

-- As before, but of the person who asks only.
create or replace function app.relationships_of(account uuid) returns table (issuer text, established_on date, how text, judgement text, recorded_at timestamptz)
language sql stable security definer
set search_path = app, pg_temp
as $$
  select i.name, r.established_on, r.how, r.judgement, r.recorded_at
  from app.relationship r
  join app.issuer i on i.id = r.issuer_id
  join app.account a on a.email = r.email
  where a.id = account and a.id = app.current_account()
$$;
create or replace function app.ledger_of(person uuid) returns table (posted_at timestamptz, journal text, cause_type text, cause_id uuid, currency char(3), amount_minor bigint)
language sql stable security definer
set search_path = app, pg_temp
as $$
  select posted_at, journal, cause_type, cause_id, currency, amount_minor
  from app.ledger_line
  where account = 'investor' and owner = person::text and person = app.current_account()
  order by journal_id
$$;
