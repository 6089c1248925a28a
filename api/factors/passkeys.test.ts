import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { Value } from 'typebox/value'
import { Session } from '../../common/wire.ts'
import { FactorChange } from '../../common/wire-factors.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { addTotp, beginSignIn, codeOf } from './testing.ts'
import { type Bend, newAuthenticator } from './testing-authenticator.ts'

const ORIGIN = 'http://localhost:3000'
type Authenticator = ReturnType<typeof newAuthenticator>

describe('a passkey', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.close())

  const post = (url: string, body?: unknown, token?: string, headers = {}) => api.call('POST', url, body, token, headers)
  const codeIn = (response: { json(): { error?: { code: string } } }) => response.json().error?.code
  const offered = async (url: string, body?: unknown, token?: string) => (await post(url, body, token)).json().data.options

  async function add(token: string, device: Authenticator, name = 'My phone', bend: Bend = {}) {
    return post('auth/passkeys', { name, passkey: device.create(await offered('auth/passkeys/options', undefined, token), bend) }, token)
  }
  /** Registers a person with a passkey. */
  async function person(email: string) {
    const device = newAuthenticator(ORIGIN)
    const session = await api.register(email)
    const added = await add(session.accessToken, device)
    expect(added.statusCode, added.body).to.equal(200)
    return { ...session, device, change: added.json().data }
  }
  async function askToSignIn() {
    const response = await post('auth/passkey/options')
    return { cookie: String(response.headers['set-cookie']).split(';')[0]!, options: response.json().data.options }
  }
  async function signIn(device: Authenticator, bend: Bend = {}) {
    const { cookie, options } = await askToSignIn()
    return post('auth/passkey', { passkey: device.get(options, bend) }, undefined, { cookie })
  }

  it('is registered, brings recovery codes as the first factor, and is listed, named and removed', async () => {
    const { accessToken, device, change } = await person('first@example.com')
    expect(Value.Check(FactorChange, change)).to.equal(true)
    expect(change.recoveryCodes).to.have.length(10)
    const [listed] = change.factors.passkeys
    expect(listed).to.include({ name: 'My phone', isSynced: false, lastUsedAt: null })
    const renamed = await api.call('PUT', `auth/passkeys/${listed.id}`, { name: 'Old phone' }, accessToken)
    expect(renamed.json().data.passkeys[0].name).to.equal('Old phone')
    const passkey = device.get(await offered('auth/confirm/options', undefined, accessToken))
    const removed = await api.call('DELETE', `auth/passkeys/${listed.id}`, { method: 'passkey', passkey }, accessToken)
    expect(removed.json().data.factors).to.deep.include({ passkeys: [], recoveryCodesLeft: 0 })
    expect(codeIn(await signIn(device))).to.equal('PASSKEY_REFUSED')
  })

  it('signs in by itself, without a name or a password, and counts as both factors', async () => {
    const { user, device } = await person('alone@example.com')
    const response = await signIn(device)
    expect(Value.Check(Session, response.json().data)).to.equal(true)
    expect(response.json().data.user.id).to.equal(user.id)
    const { accessToken } = response.json().data
    const order = { projectId: 1, amountCents: '10000' }
    expect(codeIn(await post('investments', order, accessToken, { 'idempotency-key': 'a' }))).to.equal('KYC_REQUIRED')
    const factors = (await api.call('GET', 'auth/factors', undefined, accessToken)).json().data
    expect(factors.passkeys[0].lastUsedAt).to.equal(api.clock.now.toISOString())
  })

  it('is the second step after the password', async () => {
    const { device } = await person('second@example.com')
    const { token, methods } = await beginSignIn(api, 'second@example.com')
    expect(methods).to.deep.equal(['passkey', 'recovery_code'])
    const options = await offered('auth/factor/options', { token })
    expect(options.allowCredentials.map(({ id }: { id: string }) => id)).to.deep.equal([device.id])
    const session = await post('auth/factor', { token, proof: { method: 'passkey', passkey: device.get(options) } })
    expect(session.statusCode).to.equal(200)
  })

  it('confirms money actions after 30 minutes', async () => {
    const { accessToken, device } = await person('money@example.com')
    api.clock.pass(31 * 60_000)
    const invest = () =>
      post('investments', { projectId: 1, amountCents: '10000' }, accessToken, { 'idempotency-key': crypto.randomUUID() })
    expect(codeIn(await invest())).to.equal('CONFIRM_REQUIRED')
    expect(codeIn(await post('auth/passkeys/options', undefined, accessToken))).to.equal('CONFIRM_REQUIRED')
    const passkey = device.get(await offered('auth/confirm/options', undefined, accessToken))
    expect((await post('auth/confirm', { factor: { method: 'passkey', passkey } }, accessToken)).statusCode).to.equal(200)
    expect(codeIn(await invest())).to.equal('KYC_REQUIRED')
  })

  for (const [what, bend] of [
    ['for another origin', { origin: 'https://evil.example' }],
    ['for another domain', { rpId: 'evil.example' }],
    ['over a challenge of its own', { challenge: Buffer.alloc(32, 1).toString('base64url') }],
    ['of the wrong kind', { type: 'webauthn.create' }],
    ['without finger, face or PIN', { isUserVerified: false }],
  ] as const) {
    it(`is refused when it signs ${what}`, async () => {
      const { device } = await person(`${what.replace(/\W/g, '')}@example.com`)
      expect(codeIn(await signIn(device, bend))).to.equal('PASSKEY_REFUSED')
      expect((await signIn(device)).statusCode).to.equal(200)
    })
  }

  for (const [what, bend] of [
    ['for another origin', { origin: 'https://evil.example' }],
    ['for another domain', { rpId: 'evil.example' }],
    ['without finger, face or PIN', { isUserVerified: false }],
  ] as const) {
    it(`is not registered ${what}`, async () => {
      const { accessToken } = await api.register(`not${what.replace(/\W/g, '')}@example.com`)
      expect(codeIn(await add(accessToken, newAuthenticator(ORIGIN), 'x', bend))).to.equal('PASSKEY_REFUSED')
    })
  }

  it('that was copied is found out by its counter: one that stands still or goes back is refused', async () => {
    const { device } = await person('copied@example.com')
    expect((await signIn(device, { counter: 10 })).statusCode).to.equal(200)
    for (const counter of [10, 9, 1]) expect(codeIn(await signIn(device, { counter }))).to.equal('PASSKEY_REFUSED')
    expect((await signIn(device, { counter: 11 })).statusCode).to.equal(200)
  })

  it('answers a challenge once, within five minutes, in the browser that asked', async () => {
    const { device } = await person('challenge@example.com')
    const { cookie, options } = await askToSignIn()
    const other = await askToSignIn()
    const passkey = device.get(options)
    expect(codeIn(await post('auth/passkey', { passkey }, undefined, { cookie: other.cookie }))).to.equal('PASSKEY_REFUSED')
    expect(codeIn(await post('auth/passkey', { passkey }))).to.equal('PASSKEY_REFUSED')
    const all = await Promise.all([1, 2, 3].map(() => post('auth/passkey', { passkey }, undefined, { cookie })))
    expect(all.map(({ statusCode }) => statusCode).sort()).to.deep.equal([200, 401, 401])
    const late = await askToSignIn()
    api.clock.pass(5 * 60_000 + 1)
    expect(codeIn(await post('auth/passkey', { passkey: device.get(late.options) }, undefined, { cookie: late.cookie }))).to.equal(
      'PASSKEY_REFUSED',
    )
  })

  it('of another account proves nothing, nor does a challenge for another purpose', async () => {
    const [one, other] = [await person('one@example.com'), await person('two@example.com')]
    const { token } = await beginSignIn(api, 'one@example.com')
    const foreign = other.device.get(await offered('auth/factor/options', { token }))
    expect(codeIn(await post('auth/factor', { token, proof: { method: 'passkey', passkey: foreign } }))).to.equal('PASSKEY_REFUSED')
    const { cookie, options } = await askToSignIn()
    const reused = one.device.get(options)
    expect(codeIn(await post('auth/factor', { token, proof: { method: 'passkey', passkey: reused } }, undefined, { cookie }))).to.equal(
      'PASSKEY_REFUSED',
    )
    const listed = one.change.factors.passkeys[0].id
    expect(codeIn(await api.call('PUT', `auth/passkeys/${listed}`, { name: 'Mine now' }, other.accessToken))).to.equal('NOT_FOUND')
    expect(codeIn(await add(other.accessToken, one.device))).to.equal('FACTOR_EXISTS')
  })

  it('of staff may go only while another factor stays', async () => {
    const { accessToken, user, device, change } = await person('staff@example.com')
    await api.db.admin.query(`update app.account set role = 'admin' where id = $1`, [user.id])
    const path = `auth/passkeys/${change.factors.passkeys[0].id}`
    const proof = async () => ({ method: 'passkey', passkey: device.get(await offered('auth/confirm/options', undefined, accessToken)) })
    expect(codeIn(await api.call('DELETE', path, await proof(), accessToken))).to.equal('LAST_FACTOR')
    const { secret } = await addTotp(api, accessToken)
    expect((await api.call('DELETE', path, await proof(), accessToken)).statusCode).to.equal(200)
    const totp = { method: 'totp', code: codeOf(secret, api.clock.now) }
    expect(codeIn(await api.call('DELETE', 'auth/totp', totp, accessToken))).to.equal('LAST_FACTOR')
  })
})
