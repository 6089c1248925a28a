import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { ERASE_PHRASE } from '../../common/erase-phrase.ts'
import { startTestChain, type TestChain } from '../../common/node/testing.ts'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import { Consent } from '../../common/wire-privacy.ts'
import { PERSONAL, walkRoutes } from '../audit/testing-walk.ts'
import { addTotp } from '../factors/testing.ts'
import { type Market, startMarket } from '../investments/testing.ts'
import { TEST_PASSWORD } from '../testing.ts'
import { PERSON_TABLES } from './person-tables.ts'

/** Tables that refer to a person's by a row that is nobody's. */
const NOBODYS: Record<string, string> = { audit_anchor: 'its intent is of kind anchor, which has no account' }

describe('a person’s own data', () => {
  let chain: TestChain
  let sandbox: TestSandbox
  let market: Market
  before(async () => {
    chain = await startTestChain()
    sandbox = await startTestSandbox()
    market = await startMarket({ sandboxUrl: sandbox.url, rpcUrl: chain.url, kycProvider: 'sumsub' })
    await walkRoutes(market)
  })
  after(async () => {
    await market.close()
    await Promise.all([sandbox.stop(), chain.stop()])
  })
  const query = async (sql: string, ...values: unknown[]) => (await market.api.db.admin.query(sql, values)).rows
  const login = async (email: string) => (await market.api.call('POST', 'users/login', { email, password: TEST_PASSWORD })).json().data
  const exportOf = (token: string) => market.api.call('GET', 'users/export', undefined, token)
  const erase = (token: string, phrase = ERASE_PHRASE) => market.api.call('DELETE', 'users', { phrase }, token)
  const codeOf = (response: { json(): { error?: { code: string } } }) => response.json().error?.code

  it('is in tables that are all known: each that refers to an account, by itself or through another', async () => {
    const rows = await query(
      `with recursive refers as (
         select conrelid::regclass::text as child, confrelid::regclass::text as parent from pg_constraint where contype = 'f'
       ), of_person as (
         select 'app.account' as name
         union
         select r.child from refers r join of_person o on r.parent = o.name
       ), by_name as (
         select 'app.' || table_name as name from information_schema.columns
         where table_schema = 'app' and column_name in ('account_id', 'user_id', 'person_id', 'investor_id') and table_name not in ('mint_intent')
       )
       select name from of_person union select name from by_name`,
    )
    const covered = [...PERSON_TABLES.map(({ name }) => name), ...Object.keys(NOBODYS)].map((name) => `app.${name}`)
    expect(rows.map(({ name }) => name).sort()).to.deep.equal(covered.sort())
    const columns = await query(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'app' and (column_name ~ '(e_?mail|phone|birth|address|first_name|last_name|display_name|user_agent)' or udt_name = 'citext')`,
    )
    // Of these, app.erase_account has read: a new column like them wants its line there.
    expect(columns.map(({ name }) => name).sort()).to.deep.equal([
      'account.display_name',
      'account.email',
      'account.email_proven_at',
      'chain_intent.to_address',
      'issuer_invitation.email',
      // The organisation's own, shown to everybody.
      'issuer_settings.support_email',
      'login_attempt.email_hash',
      'mailed_link.email',
      'outside_wallet.address',
      'relationship.email',
      'sanctions_entry.births',
      'session.user_agent',
      'signer.address',
      'wallet.address',
    ])
  })

  it('is given out whole, and without what opens the account', async () => {
    const { accessToken, user } = await login(PERSONAL.email)
    const response = await exportOf(accessToken)
    expect(response.statusCode).to.equal(200)
    expect(response.headers['content-disposition']).to.equal('attachment; filename="terra-lumina-data.json"')
    const { tables } = response.json()
    for (const { name, where } of PERSON_TABLES) {
      const [{ n }] = await query(`select count(*)::int as n from app.${name} where ${where}`, user.id)
      expect(tables[name], name).to.have.length(n)
    }
    expect(tables.account[0]).to.include({ id: user.id, email: PERSONAL.email, display_name: PERSONAL.displayName })
    expect(tables.finances[0].annual_income_cents).to.equal(Number(PERSONAL.income))
    expect(tables.relationship[0].how).to.contain(PERSONAL.street)
    for (const table of ['session', 'device', 'wallet', 'kyc_check', 'knowledge_test', 'loss_simulation', 'sophistication', 'consent'])
      expect(tables[table].length, table).to.be.greaterThan(0)
    for (const secret of ['argon2', 'refresh_hash', 'sealed_secret', PERSONAL.known])
      expect(response.body.includes(secret), secret).to.equal(false)
    const others = await query('select id from app.account where id <> $1', user.id)
    expect(others.length).to.be.greaterThan(3)
    const named = Object.entries(tables).flatMap(([name, rows]) =>
      others.some(({ id }) => JSON.stringify(rows).includes(id)) ? [name] : [],
    )
    expect(named).to.deep.equal([])
  })

  it('is asked for by who proved it within five minutes, by password or factor, and by nobody else', async () => {
    const { accessToken } = await market.api.register('proof@walk.example')
    expect((await exportOf(accessToken)).statusCode).to.equal(200)
    market.api.clock.pass(5 * 60_000 + 1)
    expect(codeOf(await exportOf(accessToken))).to.equal('CONFIRM_REQUIRED')
    expect(codeOf(await erase(accessToken))).to.equal('CONFIRM_REQUIRED')
    await market.api.call('POST', 'auth/confirm', { password: TEST_PASSWORD }, accessToken)
    expect((await exportOf(accessToken)).statusCode).to.equal(200)
    await addTotp(market.api, accessToken)
    market.api.clock.pass(5 * 60_000 + 1)
    expect(codeOf(await market.api.call('POST', 'auth/confirm', { password: TEST_PASSWORD }, accessToken))).to.equal('VALIDATION')
    expect(codeOf(await erase(accessToken))).to.equal('CONFIRM_REQUIRED')
    expect((await market.api.call('DELETE', 'users', { phrase: ERASE_PHRASE })).statusCode).to.equal(401)
  })

  it('keeps each choice about a text with its version and moment', async () => {
    const { accessToken, user } = await market.api.register('consents@walk.example')
    const put = async (kind: string, isGiven: boolean) => market.api.call('PUT', `users/consents/${kind}`, { isGiven }, accessToken)
    const first = (await market.api.call('GET', 'users/consents', undefined, accessToken)).json().data
    expect(Value.Check(Type.Array(Consent), first)).to.equal(true)
    expect(first.map(({ kind, version, isGiven }: Consent) => [kind, version, isGiven])).to.deep.equal([
      ['chain', 1, null],
      ['privacy', 1, null],
      ['sale', 1, null],
    ])
    await put('privacy', true)
    await query(`insert into app.legal_text values ('privacy', 2, 'New', 'Text', $1)`, market.api.clock.now)
    const now = (await put('sale', true)).json().data.find(({ kind }: Consent) => kind === 'privacy')
    expect(now).to.include({ version: 2, isGiven: true, chosenVersion: 1, chosenAt: market.api.clock.now.toISOString() })
    await put('privacy', false)
    const kept = await query(`select version, is_given from app.consent where account_id = $1 and kind = 'privacy' order by id`, user.id)
    expect(kept).to.deep.equal([
      { version: 1, is_given: true },
      { version: 2, is_given: false },
    ])
    expect(codeOf(await put('nothing', true))).to.equal('VALIDATION')
  })

  const HOLDS: [string, (buyer: { user: { id: string }; wallet: string }, projectId: number) => Promise<unknown>][] = [
    ['investment_open', async () => {}],
    [
      'units_held',
      async ({ user, wallet }, projectId) => {
        await query(`update app.investment set state = 'cancelled' where account_id = $1`, user.id)
        await query('insert into chain.holding (project_id, holder, units) values ($1, $2, 5)', projectId, wallet)
      },
    ],
    ['acts_for_issuer', async ({ user }) => query('insert into app.issuer_member select id, $1 from app.issuer limit 1', user.id)],
  ]
  it('stays while an order is open, units are held or an issuer is acted for, and says which', async () => {
    const buyer = await market.addBuyer()
    const projectId = await market.addProject()
    await market.order(buyer, { projectId, amountCents: '10000' })
    for (const [reason, make] of HOLDS) {
      await make(buyer, projectId)
      const refused = await erase(buyer.accessToken)
      expect(refused.statusCode, reason).to.equal(409)
      expect(refused.json().error.code).to.equal('RETENTION_HOLD')
      expect(refused.json().error.details.reasons.map((one: { reason: string }) => one.reason)).to.include(reason)
    }
    expect((await query('select email from app.account where id = $1', buyer.user.id))[0].email).to.not.equal(null)
  })

  it('is erased from every column of every table when the person goes, and orders stay under a number', async () => {
    const buyer = await market.addBuyer()
    const paid = (await market.order(buyer, { projectId: await market.addProject(), amountCents: '10000' })).json().data
    await query(`update app.payment set state = 'refunded' where investment_id = $1`, paid.id)
    await query(`update app.investment set state = 'cancelled' where id = $1`, paid.id)
    const { email } = (await query('select email from app.account where id = $1', buyer.user.id))[0]
    expect((await erase(buyer.accessToken)).json().data).to.deep.equal({ erased: true })
    expect(await findIn(email)).to.deep.equal([])
    const [order] = await query('select account_id, amount_cents from app.investment where id = $1', paid.id)
    expect(order).to.deep.equal({ account_id: buyer.user.id, amount_cents: '10000' })
    expect((await query('select facts is not null as kept from app.decision where investment_id = $1', paid.id))[0].kept).to.equal(true)

    const { accessToken, user } = await login(PERSONAL.email)
    const wanted = [PERSONAL.email, PERSONAL.displayName, PERSONAL.street, PERSONAL.phone, PERSONAL.income]
    for (const value of wanted) expect(await findIn(value), value).to.not.deep.equal([])
    expect(codeOf(await erase(accessToken, 'erase'))).to.equal('VALIDATION')
    const response = await erase(accessToken)
    expect(response.statusCode, response.body).to.equal(200)
    expect(String(response.headers['set-cookie'])).to.contain('tl_refresh=;')
    for (const value of wanted) expect(await findIn(value), value).to.deep.equal([])
    for (const { name, where, onErase } of PERSON_TABLES) {
      const [{ n }] = await query(`select count(*)::int as n from app.${name} where ${where}`, user.id)
      if (onErase === 'deleted') expect(n, name).to.equal(0)
    }
    expect(codeOf(await market.api.call('GET', 'users/me', undefined, accessToken))).to.equal('SESSION_REVOKED')
    expect(codeOf(await market.api.call('POST', 'users/login', { email: PERSONAL.email, password: TEST_PASSWORD }))).to.equal(
      'LOGIN_FAILED',
    )
    expect((await market.api.register(PERSONAL.email)).user.id).to.not.equal(user.id)
    const late = `insert into app.investment select (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(), 'account_id', $1::text,
      'chain_investment_id', '0x' || repeat('e', 64)))).* from app.investment i limit 1`
    const failure = await market.api.db.admin.query(late, [user.id]).catch((error: Error) => error.message)
    expect(failure).to.equal('the account was erased')
  })

  /** Columns of `app` in which a text stands, also inside JSON and bytes. */
  async function findIn(text: string): Promise<string[]> {
    const columns = await query(
      `select c.table_name as t, c.column_name as n, c.data_type as type from information_schema.columns c
       join information_schema.tables using (table_schema, table_name) where c.table_schema = 'app' and table_type = 'BASE TABLE'`,
    )
    const found = []
    for (const { t, n, type } of columns) {
      const value = type === 'bytea' ? `encode(${n}, 'escape')` : `${n}::text`
      const { length } = await query(`select from app.${t} where position(lower($1) in lower(${value})) > 0 limit 1`, text)
      if (length > 0) found.push(`${t}.${n}`)
    }
    return found
  }
})
