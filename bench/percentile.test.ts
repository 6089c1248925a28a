import { test } from 'node:test'
import { expect } from 'chai'
import { percentile } from './percentile.ts'

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 20 }, (_, index) => 20 - index)
  expect([percentile(values, 0.5), percentile(values, 0.95), percentile(values, 1), percentile([7], 0.95)]).to.deep.equal([10, 19, 20, 7])
  expect(percentile([], 0.5)).to.be.NaN
})
