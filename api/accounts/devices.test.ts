import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { startTestApi, TEST_PASSWORD, type TestApi } from '../testing.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

describe('a sign-in from somewhere new', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.close())

  const login = (email: string, headers: Record<string, string>, useCookie = true) =>
    api.call('POST', 'users/login', { email, password: TEST_PASSWORD, useCookie }, undefined, headers)
  const cookieOf = (response: { headers: Record<string, unknown> }) =>
    [response.headers['set-cookie']]
      .flat()
      .map(String)
      .find((cookie) => cookie.startsWith('tl_device'))!
  const mailsOf = async (accountId: string) =>
    (
      await api.db.admin.query(
        `select subject, body from app.notification where account_id = $1 and kind = 'new_device' order by created_at`,
        [accountId],
      )
    ).rows

  it('is told to the owner, once, and the first one isn’t', async () => {
    const { user } = await api.register('devices@example.com')
    expect(await mailsOf(user.id)).to.have.length(0)
    const first = await login('devices@example.com', { 'user-agent': FIREFOX })
    const cookie = cookieOf(first)
    expect(cookie).to.match(/^tl_device=[\w-]{43}; .*HttpOnly.*SameSite=Strict/)
    expect((await mailsOf(user.id)).map(({ subject }) => subject)).to.deep.equal(['Your account was signed in to on Firefox on Linux'])
    await login('devices@example.com', { 'user-agent': `${FIREFOX}.1`, cookie: cookie.split(';')[0]! })
    expect(await mailsOf(user.id)).to.have.length(1)
  })

  it('knows a program by its user agent', async () => {
    const { user } = await api.register('program@example.com')
    for (let i = 0; i < 3; i++) await login('program@example.com', { 'user-agent': 'reports/2.1' }, false)
    expect(await mailsOf(user.id)).to.have.length(1)
  })

  it('puts nothing into the mail that the new browser said', async () => {
    const { user } = await api.register('injected@example.com')
    await login('injected@example.com', { 'user-agent': 'Click https://evil.example Firefox/1 Linux' })
    const [{ subject, body }] = (await mailsOf(user.id)) as [{ subject: string; body: string }]
    expect(subject + body).to.not.include('evil')
  })

  it('of another account is no sign of this one’s', async () => {
    await api.register('mate@example.com')
    const cookie = cookieOf(await login('mate@example.com', { 'user-agent': FIREFOX })).split(';')[0]!
    const { user } = await api.register('shared@example.com')
    await login('shared@example.com', { 'user-agent': FIREFOX, cookie })
    expect(await mailsOf(user.id)).to.have.length(1)
    expect((await api.deps.pool.query('select from app.device')).rowCount).to.equal(0)
  })
})
