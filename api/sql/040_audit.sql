-- Who changed what, and by which right: written with each change, chained afterwards, never altered.

-- One row per change of a row below, and per refusal of somebody who is signed in. Names of personal columns, never their values.
create table app.audit (
  id bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  -- account:<id>, worker, operator, nobody (not signed in, or a vendor), or database:<login> for who came past the program.
  actor text not null,
  -- The tenant whose row it is, or that the actor acted for.
  issuer_id uuid,
  -- The route, job or command that allowed it.
  permission text,
  decision text not null check (decision in ('allowed', 'refused')),
  -- Of the request; follows it through jobs.
  correlation text,
  action text not null,
  subject text not null,
  -- As text, kept to the byte: it is hashed.
  data json not null,
  primary key (at, id)
) partition by range (at);
-- Where a row goes when nobody made its month in time.
create table app.audit_rest partition of app.audit default;

-- One row per audit row that isn't in the chain yet. Written with it, so that a slow transaction is never passed over.
create table app.audit_unsealed (
  audit_id bigint primary key,
  audit_at timestamptz not null
);

-- The chain: one row per audit row, in the order of sealing. hash = SHA-256(hash before, fields); docs/adr/0017-audit.md.
create table app.audit_seal (
  seq bigint primary key,
  audit_id bigint not null,
  audit_at timestamptz not null,
  hash bytea not null
);

-- Tenants' rows: of them the program sees none but the worker, which serves everybody; the functions below append as their owner.
alter table app.audit enable row level security;
alter table app.audit force row level security;
alter table app.audit_rest enable row level security;
alter table app.audit_rest force row level security;
create policy worker on app.audit for select to terra_worker using (true);
do $$ begin execute format('create policy appender on app.audit to %I using (true) with check (true)', current_user); end $$;

create trigger append_only before update or delete on app.audit for each row execute function app.refuse_change();
create trigger append_only before update or delete on app.audit_seal for each row execute function app.refuse_change();
create trigger no_truncate before truncate on app.audit for each statement execute function app.refuse_change();
create trigger no_truncate before truncate on app.audit_rest for each statement execute function app.refuse_change();
create trigger no_truncate before truncate on app.audit_seal for each statement execute function app.refuse_change();

-- Sees to it that the month of a day and the two after it have their partitions. Says how many it made.
create function app.keep_audit_months(today date) returns int
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  made int := 0;
  first_day date;
  month text;
begin
  for first_day in select date_trunc('month', today)::date + make_interval(months => n) from generate_series(0, 2) n loop
    month := 'audit_' || to_char(first_day, 'YYYY_MM');
    continue when to_regclass('app.' || month) is not null;
    execute format('create table app.%I partition of app.audit for values from (%L) to (%L)', month,
      first_day::timestamp at time zone 'UTC', (first_day + interval '1 month') at time zone 'UTC');
    execute format('create trigger no_truncate before truncate on app.%I for each statement execute function app.refuse_change()', month);
    -- By itself a partition is nobody's; through app.audit its policies hold.
    execute format('alter table app.%I enable row level security', month);
    execute format('alter table app.%I force row level security', month);
    made := made + 1;
  end loop;
  return made;
end
$$;
select app.keep_audit_months((now() at time zone 'UTC')::date);

-- Who acts in the running statement: told in a comment at its head, so that it holds for one statement only, whatever pools connections.
create function app.acting() returns jsonb
language sql stable
set search_path = pg_catalog, pg_temp
return coalesce(
  convert_from(decode(substring(current_query() from '^/\*acting ([A-Za-z0-9+/=]+)\*/'), 'base64'), 'UTF8')::jsonb,
  jsonb_build_object('actor', 'database:' || session_user)
);

create function app.append_audit(decision text, action text, subject text, issuer uuid, data jsonb) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  acting jsonb := app.acting();
  row_id bigint;
  row_at timestamptz;
begin
  insert into app.audit (actor, issuer_id, permission, decision, correlation, action, subject, data)
  values (acting ->> 'actor', coalesce(issuer, (acting ->> 'issuerId')::uuid), acting ->> 'permission', decision, acting ->> 'correlation',
    action, subject, data::text::json)
  returning id, at into row_id, row_at;
  insert into app.audit_unsealed values (row_id, row_at);
end
$$;

