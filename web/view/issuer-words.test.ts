import { test } from 'node:test'
import { expect } from 'chai'
import { feeWords, settingsProblems, settingsSent } from './issuer-words.ts'

test('a fee in hundredths of a percent is read as percent', () => {
  expect([0, 5, 250, 300, 1_050, 10_000].map(feeWords)).to.deep.equal(['0 %', '0.05 %', '2.5 %', '3 %', '10.5 %', '100 %'])
})

test('empty settings say nothing, and what is wrong is said by field', () => {
  const empty = { tagline: ' ', accent: '', supportEmail: '' }
  expect(settingsProblems(empty)).to.deep.equal({})
  expect(settingsSent(empty)).to.deep.equal({ tagline: null, accent: null, supportEmail: null })
  const good = { tagline: ' Wind ', accent: '#0A7F5A', supportEmail: 'help@wind.example' }
  expect(settingsProblems(good)).to.deep.equal({})
  expect(settingsSent(good)).to.deep.equal({ tagline: 'Wind', accent: '#0a7f5a', supportEmail: 'help@wind.example' })
  const bad = { tagline: 'x'.repeat(161), accent: 'green', supportEmail: 'nobody' }
  expect(Object.keys(settingsProblems(bad))).to.deep.equal(['tagline', 'accent', 'supportEmail'])
})
