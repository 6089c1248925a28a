import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import Stripe from 'stripe'
import { until } from '../common/node/testing.ts'
import { startTestSandbox, TEST_VENDOR_SECRETS, type TestSandbox } from '../common/node/testing-sandbox.ts'
import { type Receiver, startReceiver } from './receiver.ts'

let receiver: Receiver
let sandbox: TestSandbox
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'terra-sandbox-'))
  receiver = await startReceiver()
  sandbox = await start()
})
afterEach(async () => {
  await sandbox.stop()
  await receiver.close()
  await rm(folder, { recursive: true })
})

function start(): Promise<TestSandbox> {
  return startTestSandbox({ STRIPE_WEBHOOK_URL: receiver.url, SANDBOX_STATE: join(folder, 'state.json') })
}

function stripe(options: { maxNetworkRetries?: number; timeout?: number } = {}): Stripe {
  const { hostname, port } = new URL(sandbox.url)
  return new Stripe(TEST_VENDOR_SECRETS.STRIPE_SECRET_KEY, {
    host: hostname,
    port,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
    ...options,
  })
}

const newIntent = (client = stripe()) => client.paymentIntents.create({ amount: 1_000, currency: 'usd' })
const received = () => receiver.received.map(({ body }) => JSON.parse(body.toString()) as Stripe.Event)
const objectIds = () => received().map(({ data }) => Reflect.get(data.object, 'id') as string)
const signatureOf = (index = 0) => receiver.received[index]!.headers['stripe-signature']!

function verify(secret: string, index = 0): Stripe.Event {
  return stripe().webhooks.constructEvent(receiver.received[index]!.body, signatureOf(index), secret)
}

describe('Webhook deliveries', () => {
  it('are tried again with growing pauses until they are answered with 2xx, without holding up others', async () => {
    receiver.answers.push(500, 503)
    const [first, second] = [await newIntent(), await newIntent()]
    await until(async () => receiver.received.length === 4)
    expect(objectIds().slice(0, 2)).to.deep.equal([first.id, second.id])
    expect(objectIds().filter((id) => id === first.id)).to.have.lengthOf(2)
    const { deliveries } = (await sandbox.control('webhooks')) as { deliveries: { state: string; attempts: number }[] }
    expect(deliveries.map(({ state, attempts }) => [state, attempts])).to.deep.equal([
      ['delivered', 2],
      ['delivered', 2],
    ])
  })

  it('can come twice', async () => {
    await sandbox.control('webhooks', { duplicate: 2 })
    await newIntent()
    await until(async () => receiver.received.length === 3)
    expect(new Set(received().map(({ id }) => id)).size).to.equal(1)
  })

  it('can come out of order', async () => {
    await sandbox.control('webhooks', { reorder: 3 })
    const ids = [(await newIntent()).id, (await newIntent()).id]
    await sleep(300)
    expect(receiver.received).to.have.lengthOf(0)
    ids.push((await newIntent()).id)
    await until(async () => receiver.received.length === 3)
    expect(objectIds()).to.deep.equal(ids.reverse())
  })

  it('can be signed with a stale or a future time', async () => {
    await sandbox.control('webhooks', { skewSeconds: -1_000 })
    await newIntent()
    await until(async () => receiver.received.length === 1)
    expect(() => verify(TEST_VENDOR_SECRETS.STRIPE_WEBHOOK_SECRET)).to.throw('Timestamp outside the tolerance zone')
    await sandbox.control('webhooks', { skewSeconds: 1_000 })
    await newIntent()
    await until(async () => receiver.received.length === 2)
    expect(Number(/t=(\d+)/.exec(signatureOf(1))![1])).to.be.greaterThan(Date.now() / 1000 + 900)
  })

  it('can be signed with two secrets while one is rolled, or with a forged one', async () => {
    await sandbox.control('webhooks', { rotatedSecret: 'whsec_next' })
    await newIntent()
    await until(async () => receiver.received.length === 1)
    expect(signatureOf().match(/v1=/g)).to.have.lengthOf(2)
    expect(verify('whsec_next').id).to.equal(verify(TEST_VENDOR_SECRETS.STRIPE_WEBHOOK_SECRET).id)
    await sandbox.control('webhooks', { forgedSecret: 'whsec_mallory' })
    await newIntent()
    await until(async () => receiver.received.length === 2)
    expect(() => verify(TEST_VENDOR_SECRETS.STRIPE_WEBHOOK_SECRET, 1)).to.throw('No signatures found')
  })

  it('can be lost, and be sent again on request', async () => {
    await sandbox.control('webhooks', { drop: 1 })
    const lost = await newIntent()
    const kept = await newIntent()
    await until(async () => receiver.received.length === 1)
    expect(objectIds()).to.deep.equal([kept.id])
    const [event] = (await stripe().events.list({ limit: 2 })).data.filter(({ data }) => Reflect.get(data.object, 'id') === lost.id)
    await sandbox.control('webhooks/resend', { eventId: event!.id })
    await until(async () => receiver.received.length === 2)
    expect(received()[1]!.id).to.equal(event!.id)
  })

  it('survive a power cut of the sandbox together with everything it knows', async () => {
    receiver.answers.push(...Array(20).fill(500))
    const intent = await newIntent()
    await until(async () => receiver.received.length >= 1)
    await sleep(300)
    await sandbox.stop('SIGKILL')
    receiver.answers.length = 0
    sandbox = await start()
    expect((await stripe().paymentIntents.retrieve(intent.id)).id).to.equal(intent.id)
    const { deliveries } = await until(async () => {
      const answer = (await sandbox.control('webhooks')) as { deliveries: { state: string }[] }
      return answer.deliveries[0]?.state === 'delivered' && answer
    })
    expect(deliveries).to.have.lengthOf(1)
  })
})

describe('Faults', () => {
  it('answer a status for a number of requests and then stop', async () => {
    await sandbox.control('faults', { path: '/v1/payment_intents', status: 503, count: 2 })
    const problem = await newIntent().catch((error) => error)
    expect(problem).to.include({ type: 'StripeAPIError', statusCode: 503 })
    // The SDK's own retry meets the second fault and then succeeds.
    expect((await newIntent(stripe({ maxNetworkRetries: 2 }))).amount).to.equal(1_000)
  })

  it('can make an answer slower than the caller waits', async () => {
    await sandbox.control('faults', { path: '/v1/payment_intents', timeoutMs: 2_000 })
    expect(await newIntent(stripe({ timeout: 200 })).catch((error) => error)).to.include({ type: 'StripeConnectionError' })
  })

  it('can carry a request out and lose the answer: the key makes the second try safe', async () => {
    await sandbox.control('faults', { path: '/v1/payment_intents', loseAnswer: true })
    const intent = await stripe({ maxNetworkRetries: 2 }).paymentIntents.create(
      { amount: 1_000, currency: 'usd' },
      { idempotencyKey: 'once' },
    )
    expect(intent.lastResponse.headers['idempotent-replayed']).to.equal('true')
    expect((await stripe().paymentIntents.list()).data).to.have.lengthOf(1)
  })

  it('are refused when they say nothing sensible', async () => {
    const problem = await sandbox.control('faults', { path: 'v1', colour: 'red' }).catch((error: Error) => error.message)
    expect(problem).to.contain('answered 400')
  })
})
