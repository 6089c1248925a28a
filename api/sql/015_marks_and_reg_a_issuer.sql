-- What an issuer may raise under Regulation A, Tier 2; and what in the rules of before was not read in the law itself.

insert into app.rule (code, effective_from, effective_to, value, citation, unconfirmed) values
  ('REG_A_ISSUER', '2015-06-19T04:00:00Z', '2021-03-15T04:00:00Z', '{"cents": "5000000000"}',
    '17 CFR 230.251(a)(2), 80 FR 21806', 'The figure of before 2021 was not read in the rule itself'),
  ('REG_A_ISSUER', '2021-03-15T04:00:00Z', null, '{"cents": "7500000000"}', '17 CFR 230.251(a)(2), 86 FR 3496', null);

-- A mark changes no answer: values and dates stay as they are.
update app.rule set unconfirmed = 'That the ceiling also holds below the threshold is how portals read it; the stricter reading is in force'
where code = 'REG_CF_INVESTOR';
