-- Who may do what: rows, so that a change of rights needs no release and leaves its trace in the audit.

-- One row per role that an account can have. Staff works for the platform, and does nothing without a second factor.
create table app.role (
  code text primary key,
  title text not null,
  is_staff boolean not null
);
insert into app.role (code, title, is_staff) values
  ('investor', 'Investor', false),
  ('issuer', 'Issuer', false),
  ('dao', 'Community DAO', false),
  ('operator', 'Operator', true),
  ('analyst', 'Analyst', true),
  ('support', 'Support', true),
  ('compliance', 'Compliance', true),
  ('admin', 'Administrator', true),
  ('super_admin', 'Super administrator', true);
alter table app.account drop constraint account_role_check;
alter table app.account add foreign key (role) references app.role;

-- One row per right that a route asks for; common/permissions.ts has the same ones.
create table app.permission (
  code text primary key,
  title text not null
);
insert into app.permission (code, title) values
  ('account.use', 'Sign in, prove who they are, link wallets, see and erase their own data'),
  ('investment.place', 'Commit to projects and see their own portfolio'),
  ('project.write', 'List and change projects of their issuer'),
  ('relationship.write', 'Record whom their issuer knew before a private offering'),
  ('review.work', 'See and decide cases at the review desk');

-- One row per right of a role. Nothing is implied: no role has what isn't here.
create table app.role_permission (
  role text not null references app.role,
  permission text not null references app.permission,
  primary key (role, permission)
);
insert into app.role_permission (role, permission)
select r.code, p.code from app.role r, app.permission p where p.code in ('account.use', 'investment.place');
insert into app.role_permission (role, permission) values
  ('issuer', 'project.write'),
  ('issuer', 'relationship.write'),
  ('operator', 'review.work'),
  ('compliance', 'review.work'),
  ('admin', 'review.work'),
  ('super_admin', 'review.work');

grant select on app.role, app.permission, app.role_permission to terra_api, terra_worker;
-- For operators' commands, which run as the worker.
grant insert, delete on app.role_permission to terra_worker;
create trigger audit after insert or update or delete on app.role
for each row execute function app.write_audit('code', 'is_staff', '');
create trigger audit after insert or update or delete on app.permission
for each row execute function app.write_audit('code', '', '');
create trigger audit after insert or update or delete on app.role_permission
for each row execute function app.write_audit('role,permission', '', '');

-- What an account may do at this moment.
create function app.permissions_of(account uuid) returns text[]
language sql stable
set search_path = app, pg_temp
return array(
  select rp.permission
  from app.account a
  join app.role_permission rp on rp.role = a.role
  where a.id = account
  order by rp.permission
);

-- The api makes accounts and keeps what their owners say; nobody gains a role through it.
revoke insert, update on app.account from terra_api;
grant insert (email, password_hash, country, display_name, created_at), update (email_proven_at, password_hash, country, display_name)
on app.account to terra_api;
