import { test } from 'node:test'
import { expect } from 'chai'
import { sophisticationSentence, testSentence } from './ecsp-words.ts'

const TAKEN = { rightCount: 3, takenAt: '2026-11-01T00:00:00Z', warnedAt: null, validUntil: '2028-11-01T00:00:00Z' }

test('a test that is not passed or declined keeps nobody away, and says what is left to do', () => {
  expect(testSentence(null, 5)).to.match(/You may fail it, and you may decline it/)
  expect(testSentence({ ...TAKEN, result: 'passed' }, 5)).to.equal('Passed: 3 of 5 right.')
  expect(testSentence({ ...TAKEN, result: 'not_passed' }, 5)).to.equal(
    'Not passed: 3 of 5 right. Confirm the warning, and you may invest all the same.',
  )
  expect(testSentence({ ...TAKEN, result: 'declined', warnedAt: TAKEN.takenAt }, 5)).to.equal('You declined it. You confirmed the warning.')
})

test('a request to be treated as sophisticated is told at each of its stages', () => {
  const request = { criteria: [], requestedAt: TAKEN.takenAt, validUntil: null }
  const said = (['requested', 'approved', 'refused', 'expired'] as const).map((state) => sophisticationSentence({ ...request, state }))
  expect(new Set([...said, sophisticationSentence(null)])).to.have.property('size', 5)
})
