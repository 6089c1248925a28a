import { test } from 'node:test'
import { expect } from 'chai'
import { sha256Hex } from './file-hash.ts'

test('the hash is the one everybody else computes', async () => {
  // FIPS 180-2, appendix B.1
  expect(await sha256Hex(new TextEncoder().encode('abc').buffer as ArrayBuffer)).to.equal(
    '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})
