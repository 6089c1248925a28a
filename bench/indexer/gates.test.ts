import { test } from 'node:test'
import { expect } from 'chai'
import { OURS } from './contestants.ts'
import { judge } from './gates.ts'
import { PEERS } from './peers.ts'
import { formatResults } from './report.ts'
import type { Outcome, Race } from './results.ts'

const CONDITIONS = { latencyMs: 0, hasLimits: false }

function ran(contestant: string, perSecond: number, wrong: string[] = []): Outcome {
  const used = { peakMb: 300, cpuSeconds: 6, databaseCpuSeconds: 4, nodeCpuSeconds: 1, calls: 200, readMb: 659, callsByMethod: {} }
  const seconds = 1_000_000 / perSecond
  const run = { contestant, transfers: 1_000_000, seconds, endSeconds: seconds + 1, perSecond, ...used, wrong, elsewhereShare: 0.01 }
  return { contestant, run }
}

function race(...outcomes: Outcome[]): Race {
  return { conditions: CONDITIONS, transfers: 1_000_000, outcomes }
}

test('gates are held against the fastest peer that ran, and the plain loop is none', () => {
  const backfill = race(
    ran(OURS.title, 180_000),
    ran(PEERS.plain!.title, 16_000),
    ran(PEERS.ponder!.title, 4_000),
    ran(PEERS.envio!.title, 13_000),
  )
  const gates = judge({ backfill })
  const verdict = (figure: string) => gates.find((gate) => gate.figure === figure)
  expect(verdict('backfill')?.isMet).to.equal(true)
  expect(verdict('backfill, times the fastest peer')).to.include({ measured: '13.8×', isMet: false })
  expect(verdict('backfill, times Ponder')).to.include({ measured: '45×', isMet: true })
  expect(verdict('results right')?.isMet).to.equal(true)
})

test('what was not measured is not judged', () => {
  const gates = judge({ backfill: race(ran(OURS.title, 100_000), { contestant: PEERS.ponder!.title, reason: 'no network' }) })
  expect(gates.map(({ figure }) => figure)).to.deep.equal(['backfill', 'memory', 'results right'])
})

test('a wrong result of ours misses a gate however fast it came', () => {
  const gates = judge({ backfill: race(ran(OURS.title, 900_000, ['holdings of project 7'])) })
  expect(gates.find(({ figure }) => figure === 'results right')).to.include({ measured: '0 of 1', isMet: false })
})

test('a balance that raw logs say otherwise misses a gate and is shown', () => {
  const right = { rawBalances: { transfers: 5_000_000, differences: [] } }
  const wrong = { rawBalances: { transfers: 5_000_000, differences: ['0x1 has 2 of 3 by the raw logs, 4 in the index'] } }
  expect(judge(right)).to.deep.equal([
    { figure: 'balances by SQL over raw logs, 5,000,000 transfers', target: 'equal', measured: 'equal', isMet: true },
  ])
  expect(judge(wrong)[0]).to.include({ measured: 'other', isMet: false })
  expect(formatResults(wrong, judge(wrong))).to.include('0x1 has 2 of 3 by the raw logs, 4 in the index')
})

test('the table shows who was wrong and who did not run', () => {
  const backfill = race(ran(OURS.title, 180_000), ran('plain loop', 16_000, ['holdings of project 7']), {
    contestant: 'Ponder',
    reason: 'no network',
  })
  const text = formatResults({ backfill }, judge({ backfill }))
  expect(text).to.match(/plain loop .* 11\.3 .* WRONG/)
  expect(text).to.match(/Ponder .* did not run/)
  expect(text).to.include('Ponder did not run: no network')
  expect(text).to.include('plain loop is wrong about holdings of project 7')
})
