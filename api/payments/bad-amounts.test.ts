import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { type Buyer, type Market, startMarket } from '../investments/testing.ts'

let market: Market
let buyer: Buyer
let projectId: number
before(async () => {
  market = await startMarket()
  buyer = await market.addBuyer()
  projectId = await market.addProject({ unitsOffered: 1_000 })
})
after(() => market.close())

for (const [amountCents, code, message] of [
  ['-1', 'VALIDATION', /amountCents/],
  ['10.5', 'VALIDATION', /amountCents/],
  ['1e3', 'VALIDATION', /amountCents/],
  ['', 'VALIDATION', /amountCents/],
  [10_000, 'VALIDATION', /amountCents/],
  ['9223372036854775808', 'VALIDATION', /amountCents/],
  ['9'.repeat(78), 'VALIDATION', /amountCents/],
  ['0', 'LIMIT_MIN', /The smallest investment is \$10\.00/],
  ['10001', 'AMOUNT_NOT_WHOLE_UNITS', /Units cost \$10\.00 each; invest a multiple of that/],
  ['100000000', 'LIMIT_MAX', /At most \$999,999\.99 in one payment/],
  ['999999999999999999', 'LIMIT_MAX', /At most \$999,999\.99 in one payment/],
] as const) {
  test(`an order of ${JSON.stringify(amountCents)} cents is refused as ${code}`, async () => {
    const response = await market.order(buyer, { projectId, amountCents })
    const { error } = response.json()
    expect(error.code, response.body).to.equal(code)
    expect(JSON.stringify(error)).to.match(message)
  })
}
