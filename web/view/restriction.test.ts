import { test } from 'node:test'
import { expect } from 'chai'
import { restrictionSentence } from './restriction.ts'

test('every reason code of the ledger has a sentence and 0 has none', () => {
  expect(restrictionSentence(0)).to.equal(null)
  const sentences = Array.from({ length: 12 }, (_, index) => restrictionSentence(index + 1))
  expect(new Set(sentences).size).to.equal(12)
  expect(restrictionSentence(7)).to.match(/lock-up/)
})

test('a code that a later ledger may add is still told apart', () => {
  expect(restrictionSentence(42)).to.match(/reason 42/)
})
