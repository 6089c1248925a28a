import { createHmac, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { openPool } from '../../common/node/db.ts'
import { TEST_VENDOR_SECRETS } from '../../common/node/testing-sandbox.ts'
import { buildApp } from '../app.ts'
import { startTestApi, type TestApi } from '../testing.ts'

let api: TestApi
before(async () => {
  api = await startTestApi()
})
after(() => api.close())

const event = (change: object = {}) =>
  JSON.stringify({
    id: `evt_${randomUUID()}`,
    object: 'event',
    type: 'payment_intent.succeeded',
    livemode: false,
    data: { object: { id: 'pi_1', object: 'payment_intent' } },
    ...change,
  })
const secret = TEST_VENDOR_SECRETS.STRIPE_WEBHOOK_SECRET
const now = () => Math.floor(api.clock.now.getTime() / 1000)

function sign(body: string, at = now(), key: string = secret): string {
  return `t=${at},v1=${createHmac('sha256', key).update(`${at}.${body}`).digest('hex')}`
}

async function deliver(body: string, signature?: string, contentType = 'application/json') {
  const headers = { 'content-type': contentType, ...(signature !== undefined && { 'stripe-signature': signature }) }
  const response = await api.app.inject({ method: 'POST', url: '/api/v1/webhooks/stripe', payload: body, headers })
  return response.statusCode === 200 ? 'received' : response.json().error.code
}

async function counts(eventId: string) {
  const { rows } = await api.db.admin.query(
    `select (select count(*)::int from app.webhook_inbox where event_id = $1) as inbox,
       (select count(*)::int from app.outbox where payload->>'eventId' = $1) as outbox`,
    [eventId],
  )
  return rows[0]
}

test('a signed event is kept byte for byte and rung for, in one transaction', async () => {
  const body = event()
  expect(await deliver(body, sign(body))).to.equal('received')
  const { id } = JSON.parse(body)
  expect(await counts(id)).to.deep.equal({ inbox: 1, outbox: 1 })
  const { rows } = await api.db.admin.query('select body, kind from app.webhook_inbox where event_id = $1', [id])
  expect(rows[0].body.toString()).to.equal(body)
  expect(rows[0].kind).to.equal('payment_intent.succeeded')
})

test('the same event twenty times at once is received twenty times and kept once', async () => {
  const body = event()
  const answers = await Promise.all(Array.from({ length: 20 }, () => deliver(body, sign(body))))
  expect(new Set(answers)).to.deep.equal(new Set(['received']))
  expect(await counts(JSON.parse(body).id)).to.deep.equal({ inbox: 1, outbox: 1 })
})

test('a forged, missing or foreign signature is refused, and so is a body changed by one byte or written anew', async () => {
  const body = event()
  expect(await deliver(body)).to.equal('BAD_SIGNATURE')
  expect(await deliver(body, '')).to.equal('BAD_SIGNATURE')
  expect(await deliver(body, 'nonsense')).to.equal('BAD_SIGNATURE')
  expect(await deliver(body, sign(body, now(), 'whsec_other'))).to.equal('BAD_SIGNATURE')
  expect(await deliver(`${body} `, sign(body))).to.equal('BAD_SIGNATURE')
  expect(await deliver(JSON.stringify(JSON.parse(body), null, 1), sign(body))).to.equal('BAD_SIGNATURE')
  expect(await deliver('', sign(''))).to.be.oneOf(['BAD_SIGNATURE', 'BAD_JSON'])
  expect((await counts(JSON.parse(body).id)).inbox).to.equal(0)
})

test('while a secret is being rolled, one right signature among several is enough', async () => {
  const body = event()
  const [time, right] = sign(body).split(',')
  expect(await deliver(body, `${time},v1=${'0'.repeat(64)},${right}`)).to.equal('received')
})

test('an event signed more than five minutes ago, or more than five minutes ahead, is refused', async () => {
  for (const [offset, answer] of [
    [-300, 'received'],
    [-301, 'STALE_EVENT'],
    [300, 'received'],
    [301, 'STALE_EVENT'],
    [10 * 365 * 86_400, 'STALE_EVENT'],
    [-10 * 365 * 86_400, 'STALE_EVENT'],
  ] as const) {
    const body = event()
    expect(await deliver(body, sign(body, now() + offset)), String(offset)).to.equal(answer)
  }
})

test('an event of live mode is refused where only test money is taken', async () => {
  const body = event({ livemode: true })
  expect(await deliver(body, sign(body))).to.equal('WRONG_MODE')
})

test('an event of another account than the platform’s is refused', async () => {
  const body = event({ account: 'acct_1SomebodyElse' })
  expect(await deliver(body, sign(body))).to.equal('WRONG_ACCOUNT')
  expect(await counts(JSON.parse(body).id)).to.deep.equal({ inbox: 0, outbox: 0 })
})

test('another content type or a huge body is refused', async () => {
  const body = event()
  expect(await deliver(body, sign(body), 'text/plain')).to.equal('MEDIA_TYPE')
  const huge = event({ padding: 'x'.repeat(300_000) })
  expect(await deliver(huge, sign(huge))).to.equal('BODY_TOO_LARGE')
})

const token = TEST_VENDOR_SECRETS.ONFIDO_WEBHOOK_TOKEN
const check = (id: string, completedAt = '2026-11-20T10:00:00Z') =>
  JSON.stringify({
    payload: {
      resource_type: 'check',
      action: 'check.completed',
      object: { id, status: 'complete', completed_at_iso8601: completedAt, href: 'x' },
    },
  })

async function deliverCheck(body: string, signature: string) {
  const response = await api.app.inject({
    method: 'POST',
    url: '/api/v1/webhooks/onfido',
    payload: body,
    headers: { 'content-type': 'application/json', 'x-sha2-signature': signature },
  })
  return response.statusCode === 200 ? 'received' : response.json().error.code
}

test('an identity event is kept once for the same thing said, however often, and again when something new is said', async () => {
  const count = async () =>
    (await api.db.admin.query(`select count(*)::int as n from app.webhook_inbox where provider = 'onfido'`)).rows[0].n
  const signed = (body: string) => createHmac('sha256', token).update(body).digest('hex')
  const first = check('c1')
  for (let i = 0; i < 3; i++) expect(await deliverCheck(first, signed(first))).to.equal('received')
  expect(await count()).to.equal(1)
  const later = check('c1', '2026-11-20T11:00:00Z')
  expect(await deliverCheck(later, signed(later))).to.equal('received')
  expect(await count()).to.equal(2)
})

test('an identity event with a wrong signature of any length is refused, not an error', async () => {
  const body = check('c2')
  for (const signature of ['', 'ab', '0'.repeat(64), '0'.repeat(128), 'not hex'])
    expect(await deliverCheck(body, signature)).to.equal('BAD_SIGNATURE')
  const odd = JSON.stringify({ payload: 1 })
  expect(await deliverCheck(odd, createHmac('sha256', token).update(odd).digest('hex'))).to.equal('BAD_JSON')
})

test('while the database is away an event is not acknowledged, so that the vendor sends it again', async () => {
  const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere')
  const app = await buildApp({ ...api.deps, pool })
  const body = event()
  const headers = { 'content-type': 'application/json', 'stripe-signature': sign(body) }
  const response = await app.inject({ method: 'POST', url: '/api/v1/webhooks/stripe', payload: body, headers })
  expect([response.statusCode, response.json().error.code]).to.deep.equal([503, 'NOT_READY'])
  await app.close()
  await pool.end()
})
