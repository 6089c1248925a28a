import { test } from 'node:test'
import { expect } from 'chai'
import { keccak256, toHex } from 'viem'
import { createBloomBuilder } from './bloom.ts'

test('a filter has the bits that go-ethereum sets', () => {
  const bloom = createBloomBuilder()
  // core/types/bloom9_test.go, TestBloomExtensively: 100 values "xxxxxxxxxx data <i> yyyyyyyyyyyyyy".
  for (let at = 0; at < 100; at++) bloom.add(toHex(`xxxxxxxxxx data ${at} yyyyyyyyyyyyyy`))
  expect(keccak256(bloom.take() as `0x${string}`)).to.equal('0xc8d3ca65cdb4874300a9e39475508f23ed6da09fdbc487f89a2dcf50b09eb263')
})

test('a filter begins empty for every block', () => {
  const bloom = createBloomBuilder()
  bloom.add('0x7465737474657374')
  const first = bloom.take()
  expect(bloom.take()).to.equal(`0x${'0'.repeat(512)}`)
  bloom.add('0x7465737474657374')
  expect(bloom.take()).to.equal(first)
})
