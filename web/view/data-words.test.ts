import { test } from 'node:test'
import { expect } from 'chai'
import type { Consent } from '../../common/wire-privacy.ts'
import { consentWords, isAgreed, isErasePhrase } from './data-words.ts'

const consent = (change: Partial<Consent> = {}): Consent => ({
  kind: 'privacy',
  version: 2,
  title: 'T',
  body: 'B',
  isGiven: true,
  chosenVersion: 2,
  chosenAt: '2026-05-01T10:00:00Z',
  ...change,
})

test('the phrase is taken in any case and with spaces around it, and nothing less', () => {
  for (const typed of ['erase my account', ' Erase my account ', 'ERASE MY ACCOUNT']) expect(isErasePhrase(typed), typed).to.equal(true)
  for (const typed of ['', 'erase', 'erase my accoun', 'erase my account!']) expect(isErasePhrase(typed), typed).to.equal(false)
})

test('a choice counts for the version it was made about', () => {
  expect([isAgreed(consent()), isAgreed(consent({ chosenVersion: 1 })), isAgreed(consent({ isGiven: false }))]).to.deep.equal([
    true,
    false,
    false,
  ])
  expect(consentWords(consent())).to.match(/^You agreed on .*2026/)
  expect(consentWords(consent({ chosenVersion: 1 }))).to.match(/version 1 .* has changed since\.$/)
  expect(consentWords(consent({ isGiven: false }))).to.match(/^You withdrew it/)
  expect(consentWords(consent({ isGiven: null, chosenVersion: null, chosenAt: null }))).to.equal('You haven’t chosen yet.')
})
