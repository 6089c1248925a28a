-- Offerings under the European crowdfunding regulation, (EU) 2020/1503, and what it asks of investors who are not sophisticated.

-- What in a row was not read in the law itself, in words for people; null where everything was.
alter table app.rule add column unconfirmed text;

alter table app.project drop constraint project_exemption_check;
alter table app.project add constraint project_exemption_check check (exemption in ('reg_cf', 'reg_d_506c', 'reg_a_tier_2', 'reg_s', 'ecsp'));
alter table app.project drop constraint project_currency_check;
alter table app.project add constraint project_currency_check check (currency in ('USD', 'EUR'));
-- Limits are figures in a currency, and nothing is converted.
alter table app.project add constraint exemption_currency check (
  submitted_at is null
  or case exemption when 'ecsp' then currency = 'EUR' when 'reg_cf' then currency = 'USD' when 'reg_a_tier_2' then currency = 'USD' else true end
);
-- What the issuer says that it raised in the twelve months before, elsewhere, under what its limit counts.
alter table app.project add column raised_elsewhere_cents bigint not null default 0 check (raised_elsewhere_cents >= 0);

-- Before this moment the investor may take the order back without a reason, paid or not, and nothing is minted; null where no law says so.
alter table app.investment add column cancel_until timestamptz;
-- Taken back after the payment: the money is sent back.
insert into app.investment_edge values ('paid', 'cancelled');

-- One row per entry knowledge test, taken or declined: the newest counts, the others stay as evidence.
create table app.knowledge_test (
  id bigint generated always as identity primary key,
  account_id uuid not null references app.account,
  -- The version of the questions: `effective_from` of ECSP_QUESTIONS.
  questions_from timestamptz not null,
  -- Option by question; null where the investor didn't want to answer.
  answers jsonb,
  right_count int not null,
  is_passed boolean not null,
  taken_at timestamptz not null,
  -- When the investor confirmed the risk warning that follows a test that was not passed.
  warned_at timestamptz,
  check (answers is not null or not is_passed)
);
create index knowledge_test_account on app.knowledge_test (account_id, taken_at desc);

-- One row per simulation of the ability to bear loss.
create table app.loss_simulation (
  id bigint generated always as identity primary key,
  account_id uuid not null references app.account,
  annual_income_cents bigint not null check (annual_income_cents >= 0),
  is_income_permanent boolean not null,
  liquid_assets_cents bigint not null check (liquid_assets_cents >= 0),
  annual_commitments_cents bigint not null check (annual_commitments_cents >= 0),
  net_worth_cents bigint not null,
  bearable_loss_cents bigint not null check (bearable_loss_cents >= 0),
  simulated_at timestamptz not null,
  -- When the investor confirmed having received the result.
  acknowledged_at timestamptz
);
create index loss_simulation_account on app.loss_simulation (account_id, simulated_at desc);

-- One row per request to be treated as a sophisticated investor.
create table app.sophistication (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references app.account,
  -- What the investor says that it fulfils, figures included.
  evidence jsonb not null,
  -- The criteria that this fulfils by the rule of the day.
  criteria text[] not null,
  requested_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  -- Set when it was approved.
  valid_until timestamptz,
  check (valid_until is null or decided_at is not null)
);
create index sophistication_account on app.sophistication (account_id, requested_at desc);

do $$
declare
  t text;
begin
  foreach t in array array['knowledge_test', 'loss_simulation', 'sophistication'] loop
    execute format('alter table app.%I enable row level security', t);
    execute format('alter table app.%I force row level security', t);
    execute format('create policy worker on app.%I to terra_worker using (true) with check (true)', t);
    execute format('create policy owner on app.%I to terra_api using (account_id = app.current_account()) with check (account_id = app.current_account())', t);
    execute format('grant select on app.%I to terra_api, terra_worker', t);
  end loop;
end
$$;
grant insert on app.knowledge_test, app.loss_simulation to terra_api;
-- A statement stays as it was made; only its confirmation follows later.
grant update (warned_at) on app.knowledge_test to terra_api;
grant update (acknowledged_at) on app.loss_simulation to terra_api;
-- Asking is the investor's, approving is not.
grant insert (account_id, evidence, criteria, requested_at) on app.sophistication to terra_api;
grant update (decided_at, decided_by, valid_until) on app.sophistication to terra_worker;

-- What everybody together committed to an issuer under an exemption since a moment, without showing who.
create function app.committed_under(law text, issuer uuid, since timestamptz) returns bigint
language sql stable security definer
set search_path = app, pg_temp
as $$
  select coalesce(sum(i.amount_cents), 0)::bigint
  from app.investment i
  join app.project p using (project_id)
  where p.exemption = law and i.issuer_id = issuer and i.created_at >= since
    and i.state in ('awaiting_payment', 'payment_failed', 'paid', 'minting', 'settled', 'review')
$$;
-- The worker's policy lets it count every row, whoever calls.
alter function app.committed_under owner to terra_worker;
drop function app.reg_cf_committed;

