import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import type { Session } from '../../common/wire.ts'
import { addTotp } from '../factors/testing.ts'
import { openTestMailer, type TestMailer } from '../notifications/testing.ts'
import { startTestApi, TEST_PASSWORD, type TestApi } from '../testing.ts'

const NEW_PASSWORD = 'walrus under seven lanterns'
const MINUTE = 60_000

describe('links by mail, and passwords that change', () => {
  let sandbox: TestSandbox
  let api: TestApi
  let mailer: TestMailer
  before(async () => {
    sandbox = await startTestSandbox()
    api = await startTestApi({ sandboxUrl: sandbox.url })
    mailer = openTestMailer(api, sandbox)
  })
  after(async () => {
    await mailer.close()
    await api.close()
    await sandbox.stop()
  })

  const mailsTo = (email: string) => mailer.mailsTo(email)
  const linkTo = (path: string, email: string) => mailer.linkTo(path, email)
  const login = (email: string, password: string) => api.call('POST', 'users/login', { email, password })
  const forget = (email: string) => api.call('POST', 'auth/password/forgot', { email })
  const reset = (token: string, password = NEW_PASSWORD) => api.call('POST', 'auth/password/reset', { token, password })
  const confirm = (token: string) => api.call('POST', 'auth/email/confirm', { token })
  const me = async ({ accessToken }: Session) => (await api.call('GET', 'users/me', undefined, accessToken)).json()
  const change = (session: Session, password = NEW_PASSWORD) => api.call('PUT', 'users/password', { password }, session.accessToken)

  it('proves an e-mail by the link that registration sends, once, within a day', async () => {
    const session = await api.register('proof@example.com')
    expect(session.user.isEmailProven).to.equal(false)
    const token = await linkTo('/verify-email', 'proof@example.com')
    expect((await confirm(token)).statusCode).to.equal(200)
    expect((await me(session)).data.isEmailProven).to.equal(true)
    const again = await confirm(token)
    expect([again.statusCode, again.json().error.code]).to.deep.equal([410, 'LINK_EXPIRED'])

    await api.register('late@example.com')
    const late = await linkTo('/verify-email', 'late@example.com')
    api.clock.pass(24 * 60 * MINUTE)
    expect((await confirm(late)).json().error.code).to.equal('LINK_EXPIRED')
  })

  it('sends the link again when asked, five times and no more, and not to who proved it', async () => {
    const { accessToken } = await api.register('again@example.com')
    const ask = () => api.call('POST', 'users/email/confirmation', undefined, accessToken)
    for (let i = 1; i < 5; i++) expect((await ask()).statusCode).to.equal(200)
    expect((await ask()).json().error.code).to.equal('TRY_LATER')
    expect(await mailsTo('again@example.com')).to.have.length(5)
    await confirm(await linkTo('/verify-email', 'again@example.com'))
    expect((await ask()).statusCode).to.equal(200)
    expect(await mailsTo('again@example.com')).to.have.length(5)
  })

  it('ends all links that prove an e-mail with the one that did', async () => {
    const { accessToken } = await api.register('two@example.com')
    const first = await linkTo('/verify-email', 'two@example.com')
    await api.call('POST', 'users/email/confirmation', undefined, accessToken)
    const second = await linkTo('/verify-email', 'two@example.com')
    expect((await confirm(second)).statusCode).to.equal(200)
    expect((await confirm(first)).statusCode).to.equal(410)
  })

  it('answers the same whether an account exists or not, and mails only who exists', async () => {
    await api.register('known@example.com')
    const known = await forget('KNOWN@example.com')
    const unknown = await forget('unknown@example.com')
    expect([known.statusCode, known.json().data]).to.deep.equal([unknown.statusCode, unknown.json().data])
    expect((await mailsTo('known@example.com')).map(({ subject }) => subject)).to.include('Choose a new password')
    expect(await mailsTo('unknown@example.com')).to.deep.equal([])
  })

  it('stops sending after five mails for a new password, whoever asks', async () => {
    for (const email of ['flood@example.com', 'nobody@example.com']) {
      for (let i = 0; i < 5; i++) expect((await forget(email)).statusCode).to.equal(200)
      expect((await forget(email)).json().error.code).to.equal('TRY_LATER')
    }
  })

  it('takes a new password by the link: the old one and every session end, and the owner hears of it', async () => {
    const session = await api.register('forgot@example.com')
    await forget('forgot@example.com')
    const token = await linkTo('/reset-password', 'forgot@example.com')
    expect((await reset(token, 'short')).json().error.code).to.equal('PASSWORD_WEAK')
    expect((await reset(token)).statusCode).to.equal(200)
    expect((await reset(token, 'another fine long password')).json().error.code).to.equal('LINK_EXPIRED')
    expect((await login('forgot@example.com', TEST_PASSWORD)).json().error.code).to.equal('LOGIN_FAILED')
    expect((await me(session)).error.code).to.equal('SESSION_REVOKED')
    expect((await api.call('POST', 'auth/refresh', { refreshToken: session.refreshToken })).json().error.code).to.equal('SESSION_REVOKED')
    const anew = (await login('forgot@example.com', NEW_PASSWORD)).json().data
    expect(anew.user.isEmailProven).to.equal(true)
    expect((await mailsTo('forgot@example.com')).at(-1)!.subject).to.equal('Your password was changed')
  })

  it('opens a locked account to who reads its mailbox', async () => {
    await api.register('locked@example.com')
    for (let i = 0; i < 6; i++) await login('locked@example.com', 'wrong wrong wrong')
    expect((await login('locked@example.com', TEST_PASSWORD)).json().error.code).to.equal('TRY_LATER')
    await forget('locked@example.com')
    await reset(await linkTo('/reset-password', 'locked@example.com'))
    expect((await login('locked@example.com', NEW_PASSWORD)).statusCode).to.equal(200)
  })

  it('keeps the second factor: a mailbox alone opens no account that has one', async () => {
    const session = await api.register('factor@example.com')
    await addTotp(api, session.accessToken)
    await forget('factor@example.com')
    await reset(await linkTo('/reset-password', 'factor@example.com'))
    expect((await login('factor@example.com', NEW_PASSWORD)).statusCode).to.equal(202)
  })

  it('refuses a link that is half an hour old, of another purpose, or made up', async () => {
    await api.register('old@example.com')
    const proof = await linkTo('/verify-email', 'old@example.com')
    await forget('old@example.com')
    const token = await linkTo('/reset-password', 'old@example.com')
    expect((await reset(proof)).json().error.code).to.equal('LINK_EXPIRED')
    expect((await confirm(token)).json().error.code).to.equal('LINK_EXPIRED')
    expect((await reset('A'.repeat(43))).json().error.code).to.equal('LINK_EXPIRED')
    api.clock.pass(30 * MINUTE)
    expect((await reset(token)).json().error.code).to.equal('LINK_EXPIRED')
  })

  it('lets one of ten uses of a link at once have it', async () => {
    await api.register('many@example.com')
    await forget('many@example.com')
    const token = await linkTo('/reset-password', 'many@example.com')
    const all = await Promise.all(Array.from({ length: 10 }, (_, i) => reset(token, `${NEW_PASSWORD} ${i}`)))
    expect(all.filter(({ statusCode }) => statusCode === 200)).to.have.length(1)
  })

  it('keeps no secret of a link, neither where it is made nor in the message', async () => {
    await api.register('secret@example.com')
    const token = await linkTo('/verify-email', 'secret@example.com')
    const { rows } = await api.db.admin.query<{ text: string }>(
      `select concat_ws(' ', (select json_agg(n) from app.notification n), (select json_agg(l) from app.mailed_link l), (select json_agg(o) from app.outbox o)) as text`,
    )
    expect(rows[0]!.text).to.contain('verify_email')
    expect(rows[0]!.text).not.to.contain(token)
  })

  it('changes the password of who is signed in, ends the other sessions and links, and tells the owner', async () => {
    const session = await api.register('change@example.com')
    const other = (await login('change@example.com', TEST_PASSWORD)).json().data
    await forget('change@example.com')
    const token = await linkTo('/reset-password', 'change@example.com')
    expect((await change(session, 'change change change')).json().error.code).to.equal('PASSWORD_WEAK')
    expect((await change(session)).json().data).to.deep.equal({ endedSessions: 1 })
    expect((await me(other)).error.code).to.equal('SESSION_REVOKED')
    expect((await me(session)).data.email).to.equal('change@example.com')
    expect((await reset(token)).json().error.code).to.equal('LINK_EXPIRED')
    expect((await login('change@example.com', NEW_PASSWORD)).statusCode).to.equal(200)
  })

  it('asks who was away for long to confirm before the password changes', async () => {
    const session = await api.register('idle@example.com')
    api.clock.pass(31 * MINUTE)
    expect((await change(session)).json().error.code).to.equal('CONFIRM_REQUIRED')
  })
})
