import { after, before, describe, it } from 'node:test'
import { Configuration, DefaultApi } from '@onfido/api'
import { expect } from 'chai'
import { Value } from 'typebox/value'
import { startTestSandbox, TEST_VENDOR_SECRETS, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import { Kyc } from '../../common/wire.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { assertAdult } from './birth-date.ts'

const PERSON = { firstName: 'Ada', lastName: 'Lovelace', birthDate: '1985-12-10', country: 'GB' }

/** The provider's own SDK, to see what it was told. */
const onfidoOf = ({ url }: TestSandbox) =>
  new DefaultApi(new Configuration({ apiToken: TEST_VENDOR_SECRETS.ONFIDO_API_TOKEN, basePath: `${url}/v3.6` }))

describe('identity check', () => {
  let api: TestApi
  let sandbox: TestSandbox
  before(async () => {
    sandbox = await startTestSandbox()
    api = await startTestApi({ sandboxUrl: sandbox.url })
  })
  after(async () => {
    await api.close()
    await sandbox.stop()
  })

  const start = (token: string, change: object = {}) => api.call('POST', 'users/kyc', { ...PERSON, ...change }, token)
  const checksOf = async (accountId: string) =>
    (await api.db.admin.query('select * from app.kyc_check where account_id = $1', [accountId])).rows

  it('orders a check at the provider and answers with its form', async () => {
    const { accessToken, user } = await api.register('kyc@example.com')
    expect((await api.call('GET', 'users/kyc/status', undefined, accessToken)).json().data).to.deep.equal({
      state: 'none',
      formUrl: null,
      decidedAt: null,
      expiresAt: null,
    })
    const response = await start(accessToken)
    expect(response.statusCode).to.equal(200)
    const kyc = response.json().data
    expect(Value.Check(Kyc, kyc)).to.equal(true)
    expect(kyc.state).to.equal('started')
    expect(kyc.formUrl).to.include(sandbox.url)
    expect((await fetch(kyc.formUrl)).status).to.equal(200)
    const [check] = await checksOf(user.id)
    const applicant = (await onfidoOf(sandbox).findApplicant(check.applicant_ref)).data
    expect(applicant).to.deep.include({ first_name: 'Ada', last_name: 'Lovelace', dob: '1985-12-10' })
    expect(check.due_at).to.be.greaterThan(api.clock.now)
    const me = (await api.call('GET', 'users/me', undefined, accessToken)).json().data
    expect(me).to.include({ kyc: 'started', country: 'GB' })
  })

  it('keeps no name and no birth date of the person', async () => {
    const { accessToken } = await api.register('private@example.com')
    await start(accessToken, { firstName: 'Zebulon', lastName: 'Quackenbush' })
    const { rows } = await api.db.admin.query(
      `select (select string_agg(k::text, '') from app.kyc_check k) || (select string_agg(a::text, '') from app.account a) as text`,
    )
    expect(rows[0].text).not.to.match(/Zebulon|Quackenbush|1985-12-10/)
  })

  it('answers a repeat with the open check, under its other name too', async () => {
    const { accessToken, user } = await api.register('repeat@example.com')
    const first = (await start(accessToken)).json().data
    const second = await api.call('POST', 'users/verify-identity', { ...PERSON, firstName: 'Other' }, accessToken)
    expect(second.json().data).to.deep.equal(first)
    expect(await checksOf(user.id)).to.have.length(1)
  })

  it('opens one check when asked ten times at once', async () => {
    const { accessToken, user } = await api.register('kycrace@example.com')
    const all = await Promise.all(Array.from({ length: 10 }, () => start(accessToken)))
    expect(new Set(all.map((response) => response.json().data.formUrl)).size).to.equal(1)
    expect(await checksOf(user.id)).to.have.length(1)
  })

  it('may be asked again after a refusal or an expiry, but not after approval', async () => {
    const { accessToken, user } = await api.register('again@example.com')
    await start(accessToken)
    const decide = (state: string, expiresAt: Date | null) =>
      api.db.admin.query('update app.kyc_check set state = $2, decided_at = $3, expires_at = $4, due_at = null where account_id = $1', [
        user.id,
        state,
        api.clock.now,
        expiresAt,
      ])
    await decide('approved', new Date(api.clock.now.getTime() + 31 * 86_400_000))
    const again = await start(accessToken)
    expect(again.statusCode).to.equal(409)
    expect(again.json().error.code).to.equal('KYC_ALREADY_APPROVED')
    await decide('approved', new Date(api.clock.now.getTime() + 1_000))
    api.clock.pass(2_000)
    expect((await api.call('GET', 'users/kyc/status', undefined, accessToken)).json().data.state).to.equal('expired')
    expect((await start(accessToken)).json().data.state).to.equal('started')
    await decide('rejected', null)
    api.clock.pass(1_000)
    expect((await start(accessToken)).json().data.state).to.equal('started')
  })

  for (const [what, change, code] of [
    ['a birth date in the future', { birthDate: '2190-01-01' }, 'BIRTH_DATE'],
    ['a birth date of 1800', { birthDate: '1800-01-01' }, 'BIRTH_DATE'],
    ['30 February', { birthDate: '1990-02-30' }, 'BIRTH_DATE'],
    ['a date in another order', { birthDate: '10-12-1985' }, 'BIRTH_DATE'],
    ['a country that does not exist', { country: 'XX' }, 'COUNTRY_UNKNOWN'],
    ['a blocked country', { country: 'KP' }, 'COUNTRY_BLOCKED'],
    ['no first name', { firstName: undefined }, 'VALIDATION'],
    ['a name of spaces', { firstName: '   ' }, 'VALIDATION'],
    ['a name of a thousand letters', { lastName: 'x'.repeat(1_000) }, 'VALIDATION'],
    ['a name with a tag', { lastName: '<script>' }, 'VALIDATION'],
    ['a name that turns the writing direction', { lastName: 'abc\u202edef' }, 'VALIDATION'],
    ['a status of its own choice', { status: 'approved' }, 'UNKNOWN_FIELD'],
  ] as const) {
    it(`refuses ${what} with ${code} and asks the provider nothing`, async () => {
      const { accessToken, user } = await api.register(`bad-${Math.random().toString(36).slice(2)}@example.com`)
      expect((await start(accessToken, change)).json().error.code).to.equal(code)
      expect(await checksOf(user.id)).to.have.length(0)
    })
  }

  it('accepts names of any script', async () => {
    const { accessToken } = await api.register('script@example.com')
    expect((await start(accessToken, { firstName: 'مريم', lastName: 'Nguyễn-O’Brien 陳' })).statusCode).to.equal(200)
  })

  it('refuses a person of 17 and accepts one who turns 18 today', () => {
    const now = new Date('2026-11-20T08:00:00Z')
    expect(() => assertAdult('2008-11-21', now)).to.throw('18 or older')
    expect(() => assertAdult('2008-11-20', now)).not.to.throw()
    expect(() => assertAdult('2004-02-29', now)).not.to.throw()
  })

  it('is KYC_UNAVAILABLE while the provider fails or refuses, stores nothing, and works when asked again', async () => {
    const { accessToken, user } = await api.register('outage@example.com')
    await sandbox.stop('SIGKILL')
    const away = await start(accessToken)
    expect(away.statusCode).to.equal(503)
    expect(away.json().error.code).to.equal('KYC_UNAVAILABLE')
    expect(away.headers).to.have.property('retry-after')
    expect(away.body).not.to.include('api_sandbox')
    expect(await checksOf(user.id)).to.have.length(0)
    expect((await api.call('GET', 'users/me', undefined, accessToken)).json().data).to.include({ kyc: 'none', country: 'DE' })
    const { port } = new URL(sandbox.url)
    sandbox = await startTestSandbox({ SANDBOX_PORT: port, ONFIDO_API_TOKEN: 'another token' })
    expect((await start(accessToken)).json().error.code).to.equal('KYC_UNAVAILABLE')
    await sandbox.stop()
    sandbox = await startTestSandbox({ SANDBOX_PORT: port })
    expect((await start(accessToken)).json().data.state).to.equal('started')
  })
})
