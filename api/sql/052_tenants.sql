-- Issuers as tenants: who acts for one and how far, whom it invites, how it shows itself, and what was agreed with the platform.

-- Parts of the platform that an issuer may have.
create table app.module (
  code text primary key,
  title text not null
);
insert into app.module (code, title) values
  ('listing', 'Listing projects'),
  ('news', 'News for investors'),
  ('private_offers', 'Private offerings under Rule 506(b)');

-- Rights of who acts for an issuer: held only as far as the member's role has them too, and only while the module is agreed.
alter table app.permission add column is_of_member boolean not null default false;
alter table app.permission add column module text references app.module;
update app.permission set is_of_member = true, module = 'listing' where code = 'project.write';
update app.permission set is_of_member = true, module = 'private_offers' where code = 'relationship.write';
insert into app.permission (code, title, is_of_member, module) values
  ('project.report', 'Publish news of projects of their issuer', true, 'news'),
  ('issuer.read', 'See members, settings and terms of their issuer, and leave it', true, null),
  ('issuer.manage', 'Invite and remove members, change roles and settings of their issuer', true, null),
  ('invitation.accept', 'Accept an invitation to act for an issuer', false, null);
insert into app.role_permission (role, permission) values
  ('issuer', 'project.report'),
  ('issuer', 'issuer.read'),
  ('issuer', 'issuer.manage'),
  ('issuer', 'invitation.accept'),
  ('investor', 'invitation.accept');

-- One row per role inside an issuer, and one per right that it leaves.
create table app.member_role (
  code text primary key,
  title text not null
);
insert into app.member_role (code, title) values ('owner', 'Owner'), ('editor', 'Editor'), ('viewer', 'Viewer');
create table app.member_role_permission (
  role text not null references app.member_role,
  permission text not null references app.permission,
  primary key (role, permission)
);
insert into app.member_role_permission (role, permission)
select 'owner', code from app.permission where is_of_member
union all select 'editor', code from app.permission where is_of_member and code <> 'issuer.manage'
union all select 'viewer', 'issuer.read';

alter table app.issuer_member add column role text not null default 'owner' references app.member_role;
alter table app.issuer_member alter column role set default 'viewer';
alter table app.issuer_member add column joined_at timestamptz not null default now();
-- One issuer at most: whose rows an account sees is never a matter of choice.
create unique index issuer_member_account on app.issuer_member (account_id);
grant update (role), delete on app.issuer_member to terra_api;
grant delete on app.issuer_member to terra_worker;

-- Who acts for an issuer has the role for it, and only people without another one do.
create function app.follow_membership() returns trigger
language plpgsql security definer
set search_path = app, pg_temp
as $$
begin
  if tg_op = 'DELETE' then
    update app.account set role = 'investor' where id = old.account_id and role = 'issuer';
    return old;
  end if;
  update app.account set role = 'issuer' where id = new.account_id and role in ('investor', 'issuer');
  if not found then
    raise exception 'this role does not act for an issuer' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
alter function app.follow_membership owner to terra_worker;
create trigger role_follows after insert or delete on app.issuer_member for each row execute function app.follow_membership();

-- One row per mail address asked to act for an issuer.
create table app.issuer_invitation (
  id uuid primary key default gen_random_uuid(),
  issuer_id uuid not null references app.issuer,
  email citext not null,
  role text not null references app.member_role,
  -- Null where an operator of the platform did.
  invited_by uuid references app.account,
  created_at timestamptz not null,
  -- Made when the mail is sent, and only the hash stays.
  token_hash bytea unique,
  expires_at timestamptz,
  accepted_at timestamptz,
  withdrawn_at timestamptz,
  check ((token_hash is null) = (expires_at is null))
);
create unique index issuer_invitation_open on app.issuer_invitation (issuer_id, email) where accepted_at is null and withdrawn_at is null;
create index issuer_invitation_inviter on app.issuer_invitation (invited_by);
create index issuer_invitation_email on app.issuer_invitation (lower(email));

