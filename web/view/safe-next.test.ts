import { test } from 'node:test'
import { expect } from 'chai'
import { safeNext } from './safe-next.ts'

test('only a place of this site is followed after signing in', () => {
  expect(safeNext('/projects/3/invest')).to.equal('/projects/3/invest')
  for (const bad of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    7,
    undefined,
    `/${'a'.repeat(400)}`,
  ]) {
    expect(safeNext(bad), String(bad)).to.equal(null)
  }
})
