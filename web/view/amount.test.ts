import { test } from 'node:test'
import { expect } from 'chai'
import { readAmount, smallestOrder, suggestedAmounts } from './amount.ts'

const project = { unitPriceCents: '2500', minInvestmentCents: '1000', unitsRemaining: '40' }

test('an amount buys whole units and forgives the way people write money', () => {
  expect(readAmount('$ 1,000.00', project)).to.deep.equal({ ok: true, cents: 100_000n, units: 40n })
  expect(readAmount('€1,000', project)).to.deep.equal({ ok: true, cents: 100_000n, units: 40n })
})

test('an amount between two units names both neighbours', () => {
  expect(readAmount('110', project)).to.deep.equal({ ok: false, problem: 'not_whole_units', lower: 10_000n, upper: 12_500n })
  expect(readAmount('11', project)).to.deep.equal({ ok: false, problem: 'not_whole_units', lower: null, upper: 2_500n })
})

test('too little names the smallest order and too much names what is left', () => {
  expect(readAmount('9.99', project)).to.deep.equal({ ok: false, problem: 'below_minimum', lower: null, upper: 2_500n })
  expect(readAmount('1025', project)).to.deep.equal({ ok: false, problem: 'above_remaining', lower: 100_000n, upper: null })
})

test('nothing and nonsense are told apart', () => {
  expect(readAmount(' ', project)).to.include({ problem: 'empty' })
  expect(readAmount('a lot', project)).to.include({ problem: 'not_a_number' })
  expect(readAmount('1e3', project)).to.include({ problem: 'not_a_number' })
  expect(readAmount('10.001', project)).to.include({ problem: 'not_a_number' })
})

test('suggestions are whole units, never below the minimum and never more than what is left', () => {
  expect(smallestOrder({ unitPriceCents: '300', minInvestmentCents: '1000' })).to.equal(1_200n)
  expect(suggestedAmounts(project)).to.deep.equal([2_500n, 10_000n, 50_000n, 100_000n])
  expect(suggestedAmounts({ ...project, unitsRemaining: '3' })).to.deep.equal([2_500n])
})
