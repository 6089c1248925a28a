import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { asViewer, openPool } from '../../common/node/db.ts'
import type { Session } from '../../common/wire.ts'
import { startTestApi, type TestApi } from '../testing.ts'

describe('income and net worth', () => {
  let api: TestApi
  let session: Session
  before(async () => {
    api = await startTestApi()
    session = await api.register('rich@investor.example')
  })
  after(() => api.close())

  const STATED = { annualIncomeCents: '9000000', netWorthCents: '123456', isJoint: true, outsideCents: '0', spouseCommittedCents: '5000' }
  const read = async (token = session.accessToken) => (await api.call('GET', 'users/finances', undefined, token)).json().data
  const write = (body: object) => api.call('PUT', 'users/finances', body, session.accessToken)

  it('are unknown until they are stated, and the newest statement counts', async () => {
    expect(await read()).to.equal(null)
    expect((await write(STATED)).statusCode).to.equal(200)
    expect(await read()).to.deep.include(STATED)
    api.clock.pass(1_000)
    await write({ ...STATED, netWorthCents: '0' })
    expect(await read()).to.deep.include({ ...STATED, netWorthCents: '0' })
    const { rows } = await api.db.admin.query('select count(*)::int as count from app.finances')
    expect(rows[0].count).to.equal(2)
  })

  it('are amounts of whole cents, all of them', async () => {
    for (const [field, value] of [
      ['annualIncomeCents', '-1'],
      ['annualIncomeCents', '1.5'],
      ['netWorthCents', '1e6'],
      ['netWorthCents', 9_000_000],
      ['netWorthCents', '9'.repeat(16)],
      ['outsideCents', ''],
      ['outsideCents', null],
      ['isJoint', 'yes'],
    ] as const) {
      const response = await write({ ...STATED, [field]: value })
      expect(response.statusCode, `${field} ${value}`).to.equal(400)
      expect(response.json().error.code).to.equal('VALIDATION')
    }
    for (const change of [{ spouseCommittedCents: undefined }, { spouseCommittedCents: null }, { isJoint: false }])
      expect((await write({ ...STATED, ...change })).json().error.details.fields).to.deep.equal(['spouseCommittedCents'])
    expect((await write({ ...STATED, isJoint: false, spouseCommittedCents: null })).statusCode).to.equal(200)
    const { outsideCents: _, ...fewer } = STATED
    expect((await write(fewer)).json().error.code).to.equal('VALIDATION')
    expect((await write({ ...STATED, spouse: 'x' })).json().error.code).to.equal('UNKNOWN_FIELD')
  })

  it('are nobody else’s to read or write', async () => {
    expect((await api.call('GET', 'users/finances')).statusCode).to.equal(401)
    const other = await api.register('other@investor.example')
    expect(await read(other.accessToken)).to.equal(null)
    const pool = openPool(api.db.urlOf('terra_api'))
    const insert = `insert into app.finances (account_id, annual_income_cents, net_worth_cents, is_joint, outside_cents, stated_at)
      values ($1, 1, 1, false, 0, now())`
    const forged = await asViewer(pool, { accountId: other.user.id }, (db) => db.query(insert, [session.user.id])).catch(
      (error) => error.code,
    )
    expect(forged).to.equal('42501')
    const changed = await asViewer(pool, { accountId: session.user.id }, (db) =>
      db.query('update app.finances set is_joint = false'),
    ).catch((error) => error.code)
    expect(changed).to.equal('42501')
    await pool.end()
  })
})
