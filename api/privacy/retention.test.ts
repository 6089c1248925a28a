import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { openPool, type Pool } from '../../common/node/db.ts'
import { freshDatabase, type TestDatabase } from '../../common/node/testing.ts'
import { countDue, DATA_CLASSES, endDue } from './retention.ts'

const NOW = new Date('2040-06-01T00:00:00Z')
const ago = (days: number) => new Date(NOW.getTime() - days * 86_400_000)
const A = '00000000-0000-4000-8000-00000000000a'
const ERASED = '00000000-0000-4000-8000-00000000000e'

/** For each class: a row of this age in days, in SQL with $1 for its moment. */
const ROWS: Record<string, string[]> = {
  'wallet challenges': [`insert into app.siwe_nonce values (gen_random_uuid(), '', $1)`],
  'passkey challenges': [`insert into app.passkey_challenge values (convert_to(gen_random_uuid()::text, 'UTF8'), '', $1)`],
  'feed tickets': [
    `insert into app.feed_ticket (ticket_hash, account_id, family, expires_at) values (convert_to(gen_random_uuid()::text, 'UTF8'), '${A}', '${A}', $1)`,
  ],
  'failed logins': [`insert into app.login_attempt values (convert_to(gen_random_uuid()::text, 'UTF8'), 1, $1)`],
  'wrong codes': [
    `with one as (insert into app.account (created_at) values ('2040-05-01') returning id) insert into app.factor_attempt select id, 1, $1 from one`,
  ],
  'answers to repeated requests': [
    `insert into app.idempotency_key (account_id, key, route, request_hash, created_at) values ('${A}', gen_random_uuid(), 'r', '', $1)`,
  ],
  'tasks that are done': [`insert into app.outbox (topic, payload, done, created_at) values ('t', '{}', true, $1)`],
  'contents of vendors’ events': [
    `insert into app.webhook_inbox (provider, event_id, kind, body, received_at, processed_at) values ('p', gen_random_uuid(), 'k', 'body', $1, $1)`,
  ],
  'sign-ins that ended': [
    `with one as (insert into app.sign_in (family, active_at) values (gen_random_uuid(), $1) returning family)
     insert into app.session (family, account_id, refresh_hash, created_at, expires_at) select family, '${A}', convert_to(family::text, 'UTF8'), $1, $1 from one`,
  ],
  browsers: [`insert into app.device values ('${A}', convert_to(gen_random_uuid()::text, 'UTF8'), $1, $1)`],
  messages: [
    `insert into app.notification (account_id, kind, subject, body, cause, created_at, sent_at) values ('${A}', 'k', 's', 'b', gen_random_uuid(), $1, $1)`,
  ],
  'accounts that nobody uses': [
    `insert into app.account (email, password_hash, created_at) values (gen_random_uuid() || '@old.example', 'x', $1)`,
  ],
}
const EVIDENCE = [
  `insert into app.finances (account_id, annual_income_cents, net_worth_cents, is_joint, outside_cents, stated_at) values ('${ERASED}', 1, 1, false, 0, now())`,
  `insert into app.knowledge_test (account_id, questions_from, right_count, is_passed, taken_at) values ('${ERASED}', now(), 0, false, now())`,
  `insert into app.loss_simulation (account_id, annual_income_cents, is_income_permanent, liquid_assets_cents, annual_commitments_cents, net_worth_cents,
     bearable_loss_cents, simulated_at) values ('${ERASED}', 1, true, 1, 1, 1, 1, now())`,
  `insert into app.sophistication (account_id, evidence, criteria, requested_at) values ('${ERASED}', '{}', '{}', now())`,
  `insert into app.accreditation (account_id, path, claim, class, rule_from, as_of, expires_at, created_at)
     values ('${ERASED}', 'letter', '{}', 1, now(), now(), now(), now())`,
  `insert into app.kyc_check (account_id, provider, applicant_ref, state, created_at) values ('${ERASED}', 'onfido', 'ref', 'approved', now())`,
]

describe('retention', () => {
  let db: TestDatabase
  let pool: Pool
  before(async () => {
    db = await freshDatabase()
    pool = openPool(db.urlOf('terra_worker'))
    await db.admin.query(`insert into app.account (id, created_at) values ($1, $2)`, [A, ago(1)])
    for (const { name, days } of DATA_CLASSES) {
      for (const sql of ROWS[name] ?? []) for (const age of [days - 1, days + 1, days + 2]) await db.admin.query(sql, [ago(age)])
    }
  })
  after(async () => {
    await pool.end()
    await db.drop()
  })
  const rowsDue = async () =>
    Object.fromEntries((await countDue(pool, NOW)).filter(({ rows }) => rows > 0).map(({ name, rows }) => [name, rows]))

  it('shows exactly the rows whose time is over, and changes nothing by that', async () => {
    const expected = Object.fromEntries(Object.keys(ROWS).map((name) => [name, 2]))
    expect(await rowsDue()).to.deep.include(expected)
    expect(await rowsDue()).to.deep.equal(await rowsDue())
  })

  it('ends them, and leaves the others', async () => {
    await endDue(pool, NOW)
    expect(await rowsDue()).to.deep.equal({})
    const { rows } = await db.admin.query(
      `select (select count(*)::int from app.device) as devices, (select count(*)::int from app.outbox) as tasks,
         (select count(*)::int from app.webhook_inbox) as events, (select count(*)::int from app.webhook_inbox where body <> '') as bodies,
         (select count(*)::int from app.session) as sessions, (select count(*)::int from app.sign_in) as sign_ins,
         (select count(*)::int from app.account where email is not null) as people, (select count(*)::int from app.account where erased_at is not null) as erased`,
    )
    expect(rows[0]).to.include({ devices: 1, tasks: 1, events: 3, bodies: 1, sessions: 1, sign_ins: 1, people: 1 })
    expect(rows[0].erased).to.be.greaterThan(1)
  })

  it('keeps evidence of orders for ten years after an account was erased, and references of identity checks for five', async () => {
    await db.admin.query('insert into app.account (id, created_at, erased_at) values ($1, $2, $2)', [ERASED, NOW])
    for (const sql of EVIDENCE) await db.admin.query(sql)
    const dueAfter = async (days: number) =>
      (await countDue(pool, new Date(NOW.getTime() + days * 86_400_000))).filter(
        ({ name, rows }) => rows > 0 && /evidence|references/.test(name),
      ).length
    expect([
      await dueAfter(5 * 365 - 1),
      await dueAfter(5 * 365 + 1),
      await dueAfter(10 * 365 - 1),
      await dueAfter(10 * 365 + 1),
    ]).to.deep.equal([0, 1, 1, 6])
    await endDue(pool, new Date(NOW.getTime() + 4_000 * 86_400_000))
    const { rows } = await db.admin.query(`select applicant_ref from app.kyc_check where account_id = $1`, [ERASED])
    expect(rows).to.deep.equal([{ applicant_ref: '' }])
    expect((await db.admin.query('select from app.finances')).rowCount).to.equal(0)
  })
})
