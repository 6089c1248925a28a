import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { signIn, startTestApi, TEST_PASSWORD, type TestApi } from '../testing.ts'
import { addTotp, codeOf, signInWithTotp } from './testing.ts'

const MINUTE = 60_000

describe('money and staff actions', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.close())

  const invest = (token: string) =>
    api.call('POST', 'investments', { projectId: 1, amountCents: '10000' }, token, { 'idempotency-key': crypto.randomUUID() })
  const codeIn = (response: { json(): { error?: { code: string } } }) => response.json().error?.code
  const confirm = (token: string, body: object, headers = {}) => api.call('POST', 'auth/confirm', body, token, headers)
  const read = (token: string) => api.call('GET', 'users/me', undefined, token)
  const become = (role: string, accountId: string) =>
    api.db.admin.query('update app.account set role = $2 where id = $1', [accountId, role])

  it('are open while the session is in use', async () => {
    const { accessToken } = await api.register('idle@example.com')
    for (let step = 0; step < 3; step++) {
      api.clock.pass(15 * MINUTE)
      expect((await read(accessToken)).statusCode).to.equal(200)
    }
    expect(codeIn(await invest(accessToken))).to.equal('KYC_REQUIRED')
  })

  it('stay closed after 30 idle minutes whatever is read meanwhile, until the person confirms', async () => {
    const { refreshToken } = await api.register('away@example.com')
    api.clock.pass(31 * MINUTE)
    const { accessToken } = (await api.call('POST', 'auth/refresh', { refreshToken })).json().data
    for (let look = 0; look < 3; look++) expect((await read(accessToken)).statusCode).to.equal(200)
    expect(codeIn(await invest(accessToken))).to.equal('CONFIRM_REQUIRED')
    expect(codeIn(await confirm(accessToken, { password: 'not the password' }))).to.equal('LOGIN_FAILED')
    expect(codeIn(await confirm(accessToken, {}))).to.equal('VALIDATION')
    expect((await confirm(accessToken, { password: TEST_PASSWORD })).statusCode).to.equal(200)
    expect(codeIn(await invest(accessToken))).to.equal('KYC_REQUIRED')
  })

  it('lock the password after five wrong confirmations, as signing in does', async () => {
    const { accessToken } = await api.register('confirm@example.com')
    for (let i = 0; i < 5; i++) expect(codeIn(await confirm(accessToken, { password: 'wrong' }))).to.equal('LOGIN_FAILED')
    expect(codeIn(await confirm(accessToken, { password: TEST_PASSWORD }))).to.equal('TRY_LATER')
  })

  it('are confirmed by the account’s own wallet where there is no password', async () => {
    const wallet = privateKeyToAccount(generatePrivateKey())
    const { cookie, ...proof } = await signIn(api, wallet)
    const { accessToken } = (await api.call('POST', 'auth/siwe/verify', proof, undefined, { cookie })).json().data
    api.clock.pass(31 * MINUTE)
    expect(codeIn(await invest(accessToken))).to.equal('CONFIRM_REQUIRED')
    const other = await signIn(api, privateKeyToAccount(generatePrivateKey()))
    const foreign = { wallet: { message: other.message, signature: other.signature } }
    expect(codeIn(await confirm(accessToken, foreign, { cookie: other.cookie }))).to.equal('SIWE_SIGNATURE')
    const own = await signIn(api, wallet)
    const right = { wallet: { message: own.message, signature: own.signature } }
    expect((await confirm(accessToken, right, { cookie: own.cookie })).statusCode).to.equal(200)
    expect(codeIn(await invest(accessToken))).to.not.equal('CONFIRM_REQUIRED')
  })

  it('ask who has a second factor for it again after 30 minutes, use or no use, and take nothing less', async () => {
    const { accessToken: first } = await api.register('stepup@example.com')
    const { secret } = await addTotp(api, first)
    const { accessToken } = await signInWithTotp(api, 'stepup@example.com', secret)
    expect(codeIn(await invest(accessToken))).to.equal('KYC_REQUIRED')
    for (let step = 0; step < 2; step++) {
      api.clock.pass(15 * MINUTE)
      await read(accessToken)
    }
    const refused = await invest(accessToken)
    expect(refused.statusCode).to.equal(403)
    expect(refused.json().error).to.deep.include({ code: 'CONFIRM_REQUIRED', details: { withFactor: true } })
    expect(codeIn(await confirm(accessToken, { password: TEST_PASSWORD }))).to.equal('VALIDATION')
    const factor = { method: 'totp', code: codeOf(secret, api.clock.now) }
    expect((await confirm(accessToken, { factor })).statusCode).to.equal(200)
    expect(codeIn(await invest(accessToken))).to.equal('KYC_REQUIRED')
    expect(codeIn(await confirm(accessToken, { factor }))).to.equal('CODE_USED')
  })

  it('leave other sessions where they were: confirming one confirms no other', async () => {
    const { accessToken: first } = await api.register('separate@example.com')
    const { secret } = await addTotp(api, first)
    const { accessToken: other } = await signInWithTotp(api, 'separate@example.com', secret)
    api.clock.pass(31 * MINUTE)
    expect((await confirm(first, { factor: { method: 'totp', code: codeOf(secret, api.clock.now) } })).statusCode).to.equal(200)
    expect(codeIn(await invest(other))).to.equal('CONFIRM_REQUIRED')
  })

  for (const role of ['operator', 'analyst', 'support', 'compliance', 'admin', 'super_admin']) {
    it(`let ${role} do nothing but set up a second factor until there is one`, async () => {
      const email = `${role}@staff.example`
      const { accessToken, user } = await api.register(email)
      await become(role, user.id)
      for (const [method, url] of [
        ['GET', 'portfolio'],
        ['GET', 'investments'],
        ['GET', 'wallets'],
        ['GET', 'users/kyc/status'],
        ['PUT', 'users/profile'],
        ['GET', 'projects'],
      ] as const)
        expect(codeIn(await api.call(method, url, method === 'PUT' ? {} : undefined, accessToken)), url).to.equal('FACTOR_REQUIRED')
      expect((await read(accessToken)).statusCode).to.equal(200)
      expect((await api.call('GET', 'auth/factors', undefined, accessToken)).json().data.isRequired).to.equal(true)
      const { secret } = await addTotp(api, accessToken)
      expect((await api.call('GET', 'portfolio', undefined, accessToken)).statusCode).to.equal(200)
      const last = await api.call('DELETE', 'auth/totp', { method: 'totp', code: codeOf(secret, api.clock.now) }, accessToken)
      expect(codeIn(last)).to.equal('LAST_FACTOR')
    })
  }

  it('ask staff for the factor in sessions that began before there was one', async () => {
    const { accessToken: before, user } = await api.register('early@staff.example')
    const second = (await api.call('POST', 'users/login', { email: 'early@staff.example', password: TEST_PASSWORD })).json().data
    await become('admin', user.id)
    const { secret } = await addTotp(api, second.accessToken)
    expect(codeIn(await api.call('GET', 'portfolio', undefined, before))).to.equal('CONFIRM_REQUIRED')
    expect((await confirm(before, { factor: { method: 'totp', code: codeOf(secret, api.clock.now) } })).statusCode).to.equal(200)
    expect((await api.call('GET', 'portfolio', undefined, before)).statusCode).to.equal(200)
  })
})
