import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import { type Buyer, type Market, startMarket } from './testing.ts'

let sandbox: TestSandbox
let market: Market
let buyer: Buyer
let projectId: number
before(async () => {
  sandbox = await startTestSandbox()
  market = await startMarket({ sandboxUrl: sandbox.url })
  buyer = await market.addBuyer()
  projectId = await market.addProject()
})
after(async () => {
  await market.close()
  await sandbox.stop()
})

test('an order reserves units and answers with the page to pay on', async () => {
  const response = await market.order(buyer, { projectId, amountCents: '10000' })
  expect(response.statusCode).to.equal(201)
  const { data } = response.json()
  expect(data).to.include({
    projectId,
    units: '10',
    unitPriceCents: '1000',
    amountCents: '10000',
    currency: 'USD',
    state: 'awaiting_payment',
    progress: 'awaiting_payment',
    wallet: buyer.wallet,
    txHash: null,
    blockNumber: null,
  })
  expect(data.chainInvestmentId).to.match(/^0x[0-9a-f]{64}$/)
  const session = await market.api.deps.stripe.checkout.sessions.retrieve(data.checkoutUrl.split('/').at(-1))
  expect(session).to.include({ amount_total: 10_000, currency: 'usd', client_reference_id: data.id, status: 'open' })
  const { rows } = await market.api.db.admin.query(
    'select allowed, jsonb_array_length(findings) as n from app.decision where investment_id = $1',
    [data.id],
  )
  expect(rows).to.deep.equal([{ allowed: true, n: 10 }])
})

const REFUSALS: [string, number, () => Promise<{ who: Buyer; body: object }>][] = [
  ['KYC_REQUIRED', 403, async () => ({ who: await market.addBuyer({ hasKyc: false }), body: { projectId, amountCents: '10000' } })],
  ['WALLET_REQUIRED', 403, async () => ({ who: await market.addBuyer({ hasWallet: false }), body: { projectId, amountCents: '10000' } })],
  [
    'WALLET_REQUIRED',
    403,
    async () => ({ who: await market.addBuyer({ isRegistered: false }), body: { projectId, amountCents: '10000' } }),
  ],
  ['COUNTRY_BLOCKED', 403, async () => ({ who: await market.addBuyer({ country: 'IR' }), body: { projectId, amountCents: '10000' } })],
  ['PROJECT_NOT_FOUND', 404, async () => ({ who: buyer, body: { projectId: 999_999, amountCents: '10000' } })],
  [
    'PROJECT_NOT_FOUND',
    404,
    async () => ({ who: buyer, body: { projectId: await market.addProject({ state: 'draft' }), amountCents: '10000' } }),
  ],
  [
    'NOT_OPEN',
    409,
    async () => ({ who: buyer, body: { projectId: await market.addProject({ state: 'submitted' }), amountCents: '10000' } }),
  ],
  ['NOT_OPEN', 409, async () => ({ who: buyer, body: { projectId: await market.addProject({ state: 'paused' }), amountCents: '10000' } })],
  ['NOT_OPEN', 409, async () => ({ who: buyer, body: { projectId: await market.addProject({ state: 'exited' }), amountCents: '10000' } })],
  ['LIMIT_MIN', 422, async () => ({ who: buyer, body: { projectId, amountCents: '0' } })],
  ['LIMIT_MIN', 422, async () => ({ who: buyer, body: { projectId, amountCents: '999' } })],
  [
    'LIMIT_MIN',
    422,
    async () => ({ who: buyer, body: { projectId: await market.addProject({ minInvestmentCents: 5_000 }), amountCents: '4000' } }),
  ],
  ['LIMIT_MAX', 422, async () => ({ who: buyer, body: { projectId, amountCents: '100000000' } })],
  ['AMOUNT_NOT_WHOLE_UNITS', 422, async () => ({ who: buyer, body: { projectId, amountCents: '1001' } })],
  ['SOLD_OUT', 409, async () => ({ who: buyer, body: { projectId, amountCents: '2000000' } })],
  ['VALIDATION', 400, async () => ({ who: buyer, body: { projectId, amountCents: 10_000 } })],
  ['VALIDATION', 400, async () => ({ who: buyer, body: { projectId, amountCents: '1e4' } })],
  ['VALIDATION', 400, async () => ({ who: buyer, body: { projectId, amountCents: '-10000' } })],
  ['VALIDATION', 400, async () => ({ who: buyer, body: { projectId, amountCents: '9'.repeat(79) } })],
  ['VALIDATION', 400, async () => ({ who: buyer, body: { projectId: '1; drop table', amountCents: '10000' } })],
  ['VALIDATION', 400, async () => ({ who: buyer, body: { projectId, amountCents: '10000', id: 'not-a-uuid' } })],
  ['UNKNOWN_FIELD', 422, async () => ({ who: buyer, body: { projectId, amountCents: '10000', unitPriceCents: '1' } })],
  ['UNKNOWN_FIELD', 422, async () => ({ who: buyer, body: { projectId, amountCents: '10000', state: 'paid' } })],
]
for (const [index, [code, status, prepare]] of REFUSALS.entries()) {
  test(`refusal ${index + 1}: ${code}`, async () => {
    const { who, body } = await prepare()
    const response = await market.order(who, body)
    expect([response.statusCode, response.json().error.code], response.body).to.deep.equal([status, code])
  })
}

