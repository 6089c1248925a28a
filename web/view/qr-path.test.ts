import { test } from 'node:test'
import { expect } from 'chai'
import { inGroups, qrPath } from './qr-path.ts'

test('each run of dark modules is one rectangle, also at the end of a row', () => {
  expect(
    qrPath([
      [true, true, false, true],
      [false, false, false, false],
      [false, true, true, true],
    ]),
  ).to.equal('M0 0h2v1H0zM3 0h1v1H3zM1 2h3v1H1z')
})

test('a key is shown in fours', () => {
  expect(inGroups('ABCDEFGHIJ')).to.equal('ABCD EFGH IJ')
  expect(inGroups('ABCD')).to.equal('ABCD')
})
