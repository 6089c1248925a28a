import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { Secret } from 'otpauth'
import { Value } from 'typebox/value'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { Session } from '../../common/wire.ts'
import { FactorChange, Factors, PendingSignIn } from '../../common/wire-factors.ts'
import { signIn, startTestApi, TEST_PASSWORD, type TestApi } from '../testing.ts'
import { addTotp, beginSignIn, codeOf } from './testing.ts'

describe('an authenticator app', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.close())

  const post = (url: string, body?: unknown, token?: string) => api.call('POST', url, body, token)
  const second = (token: string, code: string, method = 'totp') => post('auth/factor', { token, proof: { method, code } })
  const codeIn = (response: { json(): { error?: { code: string } } }) => response.json().error?.code
  const mailsOf = async (accountId: string) =>
    (
      await api.db.admin.query(
        `select kind from app.notification where account_id = $1 and kind <> 'verify_email' order by created_at, kind`,
        [accountId],
      )
    ).rows.map(({ kind }) => kind)

  it('gives the codes of RFC 6238’s test vectors', () => {
    // Appendix B, SHA-1, the last six of its eight digits.
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    for (const [seconds, code] of [
      [59, '287082'],
      [1111111109, '081804'],
      [1111111111, '050471'],
      [1234567890, '005924'],
      [2000000000, '279037'],
      [20000000000, '353130'],
    ] as const)
      expect(codeOf(secret, new Date(seconds * 1000))).to.equal(code)
  })

  it('is asked for from its first right code on, and not before', async () => {
    const { accessToken, user } = await api.register('enrol@example.com')
    const setup = (await post('auth/totp', undefined, accessToken)).json().data
    expect(setup.uri)
      .to.match(/^otpauth:\/\/totp\/Terra%20Lumina:enrol%40example\.com\?/)
      .and.include(`secret=${setup.secret}`)
    expect((await post('users/login', { email: 'enrol@example.com', password: TEST_PASSWORD })).statusCode).to.equal(200)
    expect(codeIn(await post('auth/totp/confirm', { code: '000000' }, accessToken))).to.equal('CODE_WRONG')
    const confirmed = await post('auth/totp/confirm', { code: codeOf(setup.secret, api.clock.now) }, accessToken)
    expect(Value.Check(FactorChange, confirmed.json().data)).to.equal(true)
    expect(confirmed.json().data.recoveryCodes).to.have.length(10)
    const first = await post('users/login', { email: 'enrol@example.com', password: TEST_PASSWORD })
    expect(first.statusCode).to.equal(202)
    expect(Value.Check(PendingSignIn, first.json().data)).to.equal(true)
    expect(first.json().data.methods).to.deep.equal(['totp', 'recovery_code'])
    expect(first.headers['set-cookie']).to.equal(undefined)
    expect(await mailsOf(user.id)).to.deep.equal(['totp_added'])
  })

  it('opens a session with the second step only', async () => {
    const { accessToken } = await api.register('steps@example.com')
    const { secret } = await addTotp(api, accessToken)
    const { token } = await beginSignIn(api, 'steps@example.com')
    expect(codeIn(await api.call('GET', 'users/me', undefined, token))).to.equal('UNAUTHENTICATED')
    const session = (await second(token, codeOf(secret, api.clock.now))).json().data
    expect(Value.Check(Session, session)).to.equal(true)
    expect((await api.call('GET', 'users/me', undefined, session.accessToken)).statusCode).to.equal(200)
    expect(codeIn(await second(session.accessToken, '123456'))).to.equal('SIGN_IN_EXPIRED')
  })

  it('is asked for at the wallet’s door too', async () => {
    const wallet = privateKeyToAccount(generatePrivateKey())
    const enter = async () => {
      const { cookie, ...proof } = await signIn(api, wallet)
      return api.call('POST', 'auth/siwe/verify', proof, undefined, { cookie })
    }
    await addTotp(api, (await enter()).json().data.accessToken)
    expect((await enter()).statusCode).to.equal(202)
  })

  it('takes each code once, also when it comes four times at once, and never an older one', async () => {
    const { accessToken } = await api.register('replay@example.com')
    const { secret } = await addTotp(api, accessToken)
    const { token } = await beginSignIn(api, 'replay@example.com')
    const older = codeOf(secret, api.clock.now)
    api.clock.pass(30_000)
    const code = codeOf(secret, api.clock.now)
    const all = await Promise.all(Array.from({ length: 4 }, () => second(token, code)))
    expect(all.filter(({ statusCode }) => statusCode === 200)).to.have.length(1)
    expect(all.filter((response) => codeIn(response) === 'CODE_USED')).to.have.length(3)
    expect(codeIn(await second(token, older))).to.equal('CODE_USED')
  })

  it('takes the code of the step before and after, and none further away', async () => {
    const { accessToken } = await api.register('window@example.com')
    const { secret } = await addTotp(api, accessToken)
    const { token } = await beginSignIn(api, 'window@example.com')
    const at = (seconds: number) => codeOf(secret, new Date(api.clock.now.getTime() + seconds * 1000))
    expect(codeIn(await second(token, at(60)))).to.equal('CODE_WRONG')
    expect((await second(token, at(30))).statusCode).to.equal(200)
    api.clock.pass(120_000)
    expect(codeIn(await second(token, at(-60)))).to.equal('CODE_WRONG')
    expect((await second(token, at(-30))).statusCode).to.equal(200)
  })

  it('is locked for 15 minutes after five wrong codes, sent at once or not, and the owner is told', async () => {
    const { accessToken, user } = await api.register('guessed@example.com')
    const { secret } = await addTotp(api, accessToken)
    const { token } = await beginSignIn(api, 'guessed@example.com')
    const all = await Promise.all(Array.from({ length: 9 }, () => second(token, '000000')))
    expect(all.filter((response) => codeIn(response) === 'CODE_WRONG')).to.have.length(5)
    expect(all.filter((response) => codeIn(response) === 'TRY_LATER')).to.have.length(4)
    expect(codeIn(await second(token, codeOf(secret, api.clock.now)))).to.equal('TRY_LATER')
    expect((await mailsOf(user.id)).filter((kind) => kind === 'codes_locked')).to.have.length(1)
    api.clock.pass(15 * 60_000 + 1_000)
    expect(codeIn(await second(token, codeOf(secret, api.clock.now)))).to.equal('SIGN_IN_EXPIRED')
    const again = await beginSignIn(api, 'guessed@example.com')
    expect((await second(again.token, codeOf(secret, api.clock.now))).statusCode).to.equal(200)
  })

  it('forgets the second step after five minutes', async () => {
    const { accessToken } = await api.register('slow@example.com')
    const { secret } = await addTotp(api, accessToken)
    const { token } = await beginSignIn(api, 'slow@example.com')
    api.clock.pass(301_000)
    expect(codeIn(await second(token, codeOf(secret, api.clock.now)))).to.equal('SIGN_IN_EXPIRED')
  })

  it('is stood in for by a recovery code, each of them once, however it is typed', async () => {
    const { accessToken, user } = await api.register('lost@example.com')
    const { recoveryCodes } = await addTotp(api, accessToken)
    const { token } = await beginSignIn(api, 'lost@example.com')
    const [first, other] = recoveryCodes as [string, string]
    expect((await second(token, first.toUpperCase().replaceAll('-', ' '), 'recovery_code')).statusCode).to.equal(200)
    expect(codeIn(await second(token, first, 'recovery_code'))).to.equal('CODE_USED')
    expect(codeIn(await second(token, 'abcd-abcd-abcd-abcd', 'recovery_code'))).to.equal('CODE_WRONG')
    const both = await Promise.all([1, 2].map(() => second(token, other, 'recovery_code')))
    expect(both.map(({ statusCode }) => statusCode).sort()).to.deep.equal([200, 401])
    const factors = (await api.call('GET', 'auth/factors', undefined, accessToken)).json().data
    expect(Value.Check(Factors, factors)).to.equal(true)
    expect(factors.recoveryCodesLeft).to.equal(8)
    expect(await mailsOf(user.id)).to.include('recovery_code_used')
  })

  it('is removed, and recovery codes are renewed, with a factor only', async () => {
    const { accessToken, user } = await api.register('leaver@example.com')
    const { secret, recoveryCodes } = await addTotp(api, accessToken)
    const renew = (proof: object) => post('auth/recovery-codes', proof, accessToken)
    const remove = (proof: object) => api.call('DELETE', 'auth/totp', proof, accessToken)
    expect(codeIn(await remove({ method: 'totp' }))).to.equal('VALIDATION')
    expect(codeIn(await remove({ method: 'totp', code: '000000' }))).to.equal('CODE_WRONG')
    const renewed = await renew({ method: 'recovery_code', code: recoveryCodes[0] })
    expect(renewed.json().data.recoveryCodes).to.have.length(10)
    expect(codeIn(await renew({ method: 'recovery_code', code: recoveryCodes[1] }))).to.equal('CODE_WRONG')
    const removed = await remove({ method: 'totp', code: codeOf(secret, api.clock.now) })
    expect(removed.json().data.factors).to.deep.include({ totpSince: null, recoveryCodesLeft: 0 })
    expect((await post('users/login', { email: 'leaver@example.com', password: TEST_PASSWORD })).statusCode).to.equal(200)
    expect(await mailsOf(user.id)).to.include.members(['recovery_codes_renewed', 'totp_removed'])
  })

  it('is not replaced by who has the session only', async () => {
    const { accessToken } = await api.register('twice@example.com')
    await addTotp(api, accessToken)
    expect(codeIn(await post('auth/totp', undefined, accessToken))).to.equal('FACTOR_EXISTS')
  })

  it('keeps its secret sealed and its recovery codes hashed', async () => {
    const { accessToken } = await api.register('stored@example.com')
    const { secret, recoveryCodes } = await addTotp(api, accessToken)
    const { rows } = await api.db.admin.query(
      `select (select json_agg(t)::text from app.totp t) || (select json_agg(r)::text from app.recovery_code r) as text`,
    )
    expect(rows[0].text).to.not.include(secret)
    expect(rows[0].text).to.not.include(Buffer.from(Secret.fromBase32(secret).bytes).toString('hex'))
    for (const code of recoveryCodes) expect(rows[0].text).to.not.include(Buffer.from(code.replaceAll('-', '')).toString('hex'))
  })

  it('is shown to nobody else, nor changed by them', async () => {
    const { accessToken, user } = await api.register('owner@example.com')
    await addTotp(api, accessToken)
    const stranger = await api.register('other@example.com')
    expect((await api.call('GET', 'auth/factors', undefined, stranger.accessToken)).json().data.totpSince).to.equal(null)
    for (const table of ['totp', 'recovery_code', 'passkey', 'factor_attempt']) {
      expect((await api.deps.pool.query(`select from app.${table}`)).rowCount, table).to.equal(0)
      expect((await api.deps.pool.query(`delete from app.${table} where account_id = $1`, [user.id])).rowCount, table).to.equal(0)
    }
    expect((await api.db.admin.query('select from app.totp where account_id = $1', [user.id])).rowCount).to.equal(1)
  })
})
