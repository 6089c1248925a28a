import { test } from 'node:test'
import { expect } from 'chai'
import { backoffMs } from './backoff.ts'

test('the wait doubles, is spread and never exceeds half a minute', () => {
  expect(backoffMs(0, () => 0)).to.equal(250)
  expect(backoffMs(0, () => 1)).to.equal(500)
  expect(backoffMs(3, () => 1)).to.equal(4_000)
  expect(backoffMs(50, () => 1)).to.equal(30_000)
})