test('sold out says how many units are left', async () => {
  const small = await market.addProject({ unitsOffered: 7 })
  await market.order(buyer, { projectId: small, amountCents: '4000' })
  const response = await market.order(buyer, { projectId: small, amountCents: '4000' })
  expect(response.json().error).to.deep.include({ code: 'SOLD_OUT', details: { unitsRemaining: '3' }, message: 'Only 3 units are left' })
})

test('a refused order leaves nothing reserved, but its decision can be explained', async () => {
  const other = await market.addBuyer({ hasKyc: false })
  await market.order(other, { projectId, amountCents: '10000' })
  const { rows } = await market.api.db.admin.query(
    `select allowed, (select count(*)::int from app.investment where account_id = $1) as orders from app.decision where account_id = $1`,
    [other.user.id],
  )
  expect(rows).to.deep.equal([{ allowed: false, orders: 0 }])
})

test('without a sign-in nothing is ordered', async () => {
  const response = await market.api.call('POST', 'investments', { projectId, amountCents: '10000' }, undefined, { 'idempotency-key': 'k' })
  expect([response.statusCode, response.json().error.code]).to.deep.equal([401, 'UNAUTHENTICATED'])
})

test('an order needs an idempotency key of 1 to 255 printable characters', async () => {
  for (const headers of [{}, { 'idempotency-key': '' }, { 'idempotency-key': 'x'.repeat(256) }, { 'idempotency-key': 'a b' }]) {
    const response = await market.api.call('POST', 'investments', { projectId, amountCents: '10000' }, buyer.accessToken, headers as never)
    expect([response.statusCode, response.json().error.code]).to.deep.equal([400, 'IDEMPOTENCY_KEY_REQUIRED'])
  }
})

test('the same key with the same body gets the same answer and changes nothing', async () => {
  const key = randomUUID()
  const first = await market.order(buyer, { projectId, amountCents: '2000' }, key)
  const second = await market.order(buyer, { amountCents: '2000', projectId }, key)
  expect(second.statusCode).to.equal(201)
  expect(second.json().data).to.deep.equal(first.json().data)
})

test('the same key with another body is refused', async () => {
  const key = randomUUID()
  await market.order(buyer, { projectId, amountCents: '2000' }, key)
  const response = await market.order(buyer, { projectId, amountCents: '3000' }, key)
  expect([response.statusCode, response.json().error.code]).to.deep.equal([422, 'IDEMPOTENCY_KEY_REUSED'])
})

test('twenty requests with one key at once make one investment and one checkout', async () => {
  const one = await market.addBuyer()
  const key = randomUUID()
  const responses = await Promise.all(Array.from({ length: 20 }, () => market.order(one, { projectId, amountCents: '2000' }, key)))
  for (const response of responses) expect(response.statusCode).to.be.oneOf([201, 409])
  const ids = new Set(responses.filter(({ statusCode }) => statusCode === 201).map((response) => response.json().data.id))
  expect(ids.size).to.equal(1)
  const { rows } = await market.api.db.admin.query(
    'select count(distinct i.id)::int as orders, count(p.id)::int as payments from app.investment i left join app.payment p on p.investment_id = i.id where i.account_id = $1',
    [one.user.id],
  )
  expect(rows[0]).to.deep.equal({ orders: 1, payments: 1 })
})

test('an id that the client made is kept; the same id for another order, or of another person, is refused', async () => {
  const id = randomUUID()
  const first = await market.order(buyer, { projectId, amountCents: '2000', id })
  expect(first.json().data.id).to.equal(id)
  expect((await market.order(buyer, { projectId, amountCents: '2000', id })).json().data.id).to.equal(id)
  expect((await market.order(buyer, { projectId, amountCents: '3000', id })).json().error.code).to.equal('IDEMPOTENCY_KEY_REUSED')
  const other = await market.addBuyer()
  expect((await market.order(other, { projectId, amountCents: '2000', id })).json().error.code).to.equal('IDEMPOTENCY_KEY_REUSED')
})

test('while the payment provider is away the units stay reserved, and the same request goes on from there', async () => {
  const one = await market.addBuyer()
  const key = randomUUID()
  await sandbox.control('faults', { path: '/v1/checkout/sessions', method: 'POST', count: 5, status: 503 })
  const refused = await market.order(one, { projectId, amountCents: '2000' }, key)
  expect([refused.statusCode, refused.json().error.code]).to.deep.equal([503, 'PAYMENT_UNAVAILABLE'])
  await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'DELETE' })
  const accepted = await market.order(one, { projectId, amountCents: '2000' }, key)
  expect(accepted.statusCode, accepted.body).to.equal(201)
  expect(accepted.json().data.checkoutUrl).to.be.a('string')
  const list = await market.api.call('GET', 'investments', undefined, one.accessToken)
  expect(list.json().data).to.have.length(1)
})