-- The trigger of each audited table. Arguments, each with commas: columns that name the row; columns whose values are shown; columns whose
-- change alone is none.
create function app.write_audit() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  was jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  becomes jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
  present jsonb := coalesce(becomes, was);
  shown text[] := string_to_array(tg_argv[1], ',');
  changed text[];
  data jsonb;
begin
  if tg_op = 'UPDATE' then
    select array_agg(key order by key) into changed
    from jsonb_each(becomes)
    where value is distinct from was -> key and key <> all (string_to_array(tg_argv[2], ','));
    if changed is null then
      return null;
    end if;
    select jsonb_build_object('changed', to_jsonb(changed)) || coalesce(jsonb_object_agg(key, jsonb_build_array(was -> key, becomes -> key)), '{}')
    into data from unnest(changed) key where key = any (shown);
  else
    select coalesce(jsonb_object_agg(key, present -> key), '{}') into data from unnest(shown) key;
  end if;
  perform app.append_audit('allowed', lower(tg_op) || ' ' || tg_table_name,
    tg_table_name || (select string_agg(' ' || (present ->> key), '' order by place) from unnest(string_to_array(tg_argv[0], ',')) with ordinality k(key, place)),
    case when present ->> 'issuer_id' is not null then (present ->> 'issuer_id')::uuid end, data);
  return null;
end
$$;

-- Relationships are named by e-mail; in the audit by this.
alter table app.relationship add column id uuid not null default gen_random_uuid() unique;
-- So that jobs carry on the correlation of what caused them.
alter table app.outbox add column correlation text default (app.acting() ->> 'correlation');

do $$
declare
  one record;
begin
  for one in select * from (values
    ('account', 'id', 'investor_id,role', ''),
    ('sign_in', 'family', 'factor_at', 'active_at'),
    ('session', 'id', 'account_id,family,expires_at,successor,revoked_at', ''),
    ('device', 'account_id', '', 'last_seen_at'),
    ('totp', 'account_id', 'confirmed_at', 'last_step'),
    ('recovery_code', 'account_id', 'used_at', ''),
    ('passkey', 'id', 'account_id,is_synced', 'counter,last_used_at'),
    ('wallet', 'address', 'account_id,active', ''),
    ('kyc_check', 'id', 'account_id,provider,state,decided_at,expires_at', 'due_at'),
    ('finances', 'id', 'account_id', ''),
    ('knowledge_test', 'id', 'account_id,is_passed,warned_at', ''),
    ('loss_simulation', 'id', 'account_id,acknowledged_at', ''),
    ('sophistication', 'id', 'account_id,valid_until', ''),
    ('relationship', 'id', 'judgement', ''),
    ('issuer', 'id', 'country', ''),
    ('issuer_member', 'issuer_id,account_id', '', ''),
    ('project', 'project_id', 'exemption,units_offered,unit_price_cents,currency,lock_days,closes_at,submitted_at,metadata_sha256', 'updated_at'),
    ('document', 'id', 'project_id,kind,cid,sha256', ''),
    ('project_update', 'id', 'project_id,kind', ''),
    ('rule', 'code,effective_from', 'effective_to,value', ''),
    ('investment_edge', 'from_state,to_state', '', ''),
    ('decision', 'id', 'subject,account_id,project_id,investment_id,allowed', ''),
    ('investment', 'id', 'account_id,project_id,units,amount_cents,currency,state,wallet', 'updated_at'),
    ('payment', 'id', 'investment_id,provider,amount_cents,currency,state,failure_code', 'due_at,updated_at'),
    ('webhook_inbox', 'provider,event_id', 'kind,processed_at', 'attempts,retry_at,last_error'),
    ('signer', 'chain_id,address', 'next_nonce,epoch,stopped_reason', 'heartbeat_at'),
    ('chain_intent', 'id', 'kind,investment_id,account_id,wallet,state,signer,nonce,tx_hash,block_number,review_reason', 'updated_at'),
    ('tx_attempt', 'intent_id,n', 'nonce,tx_hash,gas_limit,max_fee_per_gas_wei', 'last_sent_at'),
    ('notification', 'id', 'account_id,kind,sent_at', 'retry_at'),
    ('incident_review', 'block_number,block_hash', 'reason', ''),
    ('mailed_link', 'id', 'account_id,purpose,used_at', 'token_hash,expires_at'),
    ('sanctions_list', 'id', 'source,published_on,sha256,entries', ''),
    ('identity', 'account_id', '', ''),
    ('sanctions_hit', 'id', 'account_id,source,ref,kind,score', ''),
    ('account_freeze', 'id', 'account_id,lifted_at', ''),
    ('review_policy', 'kind', 'outcomes,four_eyes,due_hours', ''),
    ('review_case', 'id', 'kind,account_id,state,version,assignee,proposed_outcome,proposed_by,outcome,decided_by', ''),
    ('journal', 'id', 'kind,cause_type,cause_id,cause_number', '')
  ) t(name, keys, shown, quiet) loop
    execute format('create trigger audit after insert or update or delete on app.%I for each row execute function app.write_audit(%L, %L, %L)',
      one.name, one.keys, one.shown, one.quiet);
  end loop;
