import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { openPool } from '../../common/node/db.ts'
import { openLog } from '../../common/node/log.ts'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import type { Session } from '../../common/wire.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { checkKyc, listDueChecks } from './check-kyc.ts'
import type { WebhookDeps } from './process.ts'

let sandbox: TestSandbox
let api: TestApi
let deps: WebhookDeps
before(async () => {
  sandbox = await startTestSandbox()
  api = await startTestApi({ sandboxUrl: sandbox.url })
  deps = { pool: openPool(api.db.urlOf('terra_worker')), kyc: api.deps.kyc, clock: api.deps.clock, log: openLog('worker', 'silent') }
})
after(async () => {
  await deps.pool.end()
  await api.close()
  await sandbox.stop()
})

test('nothing is decided before the applicant has handed in the form', async () => {
  const { session, check } = await begin('waiting', 'Doe')
  await checkKyc(deps, check)
  expect((await status(session)).state).to.equal('started')
})

test('a clear result approves for one year, and says so in the outbox', async () => {
  const { session, check, formUrl } = await begin('clear', 'Doe')
  await handIn(formUrl)
  await checkKyc(deps, check)
  await checkKyc(deps, check)
  const kyc = await status(session)
  expect(kyc.state).to.equal('approved')
  expect(new Date(kyc.expiresAt!).getUTCFullYear() - new Date(kyc.decidedAt!).getUTCFullYear()).to.equal(1)
  const { rows } = await api.db.admin.query(`select payload from app.outbox where topic = 'account.approved'`)
  expect(rows).to.deep.equal([{ payload: { accountId: session.user.id } }])
})

test('any other result rejects', async () => {
  const { session, check, formUrl } = await begin('consider', 'Consider')
  await handIn(formUrl)
  await checkKyc(deps, check)
  expect((await status(session)).state).to.equal('rejected')
})

test('a check whose webhook was lost is due again after a minute', async () => {
  const { session, check, formUrl } = await begin('lost', 'Doe')
  await handIn(formUrl)
  expect(await listDueChecks(deps.pool, deps.clock())).not.to.include(check)
  api.clock.pass(60_000)
  expect(await listDueChecks(deps.pool, deps.clock())).to.include(check)
  await checkKyc(deps, check)
  expect((await status(session)).state).to.equal('approved')
  expect(await listDueChecks(deps.pool, deps.clock())).not.to.include(check)
})

test("another person's check approves nobody", async () => {
  const mine = await begin('mine', 'Doe')
  const other = await begin('other', 'Doe')
  await handIn(other.formUrl)
  const ref = (await api.db.admin.query('select check_ref as ref from app.kyc_check where id = $1', [other.check])).rows[0].ref
  await api.db.admin.query(`update app.kyc_check set check_ref = null where id = $1`, [other.check])
  await api.db.admin.query(`update app.kyc_check set check_ref = $2 where id = $1`, [mine.check, ref])
  await checkKyc(deps, mine.check)
  expect((await status(mine.session)).state).to.equal('in_review')
})

test('while the provider is away nothing is decided, and no secret is in the error', async () => {
  const { session, check, formUrl } = await begin('away', 'Doe')
  await handIn(formUrl)
  await sandbox.control('faults', { path: '/v3.6/checks', count: 1, status: 503 })
  const failure = await checkKyc(deps, check).then(
    () => null,
    (error: Error) => error,
  )
  expect(failure?.message).to.equal('Onfido answered 503')
  expect((await status(session)).state).to.equal('started')
})

async function begin(name: string, lastName: string): Promise<{ session: Session; check: string; formUrl: string }> {
  const session = await api.register(`${name}@investor.example`)
  const response = await api.call(
    'POST',
    'users/kyc',
    { firstName: 'Jane', lastName, birthDate: '1990-01-01', country: 'DE' },
    session.accessToken,
  )
  const { rows } = await api.db.admin.query('select id from app.kyc_check where account_id = $1', [session.user.id])
  return { session, check: rows[0].id, formUrl: response.json().data.formUrl }
}

async function handIn(formUrl: string): Promise<void> {
  await fetch(formUrl, { method: 'POST', body: new URLSearchParams({ document: 'Passport', consent: 'yes' }), redirect: 'manual' })
}

async function status(session: Session): Promise<{ state: string; decidedAt: string | null; expiresAt: string | null }> {
  return (await api.call('GET', 'users/kyc/status', undefined, session.accessToken)).json().data
}
