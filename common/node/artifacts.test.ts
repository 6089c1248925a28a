import { test } from 'node:test'
import { expect } from 'chai'
import { ARTIFACTS, contractIn, librariesOf, linkBytecode, readArtifact } from './artifacts.ts'

const A = '0x00112233445566778899aAbBcCdDeEfF00112233'
const B = '0x1111111111111111111111111111111111111111'
const hole = (name: string) => `__$${name.padEnd(34, '0')}$__`
const references = {
  'project/contracts/ledger/Exits.sol': {
    Exits: [
      { start: 2, length: 20 },
      { start: 23, length: 20 },
    ],
  },
  'project/contracts/ledger/Relinks.sol': { Relinks: [{ start: 43, length: 20 }] },
}
const code = `0x6001${hole('a')}60${hole('a')}${hole('b')}ff` as const

test('every place of a library is filled with its address, and nothing else is touched', () => {
  const [a, b] = [A.slice(2).toLowerCase(), B.slice(2)]
  expect(linkBytecode(code, references, { Exits: A, Relinks: B })).to.equal(`0x6001${a}60${a}${b}ff`)
})

test('a library without an address is named', () => {
  expect(() => linkBytecode(code, references, { Exits: A })).to.throw('The address of the library Relinks is missing')
})

test('code without libraries stays as it is', () => {
  expect(linkBytecode('0x6001', {}, {})).to.equal('0x6001')
})

test('the libraries of a contract are named by their sources', async () => {
  expect(librariesOf({ linkReferences: references })).to.deep.equal(['contracts/ledger/Exits.sol', 'contracts/ledger/Relinks.sol'])
  const ledger = await readArtifact('contracts/TerraLuminaOwnership.sol')
  for (const source of librariesOf(ledger)) expect((await readArtifact(source)).contractName).to.equal(contractIn(source))
})

test('what was not compiled is named with the way out', async () => {
  const error = await readArtifact('contracts/Nothing.sol', ARTIFACTS).catch((problem: Error) => problem)
  expect(error)
    .to.be.instanceOf(Error)
    .with.property('message')
    .that.matches(/No compiled Nothing at .*; run `hardhat build` first/)
})
