import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { openPool, type Pool } from '../../common/node/db.ts'
import { openLog } from '../../common/node/log.ts'
import { type Buyer, type Market, startMarket } from '../investments/testing.ts'
import { findPatterns, type Movement } from './find-patterns.ts'
import { listChanged, lookAtAccount, type MonitorDeps, monitoringJobs } from './watch.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

describe('watching payments', () => {
  let market: Market
  let pool: Pool
  let deps: MonitorDeps
  let projectId: number
  let now: Date
  before(async () => {
    market = await startMarket()
    pool = openPool(market.api.db.urlOf('terra_worker'))
    now = market.api.clock.now
    deps = { pool, clock: () => now, log: openLog('test', 'silent') }
    projectId = await market.addProject({ unitPriceCents: 1, unitsOffered: 1_000_000_000 })
  })
  after(async () => {
    await pool.end()
    await market.close()
  })

  async function pay(
    { user, wallet }: Buyer,
    amountCents: number,
    { ago = 0, currency = 'USD', state = 'succeeded' }: { ago?: number; currency?: string; state?: string } = {},
  ): Promise<string> {
    const at = new Date(now.getTime() - ago)
    const { rows } = await market.api.db.admin.query<{ id: string }>(
      `with one as (
         insert into app.investment (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents,
           currency, state, reserved_until, created_at, updated_at)
         select gen_random_uuid(), '0x' || md5(random()::text) || md5(random()::text), $1, project_id, issuer_id, $2, $3, 1, $3, $4, 'cancelled', $5, $5, $5
         from app.project where project_id = $6
         returning id
       )
       insert into app.payment (investment_id, provider, session_ref, checkout_url, amount_cents, currency, state, created_at, updated_at)
       select id, 'stripe', $7, '', $3, $4, $8, $5, $5 from one
       returning id`,
      [user.id, wallet, amountCents, currency, at, projectId, randomUUID(), state],
    )
    return rows[0]!.id
  }
  const casesOf = async ({ user }: Buyer) =>
    (
      await market.api.db.admin.query(
        `select evidence, reason, state, opened_at from app.review_case where kind = 'monitoring' and account_id = $1 order by opened_at`,
        [user.id],
      )
    ).rows
  const look = (buyer: Buyer) => lookAtAccount(deps, buyer.user.id)

  it('opens one case for a run of payments below the threshold, with what it is about', async () => {
    const buyer = await market.addBuyer()
    const ids = [await pay(buyer, 999_999, { ago: 2 * DAY_MS }), await pay(buyer, 900_000, { ago: DAY_MS }), await pay(buyer, 800_000)]
    await Promise.all([look(buyer), look(buyer), look(buyer)])
    const found = await casesOf(buyer)
    expect(found).to.have.length(1)
    expect(found[0]).to.include({ reason: 'Several payments just below a threshold', state: 'open' })
    expect(found[0].evidence).to.deep.include({
      rule: 'MONITOR_STRUCTURING',
      ruleFrom: '2026-01-01',
      payments: 3,
      sum: '26999.99 USD',
      paymentNumbers: ids,
    })
    // The rest of the same run is the same case.
    await pay(buyer, 850_000)
    await look(buyer)
    expect(await casesOf(buyer)).to.have.length(1)
  })

  it('opens another once the first was decided and a month has passed', async () => {
    const buyer = await market.addBuyer()
    const opened = now
    for (let count = 0; count < 3; count++) await pay(buyer, 900_000)
    await look(buyer)
    await market.api.db.admin.query(`alter table app.review_case disable trigger review_case_guard`)
    await market.api.db.admin.query(
      `update app.review_case set state = 'decided', outcome = 'dismiss', decided_by = account_id, decided_at = $2 where account_id = $1`,
      [buyer.user.id, now],
    )
    await market.api.db.admin.query(`alter table app.review_case enable trigger review_case_guard`)
    for (const [days, count] of [
      [29, 1],
      [31, 2],
    ] as const) {
      now = new Date(opened.getTime() + days * DAY_MS)
      for (let payment = 0; payment < 3; payment++) await pay(buyer, 900_000)
      await look(buyer)
      expect(await casesOf(buyer), `${days} days`).to.have.length(count)
    }
    now = opened
  })

  it('tells much money at once and money that goes in circles, each by its own rule', async () => {
    const rich = await market.addBuyer()
    await pay(rich, 10_000_000)
    await look(rich)
    expect((await casesOf(rich)).map(({ evidence }) => evidence.rule)).to.deep.equal(['MONITOR_VELOCITY'])
    const circling = await market.addBuyer()
    await pay(circling, 600_000, { state: 'refunded', ago: HOUR_MS })
    await look(circling)
    expect((await casesOf(circling)).map(({ evidence }) => evidence.rule)).to.deep.equal(['MONITOR_ROUND_TRIP'])
  })

  it('has nothing to say about ordinary payments, unpaid orders, and sums of different currencies', async () => {
    const buyer = await market.addBuyer()
    await pay(buyer, 300_000)
    await pay(buyer, 900_000, { ago: 20 * DAY_MS })
    await pay(buyer, 900_000, { currency: 'EUR' })
    for (let count = 0; count < 12; count++) await pay(buyer, 900_000, { state: 'failed' })
    await pay(buyer, 6_000_000, { ago: 40 * DAY_MS })
    await pay(buyer, 6_000_000, { currency: 'EUR', ago: 40 * DAY_MS })
    await look(buyer)
    expect(await casesOf(buyer)).to.deep.equal([])
  })

  it('looks once at what did not change, and again when it did', async () => {
    const buyer = await market.addBuyer()
    const [job] = monitoringJobs(deps)
    expect(await listChanged(pool)).to.not.include(buyer.user.id)
    const id = await pay(buyer, 600_000, { ago: DAY_MS })
    expect((await job!.listOpen()).map(({ accountId }) => accountId)).to.include(buyer.user.id)
    await job!.handle({ accountId: buyer.user.id })
    expect(await listChanged(pool)).to.not.include(buyer.user.id)
    await market.api.db.admin.query(`update app.payment set state = 'refunded', updated_at = $2 where id = $1`, [id, now])
    expect(await listChanged(pool)).to.include(buyer.user.id)
    await job!.handle({ accountId: buyer.user.id })
    expect(await casesOf(buyer)).to.have.length(1)
  })

  it('refuses a rule that no pattern is written for, and finds nothing in nothing', () => {
    const movement: Movement = { paymentId: '1', amountCents: 1n, currency: 'USD', paidAt: now, refundedAt: null }
    expect(() => findPatterns([{ code: 'MONITOR_MOOD', value: {} }], [movement])).to.throw('No pattern is known by MONITOR_MOOD')
    expect(findPatterns([{ code: 'MONITOR_VELOCITY', value: { hours: 1, count: 1, sumCents: '1' } }], [])).to.deep.equal([])
  })
})
