import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { openPool, type Pool } from '../../common/node/db.ts'
import { openLog } from '../../common/node/log.ts'
import { freshDatabase, type TestDatabase } from '../../common/node/testing.ts'
import { expiryJobs } from './expiry.ts'

const DAY_MS = 86_400_000

describe('an approval that runs out', () => {
  let db: TestDatabase
  let pool: Pool
  const clock = { now: new Date('2026-11-28T12:00:00Z') }
  before(async () => {
    db = await freshDatabase()
    pool = openPool(db.urlOf('terra_worker'))
  })
  after(async () => {
    await pool.end()
    await db.drop()
  })
  async function sweep() {
    const job = expiryJobs({ pool, clock: () => clock.now, log: openLog('worker', 'silent') })[0]!
    for (const payload of await job.listOpen()) await job.handle(payload)
    return job.listOpen()
  }
  async function addApproval(accountId: string, expiresAt: Date, createdAt = clock.now) {
    await db.admin.query(
      `insert into app.kyc_check (account_id, provider, applicant_ref, state, created_at, decided_at, expires_at) values ($1, 'onfido', 'a', 'approved', $3, $3, $2)`,
      [accountId, expiresAt, createdAt],
    )
  }
  const addAccount = async () => (await db.admin.query<{ id: string }>('insert into app.account default values returning id')).rows[0]!.id
  const kindsOf = async (accountId: string) =>
    (await db.admin.query('select kind from app.notification where account_id = $1 order by created_at', [accountId])).rows.map(
      ({ kind }) => kind,
    )
  const stateOf = async (accountId: string) =>
    (await db.admin.query('select state from app.kyc_check where account_id = $1 order by created_at', [accountId])).rows.map(
      ({ state }) => state,
    )

  it('is told of once thirty days before, and once when it is so', async () => {
    const id = await addAccount()
    await addApproval(id, new Date(clock.now.getTime() + 31 * DAY_MS))
    expect(await sweep()).to.deep.equal([])
    expect(await kindsOf(id)).to.deep.equal([])
    clock.now = new Date(clock.now.getTime() + DAY_MS)
    expect(await sweep()).to.deep.equal([])
    await sweep()
    expect([await kindsOf(id), await stateOf(id)]).to.deep.equal([['kyc_expiring'], ['approved']])
    clock.now = new Date(clock.now.getTime() + 30 * DAY_MS)
    expect(await sweep()).to.deep.equal([])
    expect([await kindsOf(id), await stateOf(id)]).to.deep.equal([['kyc_expiring', 'kyc_expired'], ['expired']])
  })

  it('ends without a word when it was renewed before', async () => {
    const id = await addAccount()
    await addApproval(id, new Date(clock.now.getTime() + DAY_MS), new Date(clock.now.getTime() - DAY_MS))
    await addApproval(id, new Date(clock.now.getTime() + 365 * DAY_MS))
    expect(await sweep()).to.deep.equal([])
    clock.now = new Date(clock.now.getTime() + 2 * DAY_MS)
    await sweep()
    expect([await kindsOf(id), await stateOf(id)]).to.deep.equal([[], ['expired', 'approved']])
  })
})
