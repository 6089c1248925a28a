import { test } from 'node:test'
import { expect } from 'chai'
import fc from 'fast-check'
import { type BreakerState, guardFetch, openBreaker } from './breaker.ts'

function scene() {
  let now = 1_000_000
  const changes: BreakerState['state'][] = []
  const breaker = openBreaker('vendor', { clock: () => new Date(now), onChange: ({ state }) => changes.push(state) })
  const outcome = (call: () => Promise<string>) =>
    breaker.run(call).then(
      (answer) => answer,
      (error: Error & { code?: string }) => error.code ?? error.message,
    )
  return {
    breaker,
    changes,
    pass: (ms: number) => {
      now += ms
    },
    works: () => outcome(async () => 'worked'),
    fails: (error: object = new Error('down')) =>
      outcome(async () => {
        throw error
      }),
  }
}

test('five failures within thirty seconds open it: nothing is asked for thirty seconds', async () => {
  const { breaker, changes, pass, works, fails } = scene()
  for (let n = 0; n < 5; n++) {
    expect(await fails()).to.equal('down')
    pass(7_000)
  }
  expect(breaker.state()).to.include({ state: 'open', failures: 0 })
  pass(30_000 - 7_000 - 1)
  expect(await works()).to.equal('VENDOR_AWAY')
  expect(changes).to.deep.equal(['open'])
})

test('failures further apart, and answers that refuse, do not open it', async () => {
  const { breaker, pass, fails } = scene()
  for (let n = 0; n < 20; n++) {
    await fails()
    pass(7_500)
  }
  expect(breaker.state().state).to.equal('closed')
  for (let n = 0; n < 20; n++) await fails(Object.assign(new Error('no such thing'), { status: 404 }))
  for (let n = 0; n < 20; n++) await fails(new Error('wrapped', { cause: { status: 422 } }))
  expect(breaker.state().state).to.equal('closed')
})

test('three calls that work close it again; one that fails opens it anew', async () => {
  const { breaker, changes, pass, works, fails } = scene()
  for (let n = 0; n < 5; n++) await fails()
  pass(30_000)
  expect(breaker.state().state).to.equal('probing')
  expect([await works(), await works(), await fails(), await works()]).to.deep.equal(['worked', 'worked', 'down', 'VENDOR_AWAY'])
  pass(30_000)
  expect([await works(), await works(), await works()]).to.deep.equal(['worked', 'worked', 'worked'])
  expect(breaker.state()).to.deep.equal({ vendor: 'vendor', state: 'closed', failures: 0, openUntil: null })
  expect(changes).to.deep.equal(['open', 'open', 'closed'])
})

test('while it probes no more than three are asked at once, and what began before says nothing', async () => {
  const { breaker, pass, fails } = scene()
  const { promise, reject } = Promise.withResolvers<void>()
  const old = breaker.run(() => promise).catch(() => 'old')
  for (let n = 0; n < 5; n++) await fails()
  pass(30_000)
  const waiting: (() => void)[] = []
  let asked = 0
  const calls = Array.from({ length: 10 }, () =>
    breaker.run(() => {
      asked++
      return new Promise<void>((resolve) => void waiting.push(resolve))
    }),
  )
  const refused = Promise.allSettled(calls)
  reject(new Error('late'))
  await old
  expect(asked).to.equal(3)
  expect(breaker.state().state).to.equal('probing')
  for (const end of waiting) end()
  expect((await refused).filter(({ status }) => status === 'fulfilled')).to.have.length(3)
  expect(breaker.state().state).to.equal('closed')
})

test('whatever comes, it never lets a call through before its time and always can close again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 20_000 })), { maxLength: 60 }), async (steps) => {
      const { breaker, pass, works, fails } = scene()
      for (const [isWell, ms] of steps) {
        const before = breaker.state().state
        const outcome = await (isWell ? works() : fails())
        expect(outcome === 'VENDOR_AWAY').to.equal(before === 'open')
        pass(ms)
      }
      pass(30_000)
      for (let n = 0; n < 3; n++) expect(await works()).to.equal('worked')
      expect(breaker.state().state).to.equal('closed')
    }),
    { numRuns: 500 },
  )
})

test('fetch by a breaker counts answers of 500 and above', async () => {
  const { breaker } = scene()
  const answers = [404, 500, 500, 500, 503, 599]
  const guarded = guardFetch(breaker, async () => new Response(null, { status: answers.shift()! }))
  for (let n = 0; n < 5; n++) await guarded('http://vendor.example')
  expect(breaker.state().failures).to.equal(4)
  expect((await guarded('http://vendor.example')).status).to.equal(599)
  expect(await guarded('http://vendor.example').catch((error: Error) => error.message)).to.equal(
    'vendor failed too often and is not asked for now',
  )
})
