import { test } from 'node:test'
import { expect } from 'chai'
import { type Hex, hexToBytes } from 'viem'
import { hasSameCode } from './bytecode.ts'

// code, 2 bytes of an immutable, code, 3 bytes of metadata, its length
const artifact = { deployedBytecode: '0x6001000060ffaabbcc0003' as Hex, immutableReferences: { 7: [{ start: 2, length: 2 }] } }

test('what the constructor set and what the compiler noted make no difference', () => {
  expect(hasSameCode(hexToBytes('0x6001beef60ff1122330003'), artifact)).to.equal(true)
})

test('any other byte makes a difference, and so does the length', () => {
  expect(hasSameCode(hexToBytes('0x6001beef60feaabbcc0003'), artifact)).to.equal(false)
  expect(hasSameCode(hexToBytes('0x6001beef60ffaabbcc000300'), artifact)).to.equal(false)
})
