import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { Value } from 'typebox/value'
import { asViewer, openPool } from '../../common/node/db.ts'
import type { Session } from '../../common/wire.ts'
import { EcspStanding } from '../../common/wire-ecsp.ts'
import { startTestApi, type TestApi } from '../testing.ts'

describe('where an investor stands under the European crowdfunding regulation', () => {
  let api: TestApi
  let session: Session
  before(async () => {
    api = await startTestApi()
    session = await api.register('new@investor.example')
  })
  after(() => api.close())

  const read = async (token = session.accessToken) => (await api.call('GET', 'users/ecsp', undefined, token)).json().data as EcspStanding
  const send = (path: string, body?: object) => api.call('POST', `users/ecsp/${path}`, body, session.accessToken)
  const RIGHT = { past: 'none', work: 'no', aim: 'long', debt: 'no', loss: 'all', return: 'estimate', sell: 'may_not', spread: 'many' }

  it('is open at first: questions of the day, and nothing that says which answer is right', async () => {
    const standing = await read()
    expect(Value.Check(EcspStanding, standing)).to.equal(true)
    expect(standing).to.deep.include({ test: null, simulation: null, sophistication: null, questionCount: 5 })
    expect(standing.questions).to.have.length(9)
    expect(JSON.stringify(standing)).to.not.contain('right"')
    expect(standing.warning).to.contain('losing the entirety of the money invested')
  })

  it('is a test that is passed with four of five right answers, and failed with three', async () => {
    expect((await send('test', { answers: { ...RIGHT, weather: 'same' } })).json().data.test).to.include({
      result: 'passed',
      rightCount: 4,
    })
    expect((await send('test/acknowledge')).json().error.code).to.equal('STEP_ORDER')
    api.clock.pass(1_000)
    const failed = (await send('test', { answers: { ...RIGHT, weather: 'same', spread: 'one' } })).json().data.test
    expect(failed).to.include({ result: 'not_passed', rightCount: 3, warnedAt: null })
    expect((await send('test/acknowledge')).json().data.test.warnedAt).to.equal(api.clock.now.toISOString())
    api.clock.pass(1_000)
    expect((await send('test', { answers: null })).json().data.test).to.include({ result: 'declined', rightCount: 0, warnedAt: null })
  })

  it('takes no answers that leave a question open, choose no option, or answer what was not asked', async () => {
    for (const answers of [{}, RIGHT, { ...RIGHT, weather: 'rain' }, { ...RIGHT, weather: 'less', more: 'a' }]) {
      const response = await send('test', { answers })
      expect(response.statusCode).to.equal(400)
      expect(response.json().error.code).to.equal('VALIDATION')
    }
    expect((await send('test', {})).json().error.code).to.equal('VALIDATION')
  })

  it('works out a tenth of net worth, to the cent, and nothing where debts are larger', async () => {
    const figures = {
      annualIncomeCents: '3000000',
      isIncomePermanent: true,
      liquidAssetsCents: '1000009',
      annualCommitmentsCents: '1000000',
    }
    expect((await send('simulation/acknowledge')).json().error.code).to.equal('STEP_ORDER')
    expect((await send('simulation', figures)).json().data.simulation).to.deep.include({
      netWorthCents: '3000009',
      bearableLossCents: '300000',
      acknowledgedAt: null,
    })
    expect((await send('simulation/acknowledge')).json().data.simulation.acknowledgedAt).to.equal(api.clock.now.toISOString())
    api.clock.pass(1_000)
    const owing = { ...figures, annualCommitmentsCents: '9000000' }
    expect((await send('simulation', owing)).json().data.simulation).to.deep.include({
      netWorthCents: '-4999991',
      bearableLossCents: '0',
      acknowledgedAt: null,
    })
  })

  it('is sophisticated only on request, with two criteria met, once somebody approved it', async () => {
    const person = {
      kind: 'person',
      grossIncomeCents: '6000000',
      portfolioCents: '0',
      fewestTrades: 9,
      financeMonths: 0,
      executiveMonths: 0,
    }
    const claim = (evidence: object) => send('sophistication', { evidence, acceptsLessProtection: true })
    const refused = (await claim(person)).json().error
    expect(refused).to.deep.include({ code: 'NOT_SOPHISTICATED', details: { criteria: ['incomeOrPortfolio'], needed: 2 } })
    expect((await send('sophistication', { evidence: person })).json().error.code).to.equal('VALIDATION')
    const asked = (await claim({ ...person, fewestTrades: 10 })).json().data.sophistication
    expect(asked).to.deep.include({ state: 'requested', criteria: ['incomeOrPortfolio', 'trades'], validUntil: null })
  })

  it('is nobody else’s to read or write, and no statement can be changed', async () => {
    expect((await api.call('GET', 'users/ecsp')).statusCode).to.equal(401)
    const other = await api.register('other@investor.example')
    expect(await read(other.accessToken)).to.deep.include({ test: null, simulation: null, sophistication: null })
    const pool = openPool(api.db.urlOf('terra_api'))
    const as = (accountId: string, sql: string, values: unknown[] = []) =>
      asViewer(pool, { accountId }, (db) => db.query(sql, values)).then(
        ({ rowCount }) => rowCount,
        (error) => error.code,
      )
    for (const [table, columns, values] of [
      ['knowledge_test', 'questions_from, right_count, is_passed, taken_at, answers', `now(), 5, true, now(), '{}'`],
      [
        'loss_simulation',
        'annual_income_cents, is_income_permanent, liquid_assets_cents, annual_commitments_cents, net_worth_cents, bearable_loss_cents, simulated_at',
        '1, true, 1, 1, 1, 1, now()',
      ],
      ['sophistication', 'evidence, criteria, requested_at', `'{}', '{}', now()`],
    ] as const) {
      expect(
        await as(other.user.id, `insert into app.${table} (account_id, ${columns}) values ($1, ${values})`, [session.user.id]),
      ).to.equal('42501')
      expect(await as(other.user.id, `select from app.${table}`)).to.equal(0)
      expect(await as(session.user.id, `update app.${table} set account_id = account_id`)).to.equal('42501')
      expect(await as(session.user.id, `delete from app.${table}`)).to.equal('42501')
    }
    expect(await as(session.user.id, `update app.sophistication set valid_until = now(), decided_at = now()`)).to.equal('42501')
    expect(await as(session.user.id, `update app.knowledge_test set is_passed = true, answers = '{}'`)).to.equal('42501')
    await pool.end()
  })
})
