import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import type { Eligibility, Investment } from '../../common/wire.ts'
import { cancelOrder } from './cancel.ts'
import { listAllRules, replay } from './decision.ts'
import { type Buyer, type Market, startMarket } from './testing.ts'

describe('an offering under the European crowdfunding regulation', () => {
  let sandbox: TestSandbox
  let market: Market
  before(async () => {
    sandbox = await startTestSandbox()
    market = await startMarket({ sandboxUrl: sandbox.url })
  })
  after(async () => {
    await market.close()
    await sandbox.stop()
  })

  const offer = () => market.addProject({ unitPriceCents: 10_000, minInvestmentCents: 10_000, unitsOffered: 100_000, exemption: 'ecsp' })
  const send = (buyer: Buyer, path: string, body: object = {}) => market.api.call('POST', path, body, buyer.accessToken)
  const order = async (buyer: Buyer, projectId: number, euros: number, more: object = {}) => {
    const response = await market.order(buyer, { projectId, amountCents: String(euros * 100), ...more })
    return response.statusCode === 201 ? (response.json().data as Investment) : response.json().error
  }
  const simulate = async (buyer: Buyer, netWorthEuros = 10_000) => {
    const figures = { isIncomePermanent: true, annualCommitmentsCents: '0', annualIncomeCents: '0' }
    await send(buyer, 'users/ecsp/simulation', { ...figures, liquidAssetsCents: String(netWorthEuros * 100) })
    await send(buyer, 'users/ecsp/simulation/acknowledge')
  }
  const decline = async (buyer: Buyer) => {
    await send(buyer, 'users/ecsp/test', { answers: null })
    await send(buyer, 'users/ecsp/test/acknowledge')
  }

  it('asks for the test, the warning that follows it, and the simulation, one after the other, and refuses nobody for the result', async () => {
    const [buyer, projectId] = [await market.addBuyer(), await offer()]
    expect(await order(buyer, projectId, 100)).to.include({ code: 'KNOWLEDGE_TEST_REQUIRED' })
    await send(buyer, 'users/ecsp/test', { answers: null })
    const warned = await order(buyer, projectId, 100)
    expect(warned).to.include({ code: 'RISK_WARNING_REQUIRED' })
    expect(warned.details).to.include({ about: 'test' })
    expect(warned.details.warning).to.contain('losing the entirety of the money invested')
    await send(buyer, 'users/ecsp/test/acknowledge')
    expect(await order(buyer, projectId, 100)).to.include({ code: 'LOSS_SIMULATION_REQUIRED' })
    await simulate(buyer, 0)
    expect(await order(buyer, projectId, 100)).to.include({ state: 'awaiting_payment', currency: 'EUR' })
  })

  it('warns above the higher of EUR 1,000 and a twentieth of net worth, all orders in the offering together', async () => {
    const [buyer, projectId] = [await market.addBuyer(), await offer()]
    await decline(buyer)
    await simulate(buyer, 24_000)
    expect(await order(buyer, projectId, 1_200)).to.include({ state: 'awaiting_payment' })
    const warned = await order(buyer, projectId, 100)
    expect(warned).to.include({ code: 'RISK_WARNING_REQUIRED' })
    expect(warned.details).to.include({ about: 'amount', thresholdCents: '120000' })
    expect(await order(buyer, projectId, 100, { acceptedLossCents: '9999' })).to.include({ code: 'RISK_WARNING_REQUIRED' })
    expect(await order(buyer, projectId, 100, { acceptedLossCents: '10000' })).to.include({ state: 'awaiting_payment' })
  })

  it('can be left without a reason in the four calendar days after, paid or not, and tells the last second', async () => {
    const [buyer, projectId] = [await market.addBuyer(), await offer()]
    await decline(buyer)
    await simulate(buyer)
    const { now } = market.api.clock
    const until = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 5))
    const preview = await market.api.call('GET', `projects/${projectId}/eligibility?amountCents=10000`, undefined, buyer.accessToken)
    const { cancelUntil, findings } = preview.json().data as Eligibility
    expect(cancelUntil).to.equal(until.toISOString())
    const told = findings.find(({ code }) => code === 'ECSP_REFLECTION')!
    expect(told.message).to.contain(new Date(until.getTime() - 1_000).toISOString().slice(0, 19).replace('T', ' '))
    expect(findings.find(({ code }) => code === 'ECSP_LOSS')!.unconfirmed).to.be.a('string')
    expect(findings.find(({ code }) => code === 'ECSP_ISSUER')!.unconfirmed).to.equal(null)
    const [early, late] = [(await order(buyer, projectId, 100)) as Investment, (await order(buyer, projectId, 100)) as Investment]
    expect(early.cancelUntil).to.equal(until.toISOString())
    const { admin } = market.api.db
    await admin.query(`update app.investment set state = 'paid' where id = any($1)`, [[early.id, late.id]])
    const cancelAt = (at: Date, id: string) => cancelOrder({ pool: market.api.deps.pool, clock: () => at }, buyer.user.id, id)
    await cancelAt(new Date(until.getTime() - 1_000), early.id)
    const states = await admin.query('select state from app.investment where id = $1', [early.id])
    expect(states.rows[0].state).to.equal('cancelled')
    const { rows } = await admin.query(`select topic from app.outbox order by id desc limit 1`)
    expect(rows[0].topic).to.equal('payment.check')
    expect(await cancelAt(until, late.id).catch((error) => error.code)).to.equal('STEP_ORDER')
  })

  it('asks none of it of an approved sophisticated investor, until the approval has run out', async () => {
    const [buyer, projectId] = [await market.addBuyer(), await offer()]
    const { clock, db } = market.api
    await db.admin.query(
      `insert into app.sophistication (account_id, evidence, criteria, requested_at, decided_at, valid_until) values ($1, '{}', '{}', $2, $2, $3)`,
      [buyer.user.id, clock.now, new Date(clock.now.getTime() + 60_000)],
    )
    expect(await order(buyer, projectId, 5_000)).to.include({ state: 'awaiting_payment', cancelUntil: null })
    clock.pass(60_000)
    expect(await order(buyer, projectId, 100)).to.include({ code: 'KNOWLEDGE_TEST_REQUIRED' })
  })

  it('takes EUR 5,000,000 for an issuer in twelve months and not a unit more, what it raised elsewhere included', async () => {
    const [buyer, projectId] = [await market.addBuyer(), await offer()]
    const { admin } = market.api.db
    await admin.query(
      `insert into app.sophistication (account_id, evidence, criteria, requested_at, decided_at, valid_until) values ($1, '{}', '{}', now(), now(), now() + interval '1 year')`,
      [buyer.user.id],
    )
    const { rows } = await admin.query('select app.committed_under($1, issuer_id, $2) as used from app.project where project_id = $3', [
      'ecsp',
      new Date(0),
      projectId,
    ])
    await admin.query('update app.project set raised_elsewhere_cents = $2 where project_id = $1', [
      projectId,
      499_990_000n - BigInt(rows[0].used),
    ])
    expect(await order(buyer, projectId, 200)).to.include({ code: 'LIMIT_ISSUER' })
    expect(await order(buyer, projectId, 100)).to.include({ state: 'awaiting_payment' })
    expect(await order(buyer, projectId, 100)).to.include({
      code: 'LIMIT_ISSUER',
      message: 'The issuer may take €0.00 more within 12 months',
    })
  })

  it('leaves decisions that are all answered the same when they are made again', async () => {
    const { admin } = market.api.db
    const rules = await listAllRules(admin)
    const { rows } = await admin.query('select facts, findings, decided_at as "decidedAt" from app.decision')
    expect(rows.length).to.be.greaterThan(10)
    for (const row of rows) expect(replay(row, rules)).to.equal(undefined)
  })
})
