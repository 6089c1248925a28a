import { test } from 'node:test'
import { expect } from 'chai'
import { COUNTRIES, countryOf } from '../countries.ts'

test('every ISO 3166-1 country is there once, under each of its three codes', () => {
  expect(COUNTRIES).to.have.length(249)
  for (const key of ['alpha2', 'alpha3', 'numeric'] as const) expect(new Set(COUNTRIES.map((country) => country[key])).size).to.equal(249)
  for (const { alpha2, alpha3, numeric } of COUNTRIES) {
    expect(alpha2).to.match(/^[A-Z]{2}$/)
    expect(alpha3).to.match(/^[A-Z]{3}$/)
    expect(numeric).to.be.within(4, 894)
  }
})

test('a country is found by its alpha-2 code, and nothing else is a country', () => {
  expect(countryOf('DE')).to.deep.equal({ alpha2: 'DE', alpha3: 'DEU', numeric: 276 })
  expect(countryOf('XX')).to.equal(null)
  expect(countryOf('de')).to.equal(null)
})
