import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { SignJWT } from 'jose'
import { deriveKey } from '../http/tokens.ts'
import { startTestApi, TEST_PASSWORD, type TestApi } from '../testing.ts'

describe('sessions', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.close())

  const refresh = (refreshToken: string) => api.call('POST', 'auth/refresh', { refreshToken })
  const me = (token: string) => api.call('GET', 'users/me', undefined, token)

  it('rotates the refresh token and keeps the person signed in', async () => {
    const first = await api.register('rotate@example.com')
    const second = (await refresh(first.refreshToken)).json().data
    expect(second.refreshToken).not.to.equal(first.refreshToken)
    expect((await me(second.accessToken)).statusCode).to.equal(200)
    const third = await refresh(second.refreshToken)
    expect(third.statusCode).to.equal(200)
  })

  it('gives twenty exchanges at once, and one within ten seconds, the same successor', async () => {
    const { refreshToken } = await api.register('tabs@example.com')
    // Connections are made beforehand, so that the exchanges truly meet in the database.
    await Promise.all(Array.from({ length: 20 }, () => api.deps.pool.query('select pg_sleep(0.05)')))
    const all = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)))
    expect(new Set(all.map((response) => response.json().data.refreshToken)).size).to.equal(1)
    api.clock.pass(9_000)
    expect((await refresh(refreshToken)).json().data.refreshToken).to.equal(all[0]!.json().data.refreshToken)
  })

  it('ends the whole family when a token comes back after the grace', async () => {
    const first = await api.register('stolen@example.com')
    const second = (await refresh(first.refreshToken)).json().data
    api.clock.pass(11_000)
    const reused = await refresh(first.refreshToken)
    expect(reused.statusCode).to.equal(401)
    expect(reused.json().error.code).to.equal('SESSION_REVOKED')
    expect((await refresh(second.refreshToken)).json().error.code).to.equal('SESSION_REVOKED')
    expect((await me(second.accessToken)).json().error.code).to.equal('SESSION_REVOKED')
  })

  it('ends the family when a token comes back after its successor was used, grace or not', async () => {
    const first = await api.register('stolen2@example.com')
    const second = (await refresh(first.refreshToken)).json().data
    const third = (await refresh(second.refreshToken)).json().data
    expect((await refresh(first.refreshToken)).statusCode).to.equal(401)
    expect((await refresh(third.refreshToken)).statusCode).to.equal(401)
  })

  it('leaves other sign-ins of the same person alone', async () => {
    const first = await api.register('twodevices@example.com')
    const other = (await api.call('POST', 'users/login', { email: 'twodevices@example.com', password: TEST_PASSWORD })).json().data
    await refresh(first.refreshToken)
    api.clock.pass(11_000)
    await refresh(first.refreshToken)
    expect((await refresh(other.refreshToken)).statusCode).to.equal(200)
  })

  it('refuses a refresh token after 30 days, one never issued, and an access token in its place', async () => {
    const { refreshToken, accessToken } = await api.register('old@example.com')
    expect((await refresh(accessToken)).statusCode).to.be.oneOf([400, 401])
    expect((await refresh('x'.repeat(43))).json().error.code).to.equal('SESSION_REVOKED')
    api.clock.pass(30 * 24 * 3_600_000 + 1)
    expect((await refresh(refreshToken)).json().error.code).to.equal('SESSION_REVOKED')
  })

  it('ends access and refresh at logout', async () => {
    const session = await api.register('logout@example.com')
    await api.call('POST', 'auth/logout', { refreshToken: session.refreshToken })
    expect((await me(session.accessToken)).json().error.code).to.equal('SESSION_REVOKED')
    expect((await refresh(session.refreshToken)).json().error.code).to.equal('SESSION_REVOKED')
  })

  it('lists sign-ins and ends one of them, but no one else’s', async () => {
    const first = await api.register('lister@example.com')
    const second = (await api.call('POST', 'users/login', { email: 'lister@example.com', password: TEST_PASSWORD })).json().data
    const stranger = await api.register('stranger@example.com')
    const list = (await api.call('GET', 'auth/sessions', undefined, second.accessToken)).json().data
    expect(list).to.have.length(2)
    expect(list.filter((session: { current: boolean }) => session.current)).to.have.length(1)
    const other = list.find((session: { current: boolean }) => !session.current)
    expect((await api.call('DELETE', `auth/sessions/${other.id}`, undefined, stranger.accessToken)).statusCode).to.equal(404)
    expect((await api.call('DELETE', `auth/sessions/${other.id}`, undefined, second.accessToken)).statusCode).to.equal(200)
    expect((await me(first.accessToken)).json().error.code).to.equal('SESSION_REVOKED')
    expect((await me(second.accessToken)).statusCode).to.equal(200)
  })

  it('ends all other sign-ins at once, keeps this one, and no one else’s', async () => {
    const first = await api.register('others@example.com')
    const login = () => api.call('POST', 'users/login', { email: 'others@example.com', password: TEST_PASSWORD })
    const [second, third] = [(await login()).json().data, (await login()).json().data]
    const stranger = await api.register('bystander@example.com')
    const ended = await api.call('DELETE', 'auth/sessions', undefined, second.accessToken)
    expect(ended.json().data).to.deep.equal({ ended: 2 })
    for (const session of [first, third]) {
      expect((await me(session.accessToken)).json().error.code).to.equal('SESSION_REVOKED')
      expect((await refresh(session.refreshToken)).statusCode).to.equal(401)
    }
    for (const session of [second, stranger]) expect((await me(session.accessToken)).statusCode).to.equal(200)
  })

  it('says when a sign-in was last used', async () => {
    const { accessToken } = await api.register('used@example.com')
    api.clock.pass(10 * 60_000)
    await me(accessToken)
    const [session] = (await api.call('GET', 'auth/sessions', undefined, accessToken)).json().data
    expect(session.lastUsedAt).to.equal(api.clock.now.toISOString())
    expect(Date.parse(session.createdAt)).to.equal(api.clock.now.getTime() - 10 * 60_000)
  })

  it('tells the owner when a token came back that had been exchanged', async () => {
    const first = await api.register('told@example.com')
    await refresh(first.refreshToken)
    api.clock.pass(11_000)
    await refresh(first.refreshToken)
    const { rows } = await api.db.admin.query(`select kind, path from app.notification where account_id = $1 and kind <> 'verify_email'`, [
      first.user.id,
    ])
    expect(rows).to.deep.equal([{ kind: 'session_copied', path: '/account/security' }])
  })

  it('keeps a browser’s refresh token in an HttpOnly cookie that other sites cannot send', async () => {
    const response = await api.call('POST', 'users/register', {
      email: 'cookie@example.com',
      password: TEST_PASSWORD,
      country: 'DE',
      useCookie: true,
    })
    expect(response.json().data.refreshToken).to.equal('')
    const header = String([response.headers['set-cookie']].flat().find((cookie) => cookie?.startsWith('tl_refresh')))
    expect(header).to.match(/^tl_refresh=[\w-]{43}; .*HttpOnly/)
    expect(header).to.include('SameSite=Strict').and.to.include('Path=/api/v1/auth')
    const cookie = header.split(';')[0]!
    const again = await api.call('POST', 'auth/refresh', undefined, undefined, { cookie })
    expect(again.statusCode).to.equal(200)
    expect(again.json().data.refreshToken).to.equal('')
    expect(String(again.headers['set-cookie'])).to.match(/^tl_refresh=[\w-]{43};/)
    const foreign = await api.call('POST', 'auth/refresh', undefined, undefined, { cookie, origin: 'https://evil.example' })
    expect(foreign.statusCode).to.equal(403)
    expect(foreign.json().error.code).to.equal('CSRF')
  })

  it('refuses access tokens that are expired, of another kind, for somebody else, or signed otherwise', async () => {
    const { accessToken, user } = await api.register('jwt@example.com')
    const key = deriveKey(api.deps.settings.jwtSecret, 'access')
    const [head, body] = accessToken.split('.') as [string, string]
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
    const forge = (change: object, secret: Uint8Array = key, alg = 'HS256') =>
      new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg }).sign(secret)
    expect((await me(await forge({}))).statusCode).to.equal(200)
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`
    for (const token of [
      none,
      `${head}.${body}.`,
      `${head}.${body}.AAAA`,
      'garbage',
      '',
      await forge({ typ: 'refresh' }),
      await forge({ typ: undefined }),
      await forge({ aud: 'another' }),
      await forge({ iss: 'https://evil.example' }),
      await forge({ exp: 1 }),
      await forge({ nbf: Math.floor(api.clock.now.getTime() / 1000) + 3_600 }),
      await forge({}, Buffer.from(api.deps.settings.jwtSecret)),
      await forge({}, deriveKey('x'.repeat(64), 'access'), 'HS512'),
    ]) {
      const response = await me(token)
      expect(response.statusCode, token).to.equal(401)
      expect(response.json().error.code).to.equal('UNAUTHENTICATED')
    }
    expect((await me(await forge({ sub: crypto.randomUUID() }))).json().error.code).to.equal('SESSION_REVOKED')
    api.clock.pass(3_601_000)
    expect((await me(accessToken)).json().error.code).to.equal('UNAUTHENTICATED')
    expect(user.id).to.equal(claims.sub)
  })

  it('stores refresh tokens only as hashes', async () => {
    const { refreshToken } = await api.register('hashes@example.com')
    const { rows } = await api.db.admin.query('select row_to_json(s)::text as text from app.session s')
    expect(rows.some(({ text }) => text.includes(refreshToken))).to.equal(false)
  })
})
