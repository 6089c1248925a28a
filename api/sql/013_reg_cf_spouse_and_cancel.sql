-- Regulation Crowdfunding: figures of a couple, and the right to cancel until 48 hours before the close.

-- When an offering ends by its own terms; null where it names no day.
alter table app.project add column closes_at timestamptz;

-- What the spouse committed under Regulation Crowdfunding in the twelve months before, here and elsewhere: the two together have one limit.
-- Null also in joint statements of before this was asked; those don't hold any more.
alter table app.finances add column spouse_committed_cents bigint check (spouse_committed_cents >= 0);
alter table app.finances add constraint spouse_is_joint check (spouse_committed_cents is null or is_joint);

insert into app.rule (code, effective_from, effective_to, value, citation) values
  ('REG_CF_CANCEL', '2016-05-16T04:00:00Z', null, '{"hours": 48}',
    '17 CFR 227.304(a): for any reason until 48 hours before the deadline that the issuer named');
