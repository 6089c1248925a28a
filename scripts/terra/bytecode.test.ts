import { test } from 'node:test'
import { expect } from 'chai'
import { type Hex, hexToBytes } from 'viem'
import { hasSameCode } from './bytecode.ts'

// code, 2 bytes of an immutable, code, 3 bytes of metadata, its length
const artifact = {
  deployedBytecode: '0x6001000060ffaabbcc0003' as Hex,
  deployedLinkReferences: {},
  immutableReferences: { 7: [{ start: 2, length: 2 }] },
}

test('what the constructor set and what the compiler noted make no difference', () => {
  expect(hasSameCode(hexToBytes('0x6001beef60ff1122330003'), artifact)).to.equal(true)
})

test('any other byte makes a difference, and so does the length', () => {
  expect(hasSameCode(hexToBytes('0x6001beef60feaabbcc0003'), artifact)).to.equal(false)
  expect(hasSameCode(hexToBytes('0x6001beef60ffaabbcc000300'), artifact)).to.equal(false)
})

test('the address of a linked library makes a difference', () => {
  const address = '0x00112233445566778899aabbccddeeff00112233'
  const linked = {
    deployedBytecode: `0x73__$${'0'.repeat(34)}$__60ffaabbcc0003` as Hex,
    deployedLinkReferences: { 'project/contracts/ledger/Exits.sol': { Exits: [{ start: 1, length: 20 }] } },
    immutableReferences: {},
  }
  const code = (library: string) => hexToBytes(`0x73${library.slice(2)}60ffaabbcc0003`)
  expect(hasSameCode(code(address), linked, { Exits: address })).to.equal(true)
  expect(hasSameCode(code(`0x${'f'.repeat(40)}`), linked, { Exits: address })).to.equal(false)
})

test('a library’s own address at its beginning makes none', () => {
  const library = { deployedBytecode: `0x73${'0'.repeat(40)}3014aabbcc0003` as Hex, deployedLinkReferences: {}, immutableReferences: {} }
  expect(hasSameCode(hexToBytes(`0x73${'ab'.repeat(20)}3014aabbcc0003`), library)).to.equal(true)
})
