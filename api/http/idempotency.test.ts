import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import type { Session } from '../../common/wire.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { authenticate } from './auth.ts'
import type { App } from './deps.ts'
import { answer, created } from './envelope.ts'
import { requireIdempotencyKey } from './idempotency.ts'
import { closed } from './validation.ts'

describe('Idempotency-Key', () => {
  let api: TestApi
  let person: Session
  let runs = 0
  let refuse = false
  before(async () => {
    api = await startTestApi()
    await api.app.register(async (scope: App) => {
      authenticate(scope, api.deps, { permission: 'account.use' })
      requireIdempotencyKey(scope, api.deps)
      const body = closed({ amount: Type.String(), note: Type.Optional(Type.String()) })
      scope.post('/count', { schema: { body, response: created(Type.Object({ runs: Type.Integer() })) } }, async (request, reply) => {
        runs++
        await sleep(50)
        if (refuse) throw new AppError('KYC_REQUIRED', 'Not yet')
        reply.code(201)
        return answer(request, { runs })
      })
    })
    person = await api.register('keys@example.com')
  })
  after(() => api.close())

  const post = (key: string | undefined, body: object = { amount: '1' }, session = person) =>
    api.call('POST', '/count', body, session.accessToken, key === undefined ? {} : { 'idempotency-key': key })

  for (const [what, key] of [
    ['missing', undefined],
    ['empty', ''],
    ['longer than 255', 'x'.repeat(256)],
    ['one with a space', 'a b'],
    ['one that is not ASCII', 'schlüssel'],
  ] as const) {
    it(`refuses a request whose key is ${what}`, async () => {
      const before = runs
      expect((await post(key)).json().error.code).to.equal('IDEMPOTENCY_KEY_REQUIRED')
      expect(runs).to.equal(before)
    })
  }

  it('runs once and answers a repeat with the first answer', async () => {
    const first = await post('one')
    const second = await post('one')
    expect([first.statusCode, second.statusCode]).to.deep.equal([201, 201])
    expect(second.json()).to.deep.equal(first.json())
    expect(second.headers['idempotent-replayed']).to.equal('true')
  })

  it('runs once when twenty come together, and says to the others that the first is running', async () => {
    const before = runs
    const all = await Promise.all(Array.from({ length: 20 }, () => post('many')))
    expect(runs).to.equal(before + 1)
    expect(all.filter(({ statusCode }) => statusCode === 201).length).to.be.greaterThan(0)
    expect(new Set(all.filter(({ statusCode }) => statusCode !== 201).map((response) => response.json().error.code))).to.deep.equal(
      new Set(['IDEMPOTENCY_IN_PROGRESS']),
    )
  })

  it('refuses the same key for something else, but not for the same in another order', async () => {
    await post('reused', { amount: '1', note: 'n' })
    expect((await post('reused', { amount: '2' })).json().error.code).to.equal('IDEMPOTENCY_KEY_REUSED')
    expect((await post('reused', { note: 'n', amount: '1' })).statusCode).to.equal(201)
  })

  it('keeps the keys of two people apart', async () => {
    const other = await api.register('other-keys@example.com')
    const mine = await post('shared')
    const theirs = await post('shared', { amount: '9' }, other)
    expect(theirs.statusCode).to.equal(201)
    expect(theirs.json().data).not.to.deep.equal(mine.json().data)
  })

  it('lets a refused request try again with the same key', async () => {
    refuse = true
    expect((await post('retry')).json().error.code).to.equal('KYC_REQUIRED')
    refuse = false
    expect((await post('retry')).statusCode).to.equal(201)
  })

  it('goes on with a request whose first try died, after a minute', async () => {
    await post('dead')
    await api.db.admin.query(`update app.idempotency_key set status = null, response = null where key = 'dead'`)
    expect((await post('dead')).json().error.code).to.equal('IDEMPOTENCY_IN_PROGRESS')
    api.clock.pass(60_001)
    expect((await post('dead')).statusCode).to.equal(201)
  })
})
