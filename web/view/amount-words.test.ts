import { test } from 'node:test'
import { expect } from 'chai'
import { amountProblem } from './amount-words.ts'

const say = (problem: Parameters<typeof amountProblem>[0]) => amountProblem(problem, 'USD', 'en-US')

test('a wrong amount names one that would do', () => {
  expect(say({ ok: false, problem: 'not_whole_units', lower: 2500n, upper: 5000n })).to.equal(
    'That doesn’t buy whole units. $25.00 or $50.00 would.',
  )
  expect(say({ ok: false, problem: 'not_whole_units', lower: null, upper: 2500n })).to.equal('That doesn’t buy whole units. $25.00 would.')
  expect(say({ ok: false, problem: 'below_minimum', lower: null, upper: 2500n })).to.equal('The smallest order here is $25.00.')
  expect(say({ ok: false, problem: 'above_remaining', lower: 2500n, upper: null })).to.equal('At most $25.00 is left.')
})

test('nothing typed is no problem yet', () => {
  expect(say({ ok: false, problem: 'empty', lower: null, upper: null })).to.equal(null)
})
