import { test } from 'node:test'
import { expect } from 'chai'
import { formatTable } from './table.ts'

test('numbers are set flush right, words flush left', () => {
  expect(
    formatTable(
      ['Holder', 'Units'],
      [
        ['a', '5'],
        ['bb', '120'],
      ],
    ),
  ).to.equal('Holder  Units\n------  -----\na           5\nbb        120')
})

test('a long table says how much it leaves out', () => {
  expect(formatTable(['n'], [['1'], ['2'], ['3']], 2)).to.match(/… and 1 more$/)
})
