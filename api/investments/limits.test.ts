import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import type { Eligibility, Investment, Session } from '../../common/wire.ts'
import { cancelOrder } from './cancel.ts'
import { listAllRules, replay } from './decision.ts'
import { type Buyer, type Market, startMarket } from './testing.ts'
import { type DatedRule, readSeededRules } from './testing-rules.ts'

describe('an offering under Regulation Crowdfunding', () => {
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

  const state = (buyer: Session, changes: object = {}) =>
    market.api.call(
      'PUT',
      'users/finances',
      { annualIncomeCents: '0', netWorthCents: '0', isJoint: false, outsideCents: '0', ...changes },
      buyer.accessToken,
    )
  const offer = () => market.addProject({ unitPriceCents: 10_000, minInvestmentCents: 10_000, exemption: 'reg_cf' })
  const order = async (buyer: Buyer, projectId: number, dollars: number) => {
    const response = await market.order(buyer, { projectId, amountCents: String(dollars * 100) })
    return response.statusCode === 201 ? 'taken' : response.json().error
  }

  it('takes nobody who has not said what he earns and owns', async () => {
    const [buyer, projectId] = [await market.addBuyer(), await offer()]
    expect(await order(buyer, projectId, 100)).to.include({ code: 'FINANCES_REQUIRED' })
    expect((await state(buyer)).statusCode).to.equal(200)
    expect(await order(buyer, projectId, 100)).to.equal('taken')
  })

  it('counts over all of them, and frees what was cancelled', async () => {
    const [buyer, first, second] = [await market.addBuyer(), await offer(), await offer()]
    await state(buyer, { outsideCents: '50000' })
    expect(await order(buyer, first, 1_500)).to.equal('taken')
    const refused = await order(buyer, second, 600)
    expect(refused).to.deep.include({ code: 'LIMIT_REG_CF' })
    expect(refused.message).to.match(/^Investment exceeds Regulation Crowdfunding limits/)
    expect(refused.details).to.deep.equal({ limitCents: '250000', usedCents: '200000', remainingCents: '50000' })
    expect(await order(buyer, second, 500)).to.equal('taken')
    const { data } = (await market.api.call('GET', 'investments', undefined, buyer.accessToken)).json()
    const { id } = data.find((one: Investment) => one.amountCents === '150000')
    await market.api.call('POST', `investments/${id}/cancel`, {}, buyer.accessToken)
    expect(await order(buyer, second, 1_500)).to.equal('taken')
  })

  it('of one investor’s orders at once never lets more through than the limit', async () => {
    const buyer = await market.addBuyer()
    await state(buyer)
    const projects = await Promise.all(Array.from({ length: 5 }, offer))
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => order(buyer, projects[at % 5]!, 500)))
    expect(answers.filter((answer) => answer === 'taken')).to.have.length(5)
    for (const answer of answers) if (answer !== 'taken') expect(answer.code).to.equal('LIMIT_REG_CF')
  })

  it('gives a couple one limit by what both earn and own, and counts what both invested', async () => {
    const [buyer, projectId] = [await market.addBuyer(), await offer()]
    await state(buyer, { isJoint: true, annualIncomeCents: '12000000', spouseCommittedCents: '500000' })
    const refused = await order(buyer, projectId, 1_100)
    expect(refused).to.deep.include({
      code: 'LIMIT_REG_CF',
      details: { limitCents: '600000', usedCents: '500000', remainingCents: '100000' },
    })
    expect(refused.message).to.contain('in 12 months together with your spouse')
    expect(await order(buyer, projectId, 1_000)).to.equal('taken')
    // A joint statement of before the other one's part was asked for.
    const { clock, db } = market.api
    clock.pass(1_000)
    await db.admin.query(
      'insert into app.finances (account_id, annual_income_cents, net_worth_cents, is_joint, outside_cents, stated_at) values ($1, 12000000, 0, true, 0, $2)',
      [buyer.user.id, clock.now],
    )
    expect(await order(buyer, projectId, 100)).to.include({ code: 'FINANCES_REQUIRED' })
  })

  it('can be cancelled until 48 hours before it closes, paid or not, tells the last second, and is over at the close', async () => {
    const { clock, db, deps } = market.api
    const closesAt = new Date(Math.floor(clock.now.getTime() / 1_000) * 1_000 + 72 * 3_600_000)
    const cancelUntil = new Date(closesAt.getTime() - 48 * 3_600_000)
    const projectId = await market.addProject({ unitPriceCents: 10_000, minInvestmentCents: 10_000, exemption: 'reg_cf', closesAt })
    const buyer = await market.addBuyer()
    await state(buyer)
    const preview = await market.api.call('GET', `projects/${projectId}/eligibility?amountCents=10000`, undefined, buyer.accessToken)
    const { cancelUntil: told, findings } = preview.json().data as Eligibility
    expect(told).to.equal(cancelUntil.toISOString())
    const last = new Date(cancelUntil.getTime() - 1_000)
    expect(findings.find(({ code }) => code === 'REG_CF_CANCEL')!.message).to.contain(last.toISOString().slice(0, 19).replace('T', ' '))
    expect(await order(buyer, projectId, 100)).to.equal('taken')
    const { rows } = await db.admin.query(
      `update app.investment set state = 'paid' where project_id = $1 returning id, cancel_until as until`,
      [projectId],
    )
    expect(rows[0].until).to.deep.equal(cancelUntil)
    const cancelAt = (at: Date) => cancelOrder({ pool: deps.pool, clock: () => at }, buyer.user.id, rows[0].id).catch((error) => error.code)
    expect(await cancelAt(cancelUntil)).to.equal('STEP_ORDER')
    expect(await cancelAt(last)).to.equal(undefined)
  })

  it('explains the limit before the order, with its source, and keeps the decision', async () => {
    const [buyer, projectId] = [await market.addBuyer(), await offer()]
    await state(buyer, { annualIncomeCents: '10000000', netWorthCents: '20000000' })
    const preview = await market.api.call('GET', `projects/${projectId}/eligibility?amountCents=2000000`, undefined, buyer.accessToken)
    const { allowed, findings } = preview.json().data as Eligibility
    expect(allowed).to.equal(false)
    const finding = findings.find(({ code }) => code === 'REG_CF_INVESTOR')!
    expect(finding.message).to.equal(
      'Investment exceeds Regulation Crowdfunding limits. You may invest $10,000.00 in 12 months, whoever the issuer is, and $10,000.00 of that is left',
    )
    expect(finding).to.include({ citation: '17 CFR 227.100(a)(2), 87 FR 57398', effectiveFrom: '2022-09-20T04:00:00.000Z' })
    await order(buyer, projectId, 20_000)
    const { rows } = await market.api.db.admin.query(
      `select f ->> 'code' as code, f -> 'seen' as seen, f -> 'value' ->> 'ceilingCents' as ceiling
       from app.decision d, jsonb_array_elements(d.findings) f
       where account_id = $1 and not (f ->> 'passed')::boolean`,
      [buyer.user.id],
    )
    expect(rows).to.deep.equal([{ code: 'REG_CF_INVESTOR', seen: { limitCents: '1000000', usedCents: '0' }, ceiling: '12400000' }])
  })

  it('has no limit for an accredited investor, and Rule 506(c) takes nobody else', async () => {
    const [retail, accredited] = [await market.addBuyer(), await market.addBuyer({ investorClass: 1 })]
    expect(await order(accredited, await offer(), 50_000)).to.equal('taken')
    const private_ = await market.addProject({ unitPriceCents: 10_000, exemption: 'reg_d_506c' })
    expect(await order(retail, private_, 100)).to.include({ code: 'ACCREDITED_ONLY' })
    expect(await order(accredited, private_, 100)).to.equal('taken')
  })

  it('is measured by the rows that the tests of the figures read from the migrations', async () => {
    expect(sorted(await readSeededRules())).to.deep.equal(sorted(await listAllRules(market.api.db.admin)))
  })

  it('leaves decisions that are all answered the same when they are made again', async () => {
    const { admin } = market.api.db
    const rules = await listAllRules(admin)
    const { rows } = await admin.query('select facts, findings, decided_at as "decidedAt" from app.decision')
    expect(rows.length).to.be.greaterThan(25)
    for (const row of rows) expect(replay(row, rules)).to.equal(undefined)
  })

  it('is a year without resale, or it can’t be listed', async () => {
    const projectId = await market.addProject({ state: 'draft', exemption: 'reg_cf' })
    const { admin } = market.api.db
    await admin.query('update app.project set lock_days = 365 where project_id = $1', [projectId])
    const refusal = await admin
      .query('update app.project set submitted_at = now() where project_id = $1', [projectId])
      .catch((error) => error.constraint)
    expect(refusal).to.equal('reg_cf_lock')
  })
})

function sorted(rules: DatedRule[]): DatedRule[] {
  return rules.sort((a, b) => (a.code === b.code ? a.effectiveFrom.getTime() - b.effectiveFrom.getTime() : a.code < b.code ? -1 : 1))
}
