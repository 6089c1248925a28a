import { describe, it } from 'node:test'
import { expect } from 'chai'
import { type Hex, keccak256, pad, toHex } from 'viem'
import { bloomIsCoveredBy, bloomKnows, bloomMayContain } from './bloom.ts'

const POSITIVE = ['testtest', 'test', 'hallo', 'other']
const NEGATIVE = ['tes', 'lo']

describe('bloom', () => {
  const filter = filterOf(POSITIVE.map((text) => toHex(text)))

  it('sets the bits that go-ethereum sets', () => {
    // core/types/bloom9_test.go, TestBloomExtensively: 100 values "xxxxxxxxxx data <i> yyyyyyyyyyyyyy".
    const values = Array.from({ length: 100 }, (_, at) => toHex(`xxxxxxxxxx data ${at} yyyyyyyyyyyyyy`))
    expect(keccak256(filterOf(values))).to.equal('0xc8d3ca65cdb4874300a9e39475508f23ed6da09fdbc487f89a2dcf50b09eb263')
  })

  it('finds what was put in and denies what was not', () => {
    for (const text of POSITIVE) expect(bloomMayContain(filter, toHex(text))).to.equal(true)
    for (const text of NEGATIVE) expect(bloomMayContain(filter, toHex(text))).to.equal(false)
  })

  it('is covered by all of its logs, and not when one with bits of its own is missing', () => {
    const logs = [1, 2, 3].map((at) => ({
      address: pad(toHex(at), { size: 20 }),
      topics: [pad(toHex(at + 10)), pad(toHex(at + 20))] as Hex[],
    }))
    const full = filterOf(logs.flatMap((log) => [log.address, ...log.topics]))
    expect(bloomIsCoveredBy(full, logs)).to.equal(true)
    expect(bloomIsCoveredBy(full, logs.slice(1))).to.equal(false)
    expect(bloomIsCoveredBy(full, [])).to.equal(false)
    expect(bloomIsCoveredBy(`0x${'0'.repeat(512)}`, [])).to.equal(true)
  })

  it('knows its logs, and not one with an address or a topic that it denies', () => {
    const log = { address: pad('0x1', { size: 20 }), topics: [pad('0x11')] as Hex[] }
    const full = filterOf([log.address, ...log.topics])
    expect(bloomKnows(full, [log])).to.equal(true)
    expect(bloomKnows(full, [])).to.equal(true)
    expect(bloomKnows(full, [log, { ...log, address: pad('0x2', { size: 20 }) }])).to.equal(false)
    expect(bloomKnows(full, [{ ...log, topics: [pad('0x12')] }])).to.equal(false)
  })
})

/** The smallest filter that contains the values, found by asking the function under test bit by bit. */
function filterOf(values: readonly Hex[]): Hex {
  let bits = (1n << 2048n) - 1n
  for (let at = 0n; at < 2048n; at++) {
    const without = bits & ~(1n << at)
    if (values.every((value) => bloomMayContain(toBloom(without), value))) bits = without
  }
  return toBloom(bits)
}

function toBloom(bits: bigint): Hex {
  return `0x${bits.toString(16).padStart(512, '0')}`
}
