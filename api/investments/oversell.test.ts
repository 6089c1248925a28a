import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import { type Buyer, type Market, startMarket } from './testing.ts'

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

test('of fifty buyers at once for the last ten units exactly ten units are reserved', async () => {
  const projectId = await market.addProject({ unitsOffered: 10 })
  const buyers: Buyer[] = []
  for (let i = 0; i < 5; i++) buyers.push(await market.addBuyer())
  const responses = await Promise.all(
    Array.from({ length: 50 }, (_, i) => market.order(buyers[i % 5]!, { projectId, amountCents: i % 3 === 0 ? '2000' : '1000' })),
  )
  for (const response of responses) {
    expect([201, 409], response.body).to.include(response.statusCode)
    if (response.statusCode === 409) expect(response.json().error.code).to.equal('SOLD_OUT')
  }
  const { rows } = await market.api.db.admin.query('select sum(units)::int as units from app.investment where project_id = $1', [projectId])
  expect(rows[0].units).to.equal(10)
})

test('a reservation that ran out frees its units without anybody doing anything', async () => {
  const projectId = await market.addProject({ unitsOffered: 1 })
  const [first, second] = [await market.addBuyer(), await market.addBuyer()]
  expect((await market.order(first, { projectId, amountCents: '1000' })).statusCode).to.equal(201)
  expect((await market.order(second, { projectId, amountCents: '1000' })).json().error.code).to.equal('SOLD_OUT')
  market.api.clock.pass(30 * 60_000)
  expect((await market.order(second, { projectId, amountCents: '1000' })).statusCode).to.equal(201)
})
