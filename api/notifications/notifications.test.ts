import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { createTransport } from 'nodemailer'
import { openPool } from '../../common/node/db.ts'
import { openLog } from '../../common/node/log.ts'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import { type Buyer, type Market, startMarket } from '../investments/testing.ts'
import { notify } from './notify.ts'
import { listUnsent, type MailDeps, sendNotification } from './send.ts'

let sandbox: TestSandbox
let market: Market
let deps: MailDeps
let buyer: Buyer
let investmentId: string
before(async () => {
  sandbox = await startTestSandbox()
  market = await startMarket({ sandboxUrl: sandbox.url })
  deps = {
    pool: openPool(market.api.db.urlOf('terra_worker')),
    mail: createTransport({ url: sandbox.smtpUrl }),
    mailFrom: 'Terra Lumina <no-reply@terra-lumina.example>',
    publicUrl: new URL('http://localhost:3000'),
    clock: market.api.deps.clock,
    log: openLog('worker', 'silent'),
  }
  buyer = await market.addBuyer()
  await market.api.db.admin.query('delete from app.notification')
  const projectId = await market.addProject()
  investmentId = (await market.order(buyer, { projectId, amountCents: '12000' })).json().data.id
})
after(async () => {
  await deps.pool.end()
  await market.close()
  await sandbox.stop()
})

test('the same message is written once, however often it is asked for', async () => {
  for (let i = 0; i < 3; i++) await notify(deps.pool, { kind: 'investment_settled', investmentId, now: deps.clock() })
  expect(await listUnsent(deps.pool, deps.clock())).to.have.length(1)
})

test('while the mail server is away a message waits, and is tried again later', async () => {
  const [id] = await listUnsent(deps.pool, deps.clock())
  await sendNotification({ ...deps, mail: createTransport({ url: 'smtp://127.0.0.1:9' }) }, id!)
  expect(await listUnsent(deps.pool, deps.clock())).to.have.length(0)
  market.api.clock.pass(60_000)
  expect(await listUnsent(deps.pool, deps.clock())).to.have.length(1)
})

test('three workers at once send one mail, in plain words and with the amounts', async () => {
  const [id] = await listUnsent(deps.pool, deps.clock())
  await Promise.all([1, 2, 3].map(() => sendNotification(deps, id!)))
  const mails = (await (await fetch(`${sandbox.url}/inbox.json?to=${buyer.user.email}`)).json()) as { subject: string }[]
  expect(mails).to.have.length(1)
  expect(JSON.stringify(mails[0])).to.contain('Your investment of 120.00 USD is settled: 12 units')
  expect(await listUnsent(deps.pool, deps.clock())).to.have.length(0)
})
