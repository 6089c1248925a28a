import { describe, it } from 'node:test'
import { expect } from 'chai'
import { createSiweMessage, type SiweMessage } from 'viem/siwe'
import { readSiwe } from './siwe.ts'

const now = new Date('2026-11-20T12:00:00.000Z')
const expected = { publicUrl: new URL('https://terra.example'), chainId: 137, now }
const good: SiweMessage = {
  address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  domain: 'terra.example',
  uri: 'https://terra.example',
  version: '1',
  chainId: 137,
  nonce: '0123456789abcdef',
  statement: 'Sign in to Terra Lumina.',
  issuedAt: now,
  expirationTime: new Date('2026-11-20T12:05:00.000Z'),
}
const write = (change: Partial<SiweMessage> = {}) => createSiweMessage({ ...good, ...change })
const codeOf = (message: string) => {
  try {
    readSiwe(message, expected)
    return 'accepted'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}
const without = (line: string) => write().replace(new RegExp(`\\n${line}: .+`), '')

describe('readSiwe', () => {
  it('reads a complete message', () => {
    expect(readSiwe(write(), expected)).to.deep.equal({ address: good.address.toLowerCase(), nonce: good.nonce })
  })

  it('accepts the site’s own scheme, no statement, times without fractions, a request id and resources', () => {
    expect(codeOf(write({ scheme: 'https' }))).to.equal('accepted')
    const { statement: _statement, ...plain } = good
    expect(codeOf(createSiweMessage(plain))).to.equal('accepted')
    expect(codeOf(write().replaceAll('.000Z', 'Z'))).to.equal('accepted')
    expect(codeOf(write({ requestId: 'r1', resources: ['https://terra.example/terms'] }))).to.equal('accepted')
  })

  for (const line of ['URI', 'Version', 'Chain ID', 'Nonce', 'Issued At', 'Expiration Time']) {
    it(`refuses a message without ${line}, which viem’s own check lets pass or half reads`, () =>
      void expect(codeOf(without(line))).to.equal('SIWE_MALFORMED'))
  }

  for (const [what, message] of [
    ['an empty text', ''],
    ['some other text', 'Please sign this harmless text'],
    ['a text before the message', `Hello\n${write()}`],
    ['a text after the message', `${write()}\nand all my tokens`],
    ['a second line in the statement', write().replace('Terra Lumina.', 'Terra Lumina.\nAnd approve everything')],
    ['version 2', write().replace('Version: 1', 'Version: 2')],
    ['a nonce shorter than eight', write().replace(good.nonce, 'short')],
    ['a nonce with marks in it', write().replace(good.nonce, '01234567-89abcdef')],
    ['an empty nonce', write().replace(good.nonce, '')],
    ['a chain id that is no number', write().replace('Chain ID: 137', 'Chain ID: polygon')],
    ['an address in lower case', write().replace(good.address, good.address.toLowerCase())],
    ['an address with a wrong checksum', write().replace('0xf39F', '0xF39F')],
    ['an expiry that is no date', write().replace('2026-11-20T12:05:00.000Z', 'tomorrow')],
    ['an issue time that is no date', write().replace('Issued At: 2026-11-20T12:00:00.000Z', 'Issued At: 1')],
    ['an empty domain', write().replace('terra.example wants', ' wants')],
    ['fields in another order', write().replace('Version: 1\nChain ID: 137', 'Chain ID: 137\nVersion: 1')],
    ['a field twice', write().replace('Version: 1', 'Version: 1\nVersion: 1')],
    ['line ends of another system', write().replaceAll('\n', '\r\n')],
    ['spaces at a line’s end', write().replace('Chain ID: 137', 'Chain ID: 137 ')],
  ] as const) {
    it(`refuses ${what} as malformed`, () => void expect(codeOf(message)).to.equal('SIWE_MALFORMED'))
  }

  for (const domain of [
    'evil.example',
    'terra.example.evil.example',
    'xn--trra-zja.example',
    'terra.example:8443',
    'localhost',
    '127.0.0.1',
  ]) {
    it(`refuses the domain ${domain}`, () => void expect(codeOf(write({ domain }))).to.equal('SIWE_DOMAIN'))
  }
  it('refuses the domain with a trailing dot', () =>
    void expect(codeOf(write().replace('terra.example wants', 'terra.example. wants'))).not.to.equal('accepted'))
  it('refuses another scheme', () => void expect(codeOf(write({ scheme: 'http' }))).to.equal('SIWE_DOMAIN'))

  for (const uri of [
    'https://evil.example',
    'http://terra.example',
    'https://terra.example:8443',
    'https://terra.example@evil.example',
    'javascript:alert(1)',
  ]) {
    it(`refuses the URI ${uri}`, () =>
      void expect(codeOf(write().replace('URI: https://terra.example', `URI: ${uri}`))).to.be.oneOf(['SIWE_URI', 'SIWE_MALFORMED']))
  }

  for (const chainId of [1, 80002, 31337])
    it(`refuses chain ${chainId}`, () => void expect(codeOf(write({ chainId }))).to.equal('SIWE_CHAIN'))

  for (const [what, change, code] of [
    ['issued five minutes ago', { issuedAt: new Date(now.getTime() - 300_000) }, 'accepted'],
    ['issued longer ago', { issuedAt: new Date(now.getTime() - 300_001) }, 'SIWE_TIME'],
    ['issued a minute ahead', { issuedAt: new Date(now.getTime() + 60_000) }, 'accepted'],
    ['issued further ahead', { issuedAt: new Date(now.getTime() + 60_001) }, 'SIWE_TIME'],
    ['expiring this moment', { expirationTime: now }, 'SIWE_TIME'],
    ['not valid yet', { notBefore: new Date(now.getTime() + 1) }, 'SIWE_TIME'],
  ] as const) {
    it(`answers ${code} for a message ${what}`, () => void expect(codeOf(write(change))).to.equal(code))
  }
})