insert into app.rule (code, effective_from, effective_to, value, citation, unconfirmed) values
  ('ECSP_SOPHISTICATED', '2021-11-09T23:00:00Z', null,
    '{"months": 24, "person": {"needed": 2, "incomeCents": "6000000", "portfolioAboveCents": "10000000", "tradesPerQuarter": 10, "financeMonths": 12, "executiveMonths": 12}, "entity": {"needed": 1, "ownFundsCents": "10000000", "turnoverCents": "200000000", "balanceSheetCents": "100000000"}}',
    'Regulation (EU) 2020/1503, art. 2(1)(j) and Annex II: on request; an approval is valid for two years',
    'The figures of Annex II were not read in the regulation itself'),
  ('ECSP_KNOWLEDGE', '2021-11-09T23:00:00Z', null,
    '{"months": 24, "warning": "The services on this platform might be inappropriate for you. Investing in crowdfunding projects carries the risk of losing the entirety of the money invested."}',
    'Regulation (EU) 2020/1503, art. 21(1) to (4): assessed before the first investment and every two years; a test that is not passed is answered with a warning, not with a refusal', null),
  ('ECSP_LOSS', '2021-11-09T23:00:00Z', null, '{"months": 12, "bps": 1000}',
    'Regulation (EU) 2020/1503, art. 21(5) and (6); Delegated Regulation (EU) 2022/2114, art. 5: 10 % of net worth',
    'That the simulation is renewed every year, and how net worth is reckoned, was not read in the regulation itself'),
  ('ECSP_WARNING', '2021-11-09T23:00:00Z', null,
    '{"floorCents": "100000", "bps": 500, "warning": "This is much for you: more than EUR 1,000 and more than a twentieth of your net worth. You can lose the entirety of the money invested."}',
    'Regulation (EU) 2020/1503, art. 21(7): above the higher of EUR 1,000 and 5 % of net worth a warning, an explicit consent and a proof of understanding; what is in this offering already counts with it (platform terms)', null),
  ('ECSP_REFLECTION', '2021-11-09T23:00:00Z', null, '{"days": 4}',
    'Regulation (EU) 2020/1503, art. 22: four calendar days, without a reason and without a penalty; whole days of UTC after that of the order, as Regulation (EEC, Euratom) 1182/71, art. 3 counts', null),
  ('ECSP_ISSUER', '2021-11-09T23:00:00Z', null, '{"cents": "500000000", "months": 12}',
    'Regulation (EU) 2020/1503, art. 1(2)(c): EUR 5,000,000 of a project owner over twelve months', null),
  ('ECSP_QUESTIONS', '2021-11-09T23:00:00Z', null,
    '{"passRight": 4, "questions": [
      {"id": "past", "topic": "experience", "text": "Which of these have you invested in before?", "options": [{"id": "none", "text": "None of them"}, {"id": "funds", "text": "Funds, shares or bonds"}, {"id": "crowd", "text": "Crowdfunding projects"}, {"id": "both", "text": "Both"}]},
      {"id": "work", "topic": "experience", "text": "Have you worked with investments like these?", "options": [{"id": "no", "text": "No"}, {"id": "under", "text": "Yes, for less than a year"}, {"id": "over", "text": "Yes, for a year or longer"}]},
      {"id": "aim", "topic": "objectives", "text": "How long can you do without the money?", "options": [{"id": "short", "text": "Less than a year"}, {"id": "middle", "text": "One to five years"}, {"id": "long", "text": "More than five years"}]},
      {"id": "debt", "topic": "situation", "text": "Would you borrow to invest?", "options": [{"id": "no", "text": "No"}, {"id": "yes", "text": "Yes, or use money I need for bills"}]},
      {"id": "loss", "topic": "risk", "text": "The company behind a project becomes insolvent. What can happen to your money?", "options": [{"id": "guarantee", "text": "A deposit guarantee pays it back"}, {"id": "all", "text": "I can lose all of it"}, {"id": "part", "text": "I lose a tenth at most"}], "right": "all"},
      {"id": "return", "topic": "risk", "text": "A project expects a return of 6 % a year. What does that mean?", "options": [{"id": "promise", "text": "The platform promises it"}, {"id": "least", "text": "It is the least that I get"}, {"id": "estimate", "text": "It is an estimate; it can be less, or nothing"}], "right": "estimate"},
      {"id": "sell", "topic": "risk", "text": "You need the money back after three months. What holds?", "options": [{"id": "may_not", "text": "I may not be able to sell"}, {"id": "buyback", "text": "The platform buys back at the price I paid"}, {"id": "bank", "text": "My bank has to buy the units"}], "right": "may_not"},
      {"id": "spread", "topic": "risk", "text": "What lowers the risk that one failure takes everything?", "options": [{"id": "one", "text": "To put everything into the best project"}, {"id": "many", "text": "To spread it over different investments"}, {"id": "more", "text": "To invest more"}], "right": "many"},
      {"id": "weather", "topic": "risk", "text": "A wind park makes less power than planned for a year. What follows?", "options": [{"id": "same", "text": "Returns stay as they were planned"}, {"id": "less", "text": "Returns can be lower or fail"}, {"id": "state", "text": "The state pays the difference"}], "right": "less"}
    ]}',
    'Regulation (EU) 2020/1503, art. 21(2); Delegated Regulation (EU) 2022/2114, art. 1 to 3: experience, objectives, situation and understanding of risk; the questions are the platform''s own', null);