-- One row per issuer: how it shows itself beside its projects. Null where it says nothing. Never another name: nobody passes as another.
create table app.issuer_settings (
  issuer_id uuid primary key references app.issuer,
  tagline text check (length(tagline) between 1 and 160),
  accent char(7) check (accent ~ '^#[0-9a-f]{6}$'),
  support_email citext,
  version int not null default 1,
  updated_at timestamptz not null default now()
);

-- One row per agreement with an issuer: the newest in force counts, the former ones say what was agreed when an order was placed.
create table app.issuer_terms (
  issuer_id uuid not null references app.issuer,
  effective_from timestamptz not null,
  -- Of what investors pay, in hundredths of a percent; the fee is rounded down, the issuer gains.
  fee_bps int not null check (fee_bps between 0 and 10000),
  modules text[] not null,
  primary key (issuer_id, effective_from)
);
-- Every issuer has both from its first moment.
create function app.open_tenant() returns trigger
language plpgsql security definer
set search_path = app, pg_temp
as $$
begin
  insert into app.issuer_settings (issuer_id) values (new.id);
  insert into app.issuer_terms (issuer_id, effective_from, fee_bps, modules) values (new.id, '-infinity', 0, array(select code from app.module order by code));
  return new;
end
$$;
alter function app.open_tenant owner to terra_worker;
create trigger opens_tenant after insert on app.issuer for each row execute function app.open_tenant();
insert into app.issuer_settings (issuer_id) select id from app.issuer;
insert into app.issuer_terms (issuer_id, effective_from, fee_bps, modules)
select id, '-infinity', 0, array(select code from app.module order by code) from app.issuer;

do $$
declare
  t text;
begin
  foreach t in array array['issuer_invitation', 'issuer_settings', 'issuer_terms'] loop
    execute format('alter table app.%I enable row level security', t);
    execute format('alter table app.%I force row level security', t);
    execute format('create policy worker on app.%I to terra_worker using (true) with check (true)', t);
    execute format('create policy issuer on app.%I to terra_api using (issuer_id = app.current_issuer()) with check (issuer_id = app.current_issuer())', t);
  end loop;
end
$$;
-- As the issuer itself: shown with what it lists.
create policy listed on app.issuer_settings for select to terra_api
using (exists (select from app.project p where p.issuer_id = issuer_settings.issuer_id));
grant select on app.module, app.member_role, app.member_role_permission, app.issuer_invitation, app.issuer_settings, app.issuer_terms to terra_api, terra_worker;
grant insert (issuer_id, email, role, invited_by, created_at), update (withdrawn_at) on app.issuer_invitation to terra_api, terra_worker;
grant update (tagline, accent, support_email, version, updated_at) on app.issuer_settings to terra_api;
grant update (token_hash, expires_at, accepted_at, email), delete on app.issuer_invitation to terra_worker;
grant insert on app.issuer_settings, app.issuer_terms to terra_worker;

do $$
declare
  one record;
begin
  for one in select * from (values
    ('module', 'code', ''),
    ('member_role', 'code', ''),
    ('member_role_permission', 'role,permission', ''),
    ('issuer_invitation', 'id', 'role,invited_by,expires_at,accepted_at,withdrawn_at'),
    ('issuer_settings', 'issuer_id', 'accent,version'),
    ('issuer_terms', 'issuer_id,effective_from', 'fee_bps,modules')
  ) t(name, keys, shown) loop
    execute format('create trigger audit after insert or update or delete on app.%I for each row execute function app.write_audit(%L, %L, %L)',
      one.name, one.keys, one.shown, '');
  end loop;
end
$$;
drop trigger audit on app.issuer_member;
create trigger audit after insert or update or delete on app.issuer_member
for each row execute function app.write_audit('issuer_id,account_id', 'role', '');

