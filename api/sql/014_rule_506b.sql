-- Private offerings under Rule 506(b): shown only to whom the issuer knew before, and to at most 35 who are not accredited.

alter table app.project drop constraint project_exemption_check;
alter table app.project add constraint project_exemption_check
  check (exemption in ('reg_cf', 'reg_d_506b', 'reg_d_506c', 'reg_a_tier_2', 'reg_s', 'ecsp'));

-- The chain's record of the wallet when the order was placed: 0 retail, 1 accredited, 2 institution. Null in orders of before.
alter table app.investment add column investor_class smallint;

-- One row per person with whom an issuer has a relationship. Named by e-mail, so that recording one doesn't tell who has an account; it
-- holds for who proved that the e-mail is theirs.
create table app.relationship (
  issuer_id uuid not null references app.issuer,
  email citext not null,
  established_on date not null,
  how text not null check (length(how) between 10 and 2000),
  -- What the issuer believes: the person can judge merits and risks alone, or with a representative; null where it doesn't say.
  judgement text check (judgement in ('alone', 'representative')),
  representative text,
  recorded_at timestamptz not null,
  primary key (issuer_id, email),
  check (established_on <= recorded_at),
  check ((judgement is not distinct from 'representative') = (representative is not null))
);
alter table app.relationship enable row level security;
alter table app.relationship force row level security;
create policy worker on app.relationship to terra_worker using (true) with check (true);
create policy issuer on app.relationship to terra_api using (issuer_id = app.current_issuer()) with check (issuer_id = app.current_issuer());
grant select on app.relationship to terra_api, terra_worker;
grant insert on app.relationship to terra_api;
-- When and how they met stays as it was recorded.
grant update (judgement, representative) on app.relationship to terra_api;

-- What the rules look at in a private offering: of the account that asks, or, where nobody asks, of the one named.
create function app.private_offer(project int, account uuid)
returns table (recorded_at timestamptz, offered_at timestamptz, judgement text)
language sql stable security definer
set search_path = app, pg_temp
as $$
  select r.recorded_at, p.submitted_at, r.judgement
  from app.project p
  left join app.account a on a.id = coalesce(app.current_account(), account)
  left join app.relationship r on r.issuer_id = p.issuer_id and r.email = a.email and a.email_proven_at is not null
  where p.project_id = project
$$;
alter function app.private_offer owner to terra_worker;

-- When everybody else who isn't accredited last committed to the issuer under Rule 506(b), without showing who.
create function app.other_purchases(project int, account uuid) returns setof timestamptz
language sql stable security definer
set search_path = app, pg_temp
as $$
  select max(i.created_at)
  from app.investment i
  join app.project o using (project_id)
  join app.project p on p.issuer_id = o.issuer_id
  where p.project_id = project and o.exemption = 'reg_d_506b'
    and i.account_id <> coalesce(app.current_account(), account) and coalesce(i.investor_class, 0) = 0
    and i.state in ('awaiting_payment', 'payment_failed', 'paid', 'minting', 'settled', 'review')
  group by i.account_id
$$;
alter function app.other_purchases owner to terra_worker;

-- Whether a project is no private offering, or one to somebody the issuer knew before it, or the viewer has a part in it already.
create function app.is_offered_to_viewer(project int) returns boolean
language sql stable security definer
set search_path = app, pg_temp
as $$
  select p.exemption is distinct from 'reg_d_506b'
    or exists (
      select from app.relationship r
      join app.account a on a.email = r.email and a.email_proven_at is not null
      where a.id = app.current_account() and r.issuer_id = p.issuer_id and r.recorded_at <= p.submitted_at
    )
    or exists (select from app.investment i where i.project_id = project and i.account_id = app.current_account())
    or exists (
      select from chain.holding h
      join app.wallet w on w.address = h.holder
      where h.project_id = project and w.account_id = app.current_account()
    )
  from app.project p
  where p.project_id = project
$$;
alter function app.is_offered_to_viewer owner to terra_worker;

-- No general solicitation: documents and updates follow, for their policies look for the project.
drop policy submitted on app.project;
create policy submitted on app.project for select to terra_api
  using (submitted_at is not null and (exemption is distinct from 'reg_d_506b' or app.is_offered_to_viewer(project_id)));

insert into app.rule (code, effective_from, effective_to, value, citation, unconfirmed) values
  ('REG_D_506B_RELATIONSHIP', '2013-09-23T04:00:00Z', null, '{"recorded": "before the offering was submitted"}',
    '17 CFR 230.502(c), 230.506(b)(1): no general solicitation; the issuer records a relationship before it submits the offering (platform terms)', null),
  ('REG_D_506B_JUDGEMENT', '2013-09-23T04:00:00Z', null, '{"accepted": ["alone", "representative"]}',
    '17 CFR 230.506(b)(2)(ii): who is not accredited can judge merits and risks, alone or with a purchaser representative', null),
  ('REG_D_506B_PURCHASERS', '2013-09-23T04:00:00Z', '2021-03-15T04:00:00Z', '{"purchasers": 35, "days": null}',
    '17 CFR 230.506(b)(2)(i): at most 35 purchasers who are not accredited',
    'That the 35 were counted without an end of time before 2021 was not read in the rule itself'),
  ('REG_D_506B_PURCHASERS', '2021-03-15T04:00:00Z', null, '{"purchasers": 35, "days": 90}',
    '17 CFR 230.506(b)(2)(i): at most 35 purchasers who are not accredited, in all such offerings of the issuer',
    'That the 35 are counted in any 90 calendar days was not read in the rule itself');
