import { test } from 'node:test'
import { expect } from 'chai'
import { parseAddress, parseBlock, parseCount, parseProjectId, parseSeconds, refuseSecrets } from './arguments.ts'

test('a project id is a whole number that fits 24 bits', () => {
  expect(parseProjectId('1')).to.equal(1)
  expect(parseProjectId('16777215')).to.equal(16_777_215)
  for (const text of ['0', '01', '-1', '1.0', '16777216', '1e3', '', 'x']) expect(() => parseProjectId(text), text).to.throw(/whole number/)
})

test('a time may carry its unit', () => {
  expect([parseSeconds('90'), parseSeconds('90s'), parseSeconds('15m'), parseSeconds('48h'), parseSeconds('30d')]).to.deep.equal([
    90, 90, 900, 172_800, 2_592_000,
  ])
  for (const text of ['', '1w', '-1', '1.5h', 'd']) expect(() => parseSeconds(text), text).to.throw(/seconds/)
})

test('an address in mixed case must have the right checksum', () => {
  const good = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
  expect(parseAddress(good)).to.equal(good)
  expect(parseAddress(good.toLowerCase())).to.equal(good)
  expect(() => parseAddress(good.replace('5aA', '5AA'))).to.throw(/upper and lower case/)
  expect(() => parseAddress('0x12')).to.throw(/40 hex/)
})

test('a count has its bounds', () => {
  expect(parseCount(300)('300')).to.equal(300)
  for (const text of ['0', '301', 'ten']) expect(() => parseCount(300)(text), text).to.throw(/from 1 to 300/)
})

test('a block is a number of any size', () => {
  expect(parseBlock('48211903')).to.equal(48_211_903n)
  expect(() => parseBlock('latest')).to.throw(/whole number/)
})

test('keys and recovery phrases are refused wherever they stand, and what merely has many digits is not', () => {
  const key = 'ab'.repeat(32)
  for (const argv of [
    [key],
    [`0x${key}`],
    ['exit', `--keystore=0x${key}`],
    ['--keystore', 'test test test test test test test test test test test junk'],
  ]) {
    expect(() => refuseSecrets(argv))
      .to.throw(/looks like a private key/)
      .with.property('code', 'SECRET_IN_ARGS')
  }
  refuseSecrets(['exit', '2', '--dao', `0x${'ab'.repeat(20)}`, '--deployment', `files/${'a'.repeat(70)}.json`])
})
