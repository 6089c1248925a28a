import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { until } from '../../common/node/testing.ts'
import { startTestSandbox, TEST_VENDOR_SECRETS, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import { type Receiver, startReceiver } from '../receiver.ts'

const { SUMSUB_APP_TOKEN: TOKEN, SUMSUB_SECRET_KEY: KEY, SUMSUB_WEBHOOK_SECRET: SECRET } = TEST_VENDOR_SECRETS

/** As much of any answer as is looked at. */
interface Answer {
  id: string
  url: string
  review: object
}

describe('Sumsub', () => {
  let receiver: Receiver
  let sandbox: TestSandbox
  before(async () => {
    receiver = await startReceiver()
    sandbox = await startTestSandbox({ SUMSUB_WEBHOOK_URL: receiver.url })
  })
  after(async () => {
    await sandbox.stop()
    await receiver.close()
  })

  async function ask(
    method: string,
    path: string,
    content?: object,
    bend: { skewSeconds?: number; token?: string; signedPath?: string } = {},
  ) {
    const { skewSeconds = 0, token = TOKEN, signedPath = path } = bend
    const body = content === undefined ? '' : JSON.stringify(content)
    const ts = String(Math.floor(Date.now() / 1000) + skewSeconds)
    const response = await fetch(sandbox.url + path, {
      method,
      headers: {
        'x-app-token': token,
        'x-app-access-ts': ts,
        'x-app-access-sig': createHmac('sha256', KEY)
          .update(ts + method + signedPath + body)
          .digest('hex'),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body }),
    })
    return { status: response.status, data: (await response.json()) as Answer }
  }
  const person = (externalUserId: string, lastName = 'Lovelace') => ({
    externalUserId,
    type: 'individual',
    fixedInfo: { firstName: 'Ada', lastName, dob: '1990-12-10', country: 'GBR' },
  })
  const LEVEL = '/resources/applicants?levelName=id-and-liveness'

  it('leads an applicant over its page to a review, and says so by a signed webhook', async () => {
    const { status, data } = await ask('POST', LEVEL, person('u1'))
    expect(status).to.equal(201)
    expect(data).to.deep.include({ externalUserId: 'u1', type: 'individual' }).and.not.have.property('link')
    expect(data.review).to.deep.include({ reviewStatus: 'init', levelName: 'id-and-liveness' })
    const redirect = { successUrl: 'http://localhost:3000/ok', rejectUrl: 'http://localhost:3000/no' }
    const link = await ask('POST', '/resources/sdkIntegrations/levels/-/websdkLink', {
      levelName: 'id-and-liveness',
      userId: 'u1',
      ttlInSecs: 600,
      redirect,
    })
    expect(await (await fetch(link.data.url)).text()).to.contain('Ada Lovelace')
    expect((await fetch(link.data.url, { method: 'POST', body: new URLSearchParams({}) })).status).to.equal(422)
    const sent = await fetch(link.data.url, { method: 'POST', body: new URLSearchParams({ consent: 'yes' }), redirect: 'manual' })
    expect(sent.headers.get('location')).to.equal('http://localhost:3000/ok')
    expect((await ask('GET', `/resources/applicants/${data.id}/status`)).data).to.deep.include({
      reviewStatus: 'completed',
      reviewResult: { reviewAnswer: 'GREEN' },
    })
    const hook = await until(async () => receiver.received.find(({ body }) => body.includes(data.id)))
    expect(hook.headers['x-payload-digest-alg']).to.equal('HMAC_SHA256_HEX')
    expect(hook.headers['x-payload-digest']).to.equal(createHmac('sha256', SECRET).update(hook.body).digest('hex'))
    expect(JSON.parse(hook.body.toString())).to.deep.include({
      type: 'applicantReviewed',
      applicantId: data.id,
      externalUserId: 'u1',
      sandboxMode: true,
    })
  })

  it('refuses requests that are unsigned, signed for something else, or of another time', async () => {
    const refused = await Promise.all([
      ask('POST', LEVEL, person('x'), { token: 'sbx:other' }),
      ask('POST', LEVEL, person('x'), { signedPath: '/resources/applicants' }),
      ask('POST', LEVEL, person('x'), { skewSeconds: -90 }),
      ask('POST', LEVEL, person('x'), { skewSeconds: 90 }),
      fetch(`${sandbox.url}/resources/applicants/x/one`).then(async (response) => ({
        status: response.status,
        data: await response.json(),
      })),
    ])
    expect(refused.map(({ status }) => status)).to.deep.equal([401, 401, 401, 401, 401])
    expect(refused[2]!.data).to.deep.include({ description: 'Request timestamp is not valid', code: 401 })
  })

  it('refuses a second applicant of the same name, companies without one, and unknown applicants', async () => {
    await ask('POST', LEVEL, person('u2'))
    expect((await ask('POST', LEVEL, person('u2'))).status).to.equal(409)
    expect(
      (await ask('POST', '/resources/applicants?levelName=company', { externalUserId: 'c1', type: 'company', fixedInfo: {} })).status,
    ).to.equal(400)
    expect((await ask('GET', '/resources/applicants/none/one')).status).to.equal(404)
    expect((await ask('POST', '/resources/applicants', person('u3'))).status).to.equal(400)
  })
})
