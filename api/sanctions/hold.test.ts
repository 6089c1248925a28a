import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { openPool } from '../../common/node/db.ts'
import { queueMint } from '../investments/queue-mint.ts'
import { type Buyer, type Market, startMarket } from '../investments/testing.ts'
import { paymentAttestor } from '../mint/testing.ts'
import { freezeAccount, liftFreeze } from './freeze.ts'

describe('a held account', () => {
  let market: Market
  let projectId: number
  before(async () => {
    market = await startMarket()
    projectId = await market.addProject()
  })
  after(() => market.close())
  const admin = () => market.api.db.admin
  const codeOf = async (buyer: Buyer) => (await market.order(buyer, { projectId, amountCents: '1000' })).json().error?.code
  const freeze = (buyer: Buyer, cause: string) =>
    freezeAccount(admin(), { accountId: buyer.user.id, reason: 'Test', cause }, market.api.clock.now)

  it('cannot order while it is frozen, and is not told why', async () => {
    const buyer = await market.addBuyer()
    await freeze(buyer, 'one')
    const refused = await market.order(buyer, { projectId, amountCents: '1000' })
    expect([refused.statusCode, refused.json().error.code]).to.deep.equal([403, 'ACCOUNT_FROZEN'])
    expect(refused.body).to.not.match(/sanction|list/i)
    await liftFreeze(admin(), buyer.user.id, market.api.clock.now)
    expect(await codeOf(buyer)).to.not.equal('ACCOUNT_FROZEN')
  })

  it('cannot order before its name was compared', async () => {
    const buyer = await market.addBuyer()
    await admin().query(`insert into app.identity (account_id, sealed, stated_at) values ($1, '', now())`, [buyer.user.id])
    expect(await codeOf(buyer)).to.equal('ACCOUNT_IN_REVIEW')
  })

  it('gets nothing minted that it paid before', async () => {
    const buyer = await market.addBuyer()
    await admin().query(
      `insert into app.investment (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents, currency, state, reserved_until, created_at, updated_at)
       select $1, '0x' || repeat('ab', 32), $2, project_id, issuer_id, $3, 1, 1000, 1000, 'USD', 'paid', now(), now(), now() from app.project where project_id = $4`,
      ['00000000-0000-4000-8000-000000000001', buyer.user.id, buyer.wallet, projectId],
    )
    await freeze(buyer, 'three')
    const pool = openPool(market.api.db.urlOf('terra_worker'))
    const { deployment, clock, log } = market.api.deps
    await queueMint({ pool, deployment, paymentAttestor, clock, log }, '00000000-0000-4000-8000-000000000001')
    await pool.end()
    const { rows } = await admin().query('select state, review_reason from app.investment where account_id = $1', [buyer.user.id])
    expect(rows[0].state).to.equal('review')
    expect(rows[0].review_reason).to.contain('closed to investing')
  })
})
