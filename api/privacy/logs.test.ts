import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { openPool } from '../../common/node/db.ts'
import { openLog } from '../../common/node/log.ts'
import { startTestChain, type TestChain } from '../../common/node/testing.ts'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import { PERSONAL, walkRoutes } from '../audit/testing-walk.ts'
import { type Market, startMarket } from '../investments/testing.ts'
import { listUnsent, sendNotification } from '../notifications/send.ts'
import { TEST_PASSWORD } from '../testing.ts'

describe('the log', () => {
  let chain: TestChain
  let sandbox: TestSandbox
  let market: Market
  const lines: string[] = []
  const log = openLog('api', 'debug', { write: (line) => lines.push(line) })
  before(async () => {
    chain = await startTestChain()
    sandbox = await startTestSandbox()
    market = await startMarket({ sandboxUrl: sandbox.url, rpcUrl: chain.url, kycProvider: 'sumsub', log })
  })
  after(async () => {
    await market.close()
    await Promise.all([sandbox.stop(), chain.stop()])
  })
  const found = () => {
    const text = lines.join('').toLowerCase()
    return Object.entries({ ...PERSONAL, TEST_PASSWORD }).flatMap(([name, value]) => (text.includes(value.toLowerCase()) ? [name] : []))
  }

  it('has a line of each request of every route, and nothing personal', async () => {
    await walkRoutes(market)
    await market.api.call('POST', 'users/register', { email: PERSONAL.email, password: TEST_PASSWORD, country: 'DE' })
    await market.api.call('POST', 'users/login', { email: PERSONAL.email, password: 'wrong' })
    await market.api.call('GET', `projects?q=${PERSONAL.email}`)
    await market.api.call('GET', PERSONAL.email)
    expect(lines.length).to.be.greaterThan(60)
    expect(found()).to.deep.equal([])
  })

  it('has nothing personal of mails that could not be sent, whatever the server says', async () => {
    const pool = openPool(market.api.db.urlOf('terra_worker'))
    const sendMail = async ({ to }: { to?: unknown }) => {
      throw Object.assign(new Error(`550 5.1.1 <${to}>: Recipient address rejected`), { code: 'EENVELOPE', responseCode: 550 })
    }
    const clock = () => new Date(Date.now() + 86_400_000)
    const deps = { pool, mail: { sendMail } as never, mailFrom: 'x@y.example', publicUrl: new URL('http://localhost'), clock, log }
    for (const id of await listUnsent(pool, clock())) await sendNotification(deps, id)
    await pool.end()
    expect(lines.filter((line) => line.includes('A mail could not be sent') && line.includes('EENVELOPE')).length).to.be.greaterThan(0)
    expect(found()).to.deep.equal([])
  })

  it('has nothing personal of errors of the database, which repeat the values of rows', async () => {
    const failure = await market.api.db.admin
      .query(`insert into app.account (email, password_hash) values ($1, 'x'), ($1, 'x')`, [PERSONAL.email])
      .catch((error: unknown) => error)
    expect((failure as { detail: string }).detail).to.contain(PERSONAL.email)
    log.error({ err: failure }, 'A request failed')
    expect(lines.at(-1)).to.contain('duplicate key value')
    expect(found()).to.deep.equal([])
  })

  it('would be found to have some', () => {
    log.info({ whom: PERSONAL.email.toUpperCase() }, `Hello ${PERSONAL.firstName}`)
    expect(found()).to.deep.equal(['email', 'firstName'])
  })
})
