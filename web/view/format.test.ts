import { test } from 'node:test'
import { expect } from 'chai'
import {
  coordinates,
  countryName,
  day,
  energy,
  fileSize,
  lastSecondBefore,
  moment,
  money,
  moneyShort,
  percent,
  power,
  shortHex,
  tokens,
  whole,
} from './format.ts'

test('money keeps its cents and is exact far beyond what a number holds', () => {
  expect(money('123450', 'USD', 'en-US')).to.equal('$1,234.50')
  expect(money(9007199254740993_07n, 'USD', 'en-US')).to.equal('$9,007,199,254,740,993.07')
  expect(money('123450', 'USD', 'de-DE')).to.equal('1.234,50\u00a0$')
})

test('a sum on a card is compact only when it is large', () => {
  expect(moneyShort('250000', 'USD', 'en-US')).to.equal('$2,500')
  expect(moneyShort('123400000', 'USD', 'en-US')).to.equal('$1.23M')
})

test('what can be claimed is rounded down, dust is named and nothing is nothing', () => {
  expect(tokens('12349999', 6, 'USDC', 'en-US')).to.equal('12.34 USDC')
  expect(tokens('9999', 6, 'USDC', 'en-US')).to.equal('<0.01 USDC')
  expect(tokens('0', 6, 'USDC', 'en-US')).to.equal('0.00 USDC')
})

test('units, shares, power, energy and files read as people write them', () => {
  expect(whole('1234567', 'en-US')).to.equal('1,234,567')
  expect(percent(825, 'en-US')).to.equal('8.25%')
  expect(power('850', 'en-US')).to.equal('850 kW')
  expect(power('12500', 'en-US')).to.equal('12.5 MW')
  expect(power('1200000', 'en-US')).to.equal('1.2 GW')
  expect(energy('8200', 'en-US')).to.equal('8,200 MWh')
  expect(energy('21000', 'en-US')).to.equal('21 GWh')
  expect(fileSize('1400000', 'en-US')).to.equal('1.4 MB')
})

test('a moment is told in the zone of the reader, and names it', () => {
  expect(moment('2026-11-20T13:03:00.000Z', 'en-GB', 'UTC')).to.equal('20 Nov 2026, 13:03 UTC')
  expect(moment('2026-11-20T13:03:00.000Z', 'en-GB', 'Europe/Berlin')).to.match(/14:03/)
  expect(day('2026-11-20T23:30:00.000Z', 'en-GB', 'UTC')).to.equal('20 Nov 2026')
})

test('an address shows its first and last characters', () => {
  expect(shortHex('0x1234567890abcdef1234567890abcdef12345678')).to.equal('0x1234…5678')
  expect(shortHex('0x12')).to.equal('0x12')
})

test('a place has its hemisphere and a country its name', () => {
  expect(coordinates(38.567, -7.9)).to.equal('38° 34′ N, 7° 54′ W')
  expect(coordinates(-0.9999, 36.8)).to.equal('1° 00′ S, 36° 48′ E')
  expect(countryName('KE', 'en')).to.equal('Kenya')
  expect(countryName('??', 'en')).to.equal('??')
})

test('the last second before a moment is told with its seconds, in the reader’s time', () => {
  expect(lastSecondBefore('2026-12-03T00:00:00.000Z', 'en-GB', 'UTC')).to.equal('2 Dec 2026, 23:59:59 UTC')
  expect(lastSecondBefore('2026-12-03T00:00:00.000Z', 'en-GB', 'Europe/Berlin')).to.equal('3 Dec 2026, 00:59:59 CET')
})