end
$$;

-- A field as it is hashed: its length in four bytes, then UTF-8; for null the length is all ones. Without a search path of its own, so that it is
-- written out where it is called.
create function app.audit_field(value text) returns bytea
language sql immutable
return case when value is null then '\xffffffff'::bytea else int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8') end;

-- Takes rows that wait into the chain, one sealer at a time, and says how many it took.
create function app.seal_audit(most int) returns int
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  ids bigint[] := '{}';
  ats timestamptz[] := '{}';
  hashes bytea[] := '{}';
  head bytea;
  n bigint;
  r record;
begin
  perform pg_advisory_xact_lock(hashtextextended('app.audit_seal', 0));
  select seq, hash into n, head from app.audit_seal order by seq desc limit 1;
  n := coalesce(n, 0);
  head := coalesce(head, decode(repeat('00', 32), 'hex'));
  for r in
    select a.id, a.at, app.audit_field(a.id::text) || app.audit_field((extract(epoch from a.at) * 1000000)::bigint::text)
      || app.audit_field(a.actor) || app.audit_field(a.issuer_id::text) || app.audit_field(a.permission) || app.audit_field(a.decision)
      || app.audit_field(a.correlation) || app.audit_field(a.action) || app.audit_field(a.subject) || app.audit_field(a.data::text) as fields
    from (select * from app.audit_unsealed order by audit_id limit most) u
    join app.audit a on a.at = u.audit_at and a.id = u.audit_id
    order by a.id
  loop
    ids := ids || r.id;
    ats := ats || r.at;
    head := sha256(head || app.audit_field((n + cardinality(ids))::text) || r.fields);
    hashes := hashes || head;
  end loop;
  insert into app.audit_seal
  select n + place, id, at, hash from unnest(ids, ats, hashes) with ordinality t(id, at, hash, place);
  delete from app.audit_unsealed where audit_id = any (ids);
  return cardinality(ids);
end
$$;

-- One row per day whose chain was anchored: head and place in the chain, and the intent that carries them to the chain of blocks.
create table app.audit_anchor (
  day date primary key,
  seq bigint not null,
  hash bytea not null,
  intent_id uuid not null references app.chain_intent
);
create trigger append_only before update or delete on app.audit_anchor for each row execute function app.refuse_change();
create trigger no_truncate before truncate on app.audit_anchor for each statement execute function app.refuse_change();

-- An anchor is an empty transaction of the minter to itself; like a noop it is nobody's.
alter table app.chain_intent drop constraint chain_intent_kind_check;
alter table app.chain_intent add constraint chain_intent_kind_check check (kind in ('mint', 'register', 'noop', 'anchor'));
do $$
declare
  old_check text;
begin
  for old_check in
    select conname from pg_constraint
    where conrelid = 'app.chain_intent'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%noop%' and conname <> 'chain_intent_kind_check'
  loop
    execute format('alter table app.chain_intent drop constraint %I', old_check);
  end loop;
end
$$;
alter table app.chain_intent add constraint chain_intent_of_somebody check ((kind in ('noop', 'anchor')) = (account_id is null));
alter table app.chain_intent add constraint chain_intent_to_somebody check ((kind in ('noop', 'anchor')) = (wallet is null));

revoke execute on function app.append_audit, app.write_audit, app.seal_audit, app.keep_audit_months from public;
grant execute on function app.append_audit to terra_api, terra_worker;
grant execute on function app.seal_audit, app.keep_audit_months to terra_worker;
grant select on app.audit, app.audit_unsealed, app.audit_seal, app.audit_anchor to terra_worker;
grant insert on app.audit_anchor to terra_worker;
