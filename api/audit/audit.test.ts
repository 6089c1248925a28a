import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { actAs } from '../../common/node/acting.ts'
import { inTransaction, openPool, type Pool } from '../../common/node/db.ts'
import { startTestChain, type TestChain } from '../../common/node/testing.ts'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import { type Market, startMarket } from '../investments/testing.ts'
import { TEST_PASSWORD } from '../testing.ts'
import { noteAudit } from './note.ts'
import { PERSONAL, walkRoutes } from './testing-walk.ts'

/** Routes after which nothing is as it wasn't before, but for what is good for nothing alone. A new one fails here until it leaves a row. */
const NO_CHANGE: Record<string, string> = {
  'POST /api/v1/auth/siwe/nonce': 'a challenge',
  'POST /api/v1/wallets/outside/challenge': 'a challenge',
  'POST /api/v1/auth/factor/options': 'a challenge',
  'POST /api/v1/auth/passkey/options': 'a challenge',
  'POST /api/v1/auth/passkeys/options': 'a challenge',
  'POST /api/v1/auth/confirm/options': 'a challenge',
  'POST /api/v1/portfolio/ticket': 'a ticket of thirty seconds for one’s own feed',
  'POST /api/v1/distributions/claim': 'reads the chain for the wallet to sign',
}
/** Tables whose changes leave no row, and why that is right. A new table fails here until it has its trigger. */
const UNWATCHED: Record<string, string> = {
  audit: 'is the audit',
  audit_seal: 'is the audit',
  audit_unsealed: 'is the audit',
  audit_anchor: 'is the audit; its intent has a row',
  sanctions_entry: 'belongs to a list, whose row has the hash of its file',
  screening: 'whom to compare with the lists again; what is found has its row',
  monitor_scan: 'up to where payments were looked at; what is found has its row',
  review_step: 'the history of a case, whose row changes with it',
  ledger_account: 'a name for entries',
  ledger_entry: 'belongs to a journal, whose row tells its cause',
  outbox: 'what is to be done about a change that has its own row',
  idempotency_key: 'an answer kept for its repeat',
  login_attempt: 'a counter by hashed e-mail',
  factor_attempt: 'a counter',
  siwe_nonce: 'a challenge',
  passkey_challenge: 'a challenge',
  feed_ticket: 'a ticket of thirty seconds',
  vendor_state: 'how others answer, not what was done',
}

