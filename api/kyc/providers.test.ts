import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { openPool, type Pool } from '../../common/node/db.ts'
import { openLog } from '../../common/node/log.ts'
import { until } from '../../common/node/testing.ts'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import type { Session } from '../../common/wire.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { checkKyc, listDueChecks } from '../webhooks/check-kyc.ts'
import { processEvent } from '../webhooks/process.ts'
import { startReceiver, type WebhookReceiver } from './testing-receiver.ts'

/** What every provider must do, whatever it speaks: persons, organisations, signed events. `refused` is the name its sandbox refuses. */
const PROVIDERS = [
  { name: 'onfido', refused: 'Consider', checksPath: '/v3.6', checksOrganisations: false, isDated: false },
  { name: 'sumsub', refused: 'Reject', checksPath: '/resources', checksOrganisations: true, isDated: true },
] as const

for (const { name, refused, checksPath, checksOrganisations, isDated } of PROVIDERS) {
  describe(`identity checks by ${name}`, () => {
    let sandbox: TestSandbox
    let api: TestApi
    let pool: Pool
    let receiver: WebhookReceiver
    let people = 0
    before(async () => {
      receiver = await startReceiver()
      sandbox = await startTestSandbox({ [`${name.toUpperCase()}_WEBHOOK_URL`]: receiver.url })
      api = await startTestApi({ sandboxUrl: sandbox.url, kycProvider: name })
      pool = openPool(api.db.urlOf('terra_worker'))
    })
    after(async () => {
      await pool.end()
      await api.close()
      await sandbox.stop()
      await receiver.close()
    })
    const deps = () => ({ pool, kyc: api.deps.kyc, clock: api.deps.clock, log: openLog('worker', 'silent') })
    const register = () => api.register(`person${++people}@${name}.example`)
    const statusOf = async (session: Session) => (await api.call('GET', 'users/kyc/status', undefined, session.accessToken)).json().data
    const handIn = (formUrl: string) =>
      fetch(formUrl, { method: 'POST', body: new URLSearchParams({ consent: 'yes', document: 'Passport' }), redirect: 'manual' })
    const checkOf = async (session: Session) =>
      (
        await api.db.admin.query<{ id: string; ref: string; provider: string }>(
          'select id, check_ref as ref, provider from app.kyc_check where account_id = $1',
          [session.user.id],
        )
      ).rows[0]!
    async function begin(lastName: string) {
      const session = await register()
      const person = { firstName: 'Jane', lastName, birthDate: '1990-01-01', country: 'DE' }
      const response = await api.call('POST', 'users/kyc', person, session.accessToken)
      expect(response.statusCode, response.body).to.equal(200)
      return { session, formUrl: response.json().data.formUrl as string, ...(await checkOf(session)) }
    }
    const deliver = async ({ body, headers }: { body: Buffer; headers: Record<string, string> }) => {
      const kept = Object.fromEntries(Object.entries(headers).filter(([header]) => header.startsWith('x-')))
      const response = await api.app.inject({
        method: 'POST',
        url: `/api/v1/webhooks/${name}`,
        payload: body,
        headers: { 'content-type': 'application/json', ...kept },
      })
      return response.statusCode === 200 ? 'received' : response.json().error.code
    }
    const eventAbout = (ref: string) => until(async () => receiver.received.find(({ body }) => body.includes(ref)))

    it('approve who is clear, and reject who is not', async () => {
      for (const [lastName, state] of [
        ['Doe', 'approved'],
        [refused, 'rejected'],
      ] as const) {
        const { session, id, formUrl, provider } = await begin(lastName)
        expect([provider, (await statusOf(session)).state]).to.deep.equal([name, 'started'])
        await checkKyc(deps(), id)
        expect((await statusOf(session)).state).to.equal('started')
        const back = await handIn(formUrl)
        expect([back.status, back.headers.get('location')]).to.deep.equal([303, 'http://localhost:3000/account'])
        await checkKyc(deps(), id)
        expect((await statusOf(session)).state).to.equal(state)
      }
    })

    it(checksOrganisations ? 'check organisations too' : 'say so where they check no organisations', async () => {
      const session = await register()
      const organisation = { name: 'Windkraft Süd eG', registrationNumber: 'GnR 1234', country: 'DE' }
      const response = await api.call('POST', 'users/kyc/organisation', organisation, session.accessToken)
      if (!checksOrganisations) {
        expect(response.json().error.code).to.equal('KYC_KIND')
        return
      }
      await handIn(response.json().data.formUrl)
      await checkKyc(deps(), (await checkOf(session)).id)
      expect((await statusOf(session)).state).to.equal('approved')
    })

    it('tell by a signed event, kept once for ever however often it comes, which only says where to look', async () => {
      const { session, id, ref, formUrl } = await begin('Doe')
      await handIn(formUrl)
      const event = await eventAbout(ref)
      for (let i = 0; i < 3; i++) expect(await deliver(event)).to.equal('received')
      const { rows } = await api.db.admin.query<{ eventId: string; body: Buffer }>(
        `select event_id as "eventId", body from app.webhook_inbox where provider = $1 and position($2::bytea in body) > 0`,
        [name, Buffer.from(ref)],
      )
      expect(rows.map(({ body }) => body.equals(event.body))).to.deep.equal([true])
      expect((await statusOf(session)).state).to.equal('started')
      await processEvent(deps(), name, rows[0]!.eventId)
      expect(await listDueChecks(pool, api.clock.now)).to.include(id)
      await checkKyc(deps(), id)
      expect((await statusOf(session)).state).to.equal('approved')
      expect(await deliver(event)).to.equal('received')
      expect((await statusOf(session)).state).to.equal('approved')
    })

    it('are not believed when one byte was changed, the signature is another’s, or there is none', async () => {
      const { ref, formUrl } = await begin('Doe')
      await handIn(formUrl)
      const { body, headers } = await eventAbout(ref)
      const count = async () => (await api.db.admin.query('select count(*)::int as n from app.webhook_inbox')).rows[0].n
      const before = await count()
      for (const at of [0, Math.floor(body.length / 2), body.length - 1]) {
        const bent = Buffer.from(body)
        bent[at]! ^= 1
        expect(await deliver({ body: bent, headers })).to.equal('BAD_SIGNATURE')
      }
      expect(await deliver({ body, headers: {} })).to.equal('BAD_SIGNATURE')
      for (const value of ['', 'ab', '0'.repeat(64), 'not hex'])
        expect(await deliver({ body, headers: { ...headers, 'x-sha2-signature': value, 'x-payload-digest': value } })).to.equal(
          'BAD_SIGNATURE',
        )
      expect(await deliver({ body, headers: { ...headers, 'x-payload-digest-alg': 'HMAC_SHA1_HEX' } })).to.equal(
        isDated ? 'BAD_SIGNATURE' : 'received',
      )
      expect(await count()).to.equal(before + (isDated ? 0 : 1))
    })

    if (isDated)
      it('are not believed long after or before their time', async () => {
        const { ref, formUrl } = await begin('Doe')
        await handIn(formUrl)
        const event = await eventAbout(ref)
        const { now } = api.clock
        for (const [seconds, answer] of [
          [25 * 3_600 - 60, 'received'],
          [25 * 3_600 + 60, 'STALE_EVENT'],
          [-240, 'received'],
          [-360, 'STALE_EVENT'],
        ] as const) {
          api.clock.now = new Date(Date.now() + seconds * 1_000)
          expect(await deliver(event), String(seconds)).to.equal(answer)
        }
        api.clock.now = now
      })

    it('approve nobody by another person’s check: that goes to the desk', async () => {
      const mine = await begin('Doe')
      const other = await begin('Doe')
      await handIn(other.formUrl)
      await api.db.admin.query('update app.kyc_check set check_ref = null where id = $1', [other.id])
      await api.db.admin.query('update app.kyc_check set check_ref = $2 where id = $1', [mine.id, other.ref])
      await checkKyc(deps(), mine.id)
      await checkKyc(deps(), mine.id)
      expect((await statusOf(mine.session)).state).to.equal('in_review')
      const { rows } = await api.db.admin.query('select kind, evidence from app.review_case where account_id = $1', [mine.session.user.id])
      expect(rows).to.have.length(1)
      expect(rows[0].evidence).to.deep.include({ kycCheckId: mine.id, provider: name })
    })

    it('decide nothing while they are away, and no secret is in the error', async () => {
      const { session, id, formUrl } = await begin('Doe')
      await handIn(formUrl)
      await sandbox.control('faults', { path: checksPath, count: 1, status: 503 })
      const failure = await checkKyc(deps(), id).catch((error: Error) => error)
      expect((failure as Error).message).to.match(/^(Onfido|Sumsub) answered 503$/)
      expect((await statusOf(session)).state).to.equal('started')
      await sandbox.control('faults', { path: checksPath, count: 1, status: 500 })
      const person = { firstName: 'Jane', lastName: 'Doe', birthDate: '1990-01-01', country: 'DE' }
      const refusal = await api.call('POST', 'users/kyc', person, (await register()).accessToken)
      expect([refusal.statusCode, refusal.json().error.code]).to.deep.equal([503, 'KYC_UNAVAILABLE'])
    })

    it('are asked again where a check was begun, also when another gets the new ones', async () => {
      const { session, id, formUrl } = await begin('Doe')
      await handIn(formUrl)
      const { all } = api.deps.kyc
      const chosen = all.find((one) => one.name !== name)!
      await checkKyc({ ...deps(), kyc: { chosen, all } }, id)
      expect((await statusOf(session)).state).to.equal('approved')
    })

    it('may renew an approval in its last thirty days, which holds meanwhile', async () => {
      const { session, id, formUrl } = await begin('Doe')
      await handIn(formUrl)
      await checkKyc(deps(), id)
      const person = { firstName: 'Jane', lastName: 'Doe', birthDate: '1990-01-01', country: 'DE' }
      const renew = () => api.call('POST', 'users/kyc', person, session.accessToken)
      expect((await renew()).json().error.code).to.equal('KYC_ALREADY_APPROVED')
      await api.db.admin.query('update app.kyc_check set expires_at = $2 where id = $1', [
        id,
        new Date(api.clock.now.getTime() + 29 * 86_400_000),
      ])
      api.clock.pass(1_000)
      expect((await renew()).json().data.state).to.equal('started')
      const { rows } = await api.db.admin.query('select count(*)::int as n from app.kyc_check where account_id = $1', [session.user.id])
      expect(rows[0].n).to.equal(2)
    })
  })
}