-- What an account may do at this moment, for its issuer as far as its role there and the terms in force allow. Asked before there is a viewer.
drop function app.permissions_of(uuid);
create function app.permissions_of(account uuid, as_of timestamptz) returns text[]
language sql stable security definer
set search_path = app, pg_temp
as $$
  select array(
    select rp.permission
    from app.account a
    join app.role_permission rp on rp.role = a.role
    join app.permission p on p.code = rp.permission
    where a.id = account
      and (not p.is_of_member or exists (
        select from app.issuer_member m
        join app.member_role_permission mp on mp.role = m.role and mp.permission = p.code
        where m.account_id = a.id
          and (p.module is null or p.module = any ((
            select t.modules from app.issuer_terms t
            where t.issuer_id = m.issuer_id and t.effective_from <= as_of
            order by t.effective_from desc
            limit 1)::text[]))))
    order by rp.permission)
$$;
alter function app.permissions_of owner to terra_worker;

-- Makes an account a member by the secret of an invitation to its own e-mail, and says what came of it: joined, expired (or unknown, used,
-- withdrawn), another (it was sent to another e-mail), or member (of an issuer already).
create function app.accept_invitation(secret bytea, joiner uuid, as_of timestamptz) returns text
language plpgsql security definer
set search_path = app, pg_temp
as $$
declare
  invitation app.issuer_invitation;
  person app.account;
begin
  select * into person from app.account where id = joiner and id = app.current_account() for update;
  select * into invitation from app.issuer_invitation
  where token_hash = secret and accepted_at is null and withdrawn_at is null and expires_at > as_of
  for update;
  if invitation.id is null or person.id is null then
    return 'expired';
  end if;
  -- Without citext's own operators, which are not on the search path.
  if lower(person.email) is distinct from lower(invitation.email) then
    return 'another';
  end if;
  if exists (select from app.issuer_member m where m.account_id = person.id) then
    return 'member';
  end if;
  insert into app.issuer_member (issuer_id, account_id, role, joined_at) values (invitation.issuer_id, person.id, invitation.role, as_of);
  update app.issuer_invitation set accepted_at = as_of where id = invitation.id;
  -- Who has the secret reads the mailbox.
  update app.account set email_proven_at = as_of where id = person.id and email_proven_at is null;
  return 'joined';
end
$$;
alter function app.accept_invitation owner to terra_worker;
revoke execute on function app.accept_invitation from public;
grant execute on function app.accept_invitation to terra_api;

-- What issuers know of the person by an invitation: theirs to know.
create function app.invitations_of(account uuid) returns table (issuer text, role text, created_at timestamptz, accepted_at timestamptz)
language sql stable security definer
set search_path = app, pg_temp
as $$
  select i.name, v.role, v.created_at, v.accepted_at
  from app.issuer_invitation v
  join app.issuer i on i.id = v.issuer_id
  join app.account a on lower(a.email) = lower(v.email)
  where a.id = account and a.id = app.current_account()
$$;
alter function app.invitations_of owner to terra_worker;

-- And theirs to have erased.
create function app.forget_invited() returns trigger
language plpgsql security definer
set search_path = app, pg_temp
as $$
begin
  update app.issuer_invitation set email = 'erased-' || id || '@erased.invalid', withdrawn_at = case when accepted_at is null then new.erased_at end
  where lower(email) = lower(old.email);
  return new;
end
$$;
alter function app.forget_invited owner to terra_worker;
create trigger forgets_invited after update of erased_at on app.account
for each row when (old.erased_at is null and new.erased_at is not null) execute function app.forget_invited();

-- A message to somebody who may have no account.
alter table app.notification alter column account_id drop not null;
alter table app.notification add column invitation_id uuid references app.issuer_invitation on delete cascade;
alter table app.notification add constraint notification_to_somebody check (account_id is not null or invitation_id is not null);
