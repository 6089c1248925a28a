import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { Value } from 'typebox/value'
import { Session, User } from '../../common/wire.ts'
import { startTestApi, TEST_PASSWORD, type TestApi } from '../testing.ts'
import { testMirror } from '../testing-mirror.ts'

describe('accounts', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.close())

  const register = (body: object) => api.call('POST', 'users/register', { password: TEST_PASSWORD, country: 'DE', ...body })
  const login = (email: string, password: string) => api.call('POST', 'users/login', { email, password })

  it('registers a person and answers with a session that works', async () => {
    const response = await register({ email: 'Ada@Example.com', displayName: 'Ada' })
    expect(response.statusCode).to.equal(201)
    const { data } = response.json()
    expect(Value.Check(Session, data), JSON.stringify([...Value.Errors(Session, data)])).to.equal(true)
    expect(data.user).to.include({
      email: 'Ada@Example.com',
      displayName: 'Ada',
      country: 'DE',
      role: 'investor',
      kyc: 'none',
      wallet: null,
      registeredOnChain: false,
    })
    const me = await api.call('GET', 'users/me', undefined, data.accessToken)
    expect(me.json().data).to.deep.equal(data.user)
    expect(Value.Check(User, me.json().data)).to.equal(true)
  })

  it('refuses an e-mail that is taken, whatever its case, and keeps the first account', async () => {
    await api.register('taken@example.com')
    const response = await register({ email: 'TAKEN@example.com', password: 'another good passphrase' })
    expect(response.statusCode).to.equal(409)
    expect(response.json().error.code).to.equal('EMAIL_TAKEN')
    expect((await login('taken@example.com', TEST_PASSWORD)).statusCode).to.equal(200)
  })

  it('lets one of twenty registrations at once have the e-mail', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => register({ email: 'race@example.com' })))
    expect(all.filter(({ statusCode }) => statusCode === 201)).to.have.length(1)
    expect(all.filter(({ statusCode }) => statusCode === 409)).to.have.length(19)
  })

  for (const [what, body, code] of [
    ['a weak password', { email: 'w@example.com', password: 'password1234' }, 'PASSWORD_WEAK'],
    ['a short password', { email: 'w@example.com', password: 'short' }, 'PASSWORD_WEAK'],
    ['a country that does not exist', { email: 'w@example.com', country: 'XX' }, 'COUNTRY_UNKNOWN'],
    ['a country in lower case', { email: 'w@example.com', country: 'de' }, 'VALIDATION'],
    ['no e-mail', {}, 'VALIDATION'],
    ['an e-mail without a domain', { email: 'w@example' }, 'VALIDATION'],
    ['an e-mail with a line break', { email: 'w@example.com\nBcc: x@example.com' }, 'VALIDATION'],
    ['a role of its own choice', { email: 'w@example.com', role: 'admin' }, 'UNKNOWN_FIELD'],
    ['a number as e-mail', { email: 7 }, 'VALIDATION'],
  ] as const) {
    it(`refuses ${what} with ${code}`, async () => {
      const response = await register(body)
      expect(response.json().error.code).to.equal(code)
      expect((await api.db.admin.query(`select from app.account where email = 'w@example.com'`)).rowCount).to.equal(0)
    })
  }

  it('names every field that is wrong', async () => {
    const response = await api.call('POST', 'users/register', { email: 'nope', country: 'Germany' })
    expect(Object.keys(response.json().error.details.fields)).to.have.members(['email', 'password', 'country'])
  })

  it('answers a wrong password and an unknown e-mail alike', async () => {
    await api.register('known@example.com')
    const strip = ({ statusCode, body }: { statusCode: number; body: string }) => ({ statusCode, error: JSON.parse(body).error })
    const wrong = strip(await login('known@example.com', 'not the password'))
    const unknown = strip(await login('unknown@example.com', 'not the password'))
    expect(wrong).to.deep.equal(unknown)
    expect(wrong.error.code).to.equal('LOGIN_FAILED')
  })

  it('takes as long for an unknown e-mail as for a wrong password', async () => {
    await api.register('timed@example.com')
    const time = async (email: string) => {
      const start = performance.now()
      await login(email, 'not the password')
      return performance.now() - start
    }
    await time('warm@example.com')
    const [known, unknown] = [
      Math.min(await time('timed@example.com'), await time('timed@example.com')),
      Math.min(await time('no1@example.com'), await time('no2@example.com')),
    ]
    expect(unknown).to.be.greaterThan(known / 3)
    expect(known).to.be.greaterThan(unknown / 3)
  })

  it('locks for 15 minutes after five wrong passwords, even for the right one, and then opens', async () => {
    await api.register('locked@example.com')
    for (let i = 0; i < 5; i++) expect((await login('locked@example.com', 'not the password')).statusCode).to.equal(401)
    const sixth = await login('LOCKED@example.com', TEST_PASSWORD)
    expect(sixth.statusCode).to.equal(429)
    expect(sixth.json().error.code).to.equal('TRY_LATER')
    expect(Number(sixth.headers['retry-after'])).to.be.within(1, 900)
    api.clock.pass(14 * 60_000)
    expect((await login('locked@example.com', TEST_PASSWORD)).statusCode).to.equal(429)
    api.clock.pass(61_000)
    expect((await login('locked@example.com', TEST_PASSWORD)).statusCode).to.equal(200)
  })

  it('locks an unknown e-mail in the same way', async () => {
    const codes = []
    for (let i = 0; i < 6; i++) codes.push((await login('nobody@example.com', 'not the password')).statusCode)
    expect(codes).to.deep.equal([401, 401, 401, 401, 401, 429])
  })

  it('counts guesses that are sent at once', async () => {
    await api.register('parallel@example.com')
    const all = await Promise.all(Array.from({ length: 12 }, () => login('parallel@example.com', 'not the password')))
    expect(all.filter(({ statusCode }) => statusCode === 401)).to.have.length(5)
  })

  it('forgets wrong passwords after the right one', async () => {
    await api.register('forgiven@example.com')
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++) await login('forgiven@example.com', 'not the password')
      expect((await login('forgiven@example.com', TEST_PASSWORD)).statusCode).to.equal(200)
    }
  })

  it('changes the display name, and the country until the identity check has begun', async () => {
    const { accessToken, user } = await api.register('changes@example.com')
    const changed = await api.call('PUT', 'users/profile', { displayName: 'New name', country: 'FR' }, accessToken)
    expect(changed.json().data).to.include({ displayName: 'New name', country: 'FR' })
    await api.db.admin.query(
      `insert into app.kyc_check (account_id, provider, applicant_ref, state, created_at) values ($1, 'onfido', 'x', 'approved', now())`,
      [user.id],
    )
    const refused = await api.call('PUT', 'users/me', { country: 'ES' }, accessToken)
    expect(refused.json().error.code).to.equal('STEP_ORDER')
    expect((await api.call('PUT', 'users/me', { displayName: null }, accessToken)).json().data).to.include({
      displayName: null,
      country: 'FR',
    })
  })

  it('does not let anyone set what is not theirs to set', async () => {
    const { accessToken } = await api.register('sneaky@example.com')
    for (const field of ['role', 'kyc', 'investorId', 'wallet', 'email', 'issuerId', 'registeredOnChain']) {
      const response = await api.call('PUT', 'users/me', { [field]: 'x' }, accessToken)
      expect(response.statusCode).to.equal(422)
      expect(response.json().error).to.deep.include({ code: 'UNKNOWN_FIELD', details: { fields: [field] } })
    }
  })

  it('says that a wallet is registered exactly while the chain says so', async () => {
    const { accessToken, user } = await api.register('onchain@example.com')
    const wallet = '0x00000000000000000000000000000000000000aa'
    await api.db.admin.query('insert into app.wallet (address, account_id, proven_at) values ($1, $2, now())', [wallet, user.id])
    const isRegistered = async () => (await api.call('GET', 'users/me', undefined, accessToken)).json().data.registeredOnChain
    expect(await isRegistered()).to.equal(false)
    const mirror = testMirror(api.db.admin)
    await mirror.account(wallet, user.investorId, 3, '2100-01-01T00:00:00Z')
    expect(await isRegistered()).to.equal(true)
    await mirror.account(wallet, user.investorId, 11, '2100-01-01T00:00:00Z')
    expect(await isRegistered()).to.equal(false)
    await mirror.account(wallet, user.investorId, 3, '2020-01-01T00:00:00Z')
    expect(await isRegistered()).to.equal(false)
  })
})