test('a lost answer of the provider does not make a second checkout', async () => {
  const one = await market.addBuyer()
  await sandbox.control('faults', { path: '/v1/checkout/sessions', method: 'POST', count: 1, loseAnswer: true })
  const response = await market.order(one, { projectId, amountCents: '2000' })
  expect(response.statusCode, response.body).to.equal(201)
  const { data } = response.json()
  const sessions = await market.api.deps.stripe.checkout.sessions.list({ limit: 100 })
  expect(sessions.data.filter(({ client_reference_id }) => client_reference_id === data.id)).to.have.length(1)
})

test('an order that is not paid can be cancelled, again without harm, and its units are free again', async () => {
  const small = await market.addProject({ unitsOffered: 2 })
  const { id } = (await market.order(buyer, { projectId: small, amountCents: '2000' })).json().data
  for (let i = 0; i < 2; i++) {
    const response = await market.api.call('POST', `investments/${id}/cancel`, undefined, buyer.accessToken)
    expect(response.json().data).to.include({ state: 'cancelled', progress: 'stopped', checkoutUrl: null })
  }
  expect((await market.order(buyer, { projectId: small, amountCents: '2000' })).statusCode).to.equal(201)
})

test('what is paid cannot be cancelled', async () => {
  const { id } = (await market.order(buyer, { projectId, amountCents: '2000' })).json().data
  await market.api.db.admin.query(`update app.investment set state = 'paid' where id = $1`, [id])
  const response = await market.api.call('POST', `investments/${id}/cancel`, undefined, buyer.accessToken)
  expect([response.statusCode, response.json().error.code]).to.deep.equal([409, 'STEP_ORDER'])
})

test("another person's investment does not exist, neither to read nor to cancel", async () => {
  const { id } = (await market.order(buyer, { projectId, amountCents: '2000' })).json().data
  const other = await market.addBuyer()
  for (const [method, path] of [
    ['GET', `investments/${id}`],
    ['POST', `investments/${id}/cancel`],
  ] as const) {
    const response = await market.api.call(method, path, undefined, other.accessToken)
    expect([response.statusCode, response.json().error.code]).to.deep.equal([404, 'INVESTMENT_NOT_FOUND'])
  }
  expect((await market.api.call('GET', 'investments', undefined, other.accessToken)).json().data).to.deep.equal([])
})

test('a list is paged by cursor, newest first, without a gap or a repeat', async () => {
  const one = await market.addBuyer()
  const ids: string[] = []
  for (let i = 0; i < 7; i++) {
    market.api.clock.pass(i % 2 === 0 ? 1 : 0)
    ids.push((await market.order(one, { projectId, amountCents: '1000' })).json().data.id)
  }
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const response = await market.api.call('GET', `investments?limit=3${cursor ? `&cursor=${cursor}` : ''}`, undefined, one.accessToken)
    seen.push(...response.json().data.map(({ id }: { id: string }) => id))
    cursor = response.json().meta.nextCursor
  }
  expect([...seen].sort()).to.deep.equal([...ids].sort())
  const forged = await market.api.call('GET', 'investments?cursor=abc', undefined, one.accessToken)
  expect(forged.json().error.code).to.equal('BAD_CURSOR')
})

test('eligibility shows every rule with its source before anything is ordered', async () => {
  const one = await market.addBuyer({ hasKyc: false })
  const response = await market.api.call('GET', `projects/${projectId}/eligibility?amountCents=5000`, undefined, one.accessToken)
  expect(response.statusCode, response.body).to.equal(200)
  const { data } = response.json()
  expect(data).to.deep.include({ allowed: false, units: '5', projectId })
  expect(data.findings.filter(({ passed }: { passed: boolean }) => !passed).map(({ code }: { code: string }) => code)).to.deep.equal([
    'KYC_REQUIRED',
  ])
  expect(data.findings[0].citation).to.contain('31 CFR 1023.220')
  const unknown = await market.api.call('GET', 'projects/999999/eligibility?amountCents=5000', undefined, one.accessToken)
  expect(unknown.json().error.code).to.equal('PROJECT_NOT_FOUND')
})

test('the api role itself cannot say that an investment was paid', async () => {
  const { id } = (await market.order(buyer, { projectId, amountCents: '2000' })).json().data
  const attempt = async (state: string) => {
    const client = await market.api.deps.pool.connect()
    try {
      await client.query('begin')
      await client.query(`select set_config('app.account_id', $1, true)`, [buyer.user.id])
      await client.query('update app.investment set state = $2 where id = $1', [id, state])
      return 'done'
    } catch (error) {
      return (error as { code: string }).code
    } finally {
      await client.query('rollback')
      client.release()
    }
  }
  expect(await attempt('paid')).to.equal('42501')
  expect(await attempt('cancelled')).to.equal('done')
})
