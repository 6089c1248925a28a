import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { openPool, type Pool } from '../../common/node/db.ts'
import { openLog } from '../../common/node/log.ts'
import { startTestSandbox, TEST_VENDOR_SECRETS, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import { openBreachCheck } from '../accounts/breached-passwords.ts'
import { openKycProviders } from '../kyc/open-providers.ts'
import { guardMail } from '../notifications/guard-mail.ts'
import { openStripe } from '../payments/stripe.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { type Guards, openGuards } from './vendors.ts'

const log = openLog('worker', 'silent')
let sandbox: TestSandbox
let api: TestApi
let pool: Pool
let guards: Guards
before(async () => {
  sandbox = await startTestSandbox()
  api = await startTestApi({ sandboxUrl: sandbox.url })
  pool = openPool(api.db.urlOf('terra_worker'))
  guards = openGuards({ process: 'worker', pool, clock: api.deps.clock, log })
})
after(async () => {
  await pool.end()
  await api.close()
  await sandbox.stop()
})

const failing = (path: string, count: number) => sandbox.control('faults', { path, count, status: 503 })
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  )
const away = async () => (await api.call('GET', '../../ready')).json().data.vendorsAway
async function eventually(state: unknown) {
  for (let n = 0; n < 100 && JSON.stringify(await away()) !== JSON.stringify(state); n++) await new Promise((wait) => setTimeout(wait, 20))
  expect(await away()).to.deep.equal(state)
}

test('a provider of payments that fails is not asked for half a minute, health says so, and three calls that work end it', async () => {
  const stripe = openStripe(sandbox.url, TEST_VENDOR_SECRETS.STRIPE_SECRET_KEY, guards.stripe)
  expect(await away()).to.deep.equal([])
  await failing('/v1/events', 100)
  // Three tries each.
  for (let n = 0; n < 2; n++) await codeOf(stripe.events.list())
  expect(guards.stripe.state().state).to.equal('open')
  const openUntil = new Date(api.clock.now.getTime() + 30_000).toISOString()
  await eventually([{ process: 'worker', vendor: 'stripe', state: 'open', openUntil }])
  const { length: left } = [...((await sandbox.control('faults')) as { count: number }[])]
  const before = ((await sandbox.control('faults')) as { count: number }[])[0]!.count
  await codeOf(stripe.events.list())
  expect(((await sandbox.control('faults')) as { count: number }[])[left - 1]!.count).to.equal(before)
  await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'DELETE' })
  api.clock.pass(30_000)
  await eventually([{ process: 'worker', vendor: 'stripe', state: 'probing', openUntil }])
  for (let n = 0; n < 3; n++) expect(await codeOf(stripe.events.list())).to.equal('answered')
  await eventually([])
})

test('refusals do not count: a vendor that says no is there', async () => {
  const stripe = openStripe(sandbox.url, TEST_VENDOR_SECRETS.STRIPE_SECRET_KEY, guards.stripe)
  for (let n = 0; n < 8; n++) expect(await codeOf(stripe.events.retrieve('evt_none'))).to.equal('resource_missing')
  expect(guards.stripe.state()).to.include({ state: 'closed', failures: 0 })
})

test('an identity check says at once that it cannot be started while its provider is away', async () => {
  const env = { KYC_PROVIDER: 'onfido', ONFIDO_API_URL: sandbox.url, ONFIDO_API_TOKEN: TEST_VENDOR_SECRETS.ONFIDO_API_TOKEN } as const
  const levels = { SUMSUB_PERSON_LEVEL: 'p', SUMSUB_COMPANY_LEVEL: 'c' }
  const { chosen } = openKycProviders({ ...env, ...levels }, {}, api.deps.clock, guards)
  await failing('/v3.6', 5)
  const subject = {
    kind: 'person',
    firstName: 'A',
    lastName: 'B',
    birthDate: '1990-01-01',
    countryAlpha3: 'DEU',
    email: undefined,
  } as const
  for (let n = 0; n < 5; n++) expect(await codeOf(chosen.startCheck(subject, 'http://localhost'))).to.equal('KYC_UNAVAILABLE')
  expect(guards.onfido.state().state).to.equal('open')
  expect(await codeOf(chosen.startCheck(subject, 'http://localhost'))).to.equal('KYC_UNAVAILABLE')
  expect(await codeOf(chosen.readCheck({ checkRef: 'x' } as never))).to.equal('VENDOR_AWAY')
})

test('passwords pass unchecked while the list of breaches is away, without waiting for it', async () => {
  const isBreached = openBreachCheck({ url: sandbox.url, file: undefined, log, guard: guards.breaches })
  await failing('/range', 5)
  for (let n = 0; n < 6; n++) expect(await isBreached('manchesterunited')).to.equal(false)
  expect(guards.breaches.state().state).to.equal('open')
  api.clock.pass(30_000)
  expect(await isBreached('manchesterunited')).to.equal(true)
})

test('a mail server that refuses a mail is there; one that does not answer is away', async () => {
  let failure: object = Object.assign(new Error('no such mailbox'), { responseCode: 550 })
  const mail = guardMail({ sendMail: () => Promise.reject(failure) }, guards.mail)
  for (let n = 0; n < 6; n++) await codeOf(mail.sendMail({}))
  expect(guards.mail.state().state).to.equal('closed')
  failure = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
  for (let n = 0; n < 5; n++) expect(await codeOf(mail.sendMail({}))).to.equal('ECONNREFUSED')
  expect(await codeOf(mail.sendMail({}))).to.equal('VENDOR_AWAY')
})