describe('the audit', () => {
  let chain: TestChain
  let sandbox: TestSandbox
  let market: Market
  let pool: Pool
  before(async () => {
    chain = await startTestChain()
    sandbox = await startTestSandbox()
    market = await startMarket({ sandboxUrl: sandbox.url, rpcUrl: chain.url, kycProvider: 'sumsub' })
    pool = openPool(market.api.db.urlOf('terra_worker'))
  })
  after(async () => {
    await pool.end()
    await market.close()
    await Promise.all([sandbox.stop(), chain.stop()])
  })
  const rowsOf = async (where: string, ...values: unknown[]) =>
    (await market.api.db.admin.query(`select * from app.audit where ${where} order by id`, values)).rows

  it('has a row of every route that changes something', async () => {
    await walkRoutes(market)
    const { rows } = await market.api.db.admin.query<{ permission: string }>(
      `select distinct permission from app.audit where decision = 'allowed' and permission is not null`,
    )
    const table = market.api.app.routeTable().filter(({ method }) => !['GET', 'OPTIONS'].includes(method))
    const names = table.map(({ method, url }) => `${method} ${url}`).filter((name) => NO_CHANGE[name] === undefined)
    expect(rows.map(({ permission }) => permission).sort()).to.deep.equal(names.sort())
    expect(names.length).to.be.greaterThan(35)
  })

  it('says who, by which right and in which request, and nothing personal or secret', async () => {
    const [account] = (await market.api.db.admin.query('select id from app.account where email = $1', [PERSONAL.email])).rows
    const headers = { 'x-request-id': 'an-audited-request' }
    const login = await market.api.call('POST', 'users/login', { email: PERSONAL.email, password: TEST_PASSWORD })
    await market.api.call('PUT', 'users/me', { displayName: 'Quirin' }, login.json().data.accessToken, headers)
    const [row] = await rowsOf(`correlation = 'an-audited-request'`)
    expect(row).to.deep.include({
      actor: `account:${account.id}`,
      issuer_id: null,
      permission: 'PUT /api/v1/users/me',
      decision: 'allowed',
      action: 'update account',
      subject: `account ${account.id}`,
      data: { changed: ['display_name'] },
    })
    const everything = JSON.stringify(await rowsOf('true'))
    for (const [name, value] of Object.entries({ ...PERSONAL, TEST_PASSWORD, refresh: login.json().data.refreshToken }))
      expect(everything.includes(value), name).to.equal(false)
    expect(everything.includes('"amount_cents":10000')).to.equal(true)
    const issuers = await rowsOf(`action = 'update project'`)
    expect(issuers.every(({ issuer_id }) => issuer_id !== null)).to.equal(true)
  })

  it('notes what somebody signed in was refused, and not what strangers try', async () => {
    const { accessToken, user } = await market.api.register('refused@walk.example')
    await market.api.call('POST', 'projects', {}, accessToken)
    const [row] = await rowsOf(`decision = 'refused' and subject = $1`, `account ${user.id}`)
    expect(row).to.deep.include({ actor: `account:${user.id}`, action: 'refuse FORBIDDEN', permission: 'POST /api/v1/projects' })
    const before = await rowsOf('true')
    await market.api.call('POST', 'projects', {})
    await market.api.call('POST', 'users/login', { email: PERSONAL.email, password: 'wrong' })
    expect(await rowsOf('true')).to.have.length(before.length)
  })

  it('watches every table but those on the list', async () => {
    const { rows } = await market.api.db.admin.query<{ name: string; watched: boolean }>(
      `select c.relname as name, exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'audit') as watched
       from pg_class c
       where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`,
    )
    const unwatched = rows.filter(({ watched }) => !watched).map(({ name }) => name)
    expect(unwatched.sort()).to.deep.equal(Object.keys(UNWATCHED).sort())
  })

  it('takes no change and no removal, of the owner neither, and no row that no change was behind', async () => {
    for (const table of ['audit', 'audit_seal', 'audit_anchor']) {
      for (const sql of [`truncate app.${table}`, `update app.${table} set hash = hash`, `delete from app.${table}`]) {
        const statement = table === 'audit' ? sql.replace('hash = hash', `actor = 'x'`) : sql
        for (const role of ['terra_api', 'terra_worker'] as const) {
          const own = openPool(market.api.db.urlOf(role), { max: 1 })
          expect(await failureOf(own, statement), `${role}: ${statement}`).to.contain('permission denied')
          await own.end()
        }
      }
      expect(await failureOf(market.api.db.admin, `truncate app.${table}`)).to.contain('append only')
    }
    expect(await failureOf(market.api.db.admin, `update app.audit set actor = 'x'`)).to.match(/^audit_20\d\d_\d\d is append only$/)
    expect(await failureOf(market.api.db.admin, 'delete from app.audit')).to.match(/^audit_20\d\d_\d\d is append only$/)
    const insert = `insert into app.audit (actor, decision, action, subject, data) values ('x', 'allowed', 'x', 'x', '{}')`
    expect(await failureOf(pool, insert)).to.contain('permission denied')
  })

  it('has no row of what was rolled back, and one in the same transaction of what was not', async () => {
    const acting = { actor: 'worker', permission: 'test', correlation: 'rolled-back' }
    const change = (fails: boolean) =>
      actAs(
        () => acting,
        () =>
          inTransaction(pool, async (db) => {
            await db.query(`insert into app.issuer (name, country) values ('Rolled ' || gen_random_uuid(), 'DE')`)
            expect((await db.query(`select from app.audit where correlation = 'rolled-back'`)).rowCount).to.equal(3)
            if (fails) throw new Error('no')
          }),
      ).catch(() => {})
    await change(true)
    expect(await rowsOf(`correlation = 'rolled-back'`)).to.have.length(0)
    await change(false)
    // The issuer, its settings and its terms.
    expect(await rowsOf(`correlation = 'rolled-back'`)).to.have.length(3)
  })

  it('names the login of who comes past the program', async () => {
    await market.api.db.admin.query(`update app.rule set effective_to = now() where code = 'WHOLE_UNITS'`)
    const [row] = await rowsOf(`action = 'update rule'`)
    expect(row.actor).to.match(/^database:/)
    expect(row.data.changed).to.deep.equal(['effective_to'])
  })

  it('keeps authors apart where many share few connections', async () => {
    const few = openPool(market.api.db.urlOf('terra_worker'), { max: 2 })
    const note = (name: string) => {
      const acting = { actor: `account:${name}`, permission: 'test', correlation: 'crowd' }
      return actAs(
        () => acting,
        () => noteAudit(few, { decision: 'allowed', action: 'note', subject: name }),
      )
    }
    const names = Array.from({ length: 50 }, (_, index) => `n${index}`)
    await Promise.all(names.map(note))
    await noteAudit(few, { decision: 'allowed', action: 'note', subject: 'nobody' })
    await few.end()
    const rows = await rowsOf(`correlation = 'crowd'`)
    expect(rows).to.have.length(50)
    expect(rows.every(({ actor, subject }) => actor === `account:${subject}`)).to.equal(true)
    expect((await rowsOf(`subject = 'nobody'`))[0].actor).to.equal('database:terra_worker')
  })
})

async function failureOf(pool: Pool, sql: string): Promise<string> {
  return pool.query(sql).then(
    () => 'taken',
    (error: Error) => error.message,
  )
}
