import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import solc from 'solc'
import { type Address, createWalletClient, type Hex, hexToBytes, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { type Artifact, linkBytecode } from '../../common/node/artifacts.ts'
import { deployContracts } from '../../common/node/deploy-contracts.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import { startTestChain, TEST_KEYS, type TestChain } from '../../common/node/testing.ts'
import { hasSameCode } from './bytecode.ts'
import { type Verification, writeVerification } from './verification.ts'

/** One of each kind: a library, a contract that is linked, one whose arguments became immutables. All of them would take a minute. */
const RECOMPILED = ['Relinks', 'TerraLuminaOwnership', 'TerraLuminaVault']
const folder = mkdtempSync(join(tmpdir(), 'terra-verification-'))
let chain: TestChain
let deployment: Deployment
let written: Record<string, Verification>

before(async () => {
  chain = await startTestChain()
  const [operator, minter, attestor, paymentAttestor] = TEST_KEYS.map((key) => privateKeyToAccount(key))
  deployment = await deployContracts(createWalletClient({ account: operator!, transport: http(chain.url) }), {
    minter: minter!.address,
    attestor: attestor!.address,
    paymentAttestor: paymentAttestor!.address,
    minNoticeSeconds: 60,
  })
  written = await writeVerification(deployment, folder)
})
after(async () => {
  await chain.stop()
  rmSync(folder, { recursive: true })
})

test('there is one file for each contract and library, and the compiler’s input', () => {
  const names = [...Object.keys(deployment.libraries), ...NAMES].map((name) => `${name}.json`)
  const inputs = [...new Set(Object.values(written).map(({ input }) => input))]
  expect(readdirSync(folder)).to.have.members([...names, ...inputs])
  expect(JSON.parse(readFileSync(join(folder, 'TerraLuminaVault.json'), 'utf8'))).to.deep.equal(written['TerraLuminaVault.json'])
  for (const { compilerVersion } of Object.values(written)) expect(compilerVersion).to.match(/^v0\.8\.37\+commit\.[0-9a-f]{8}$/)
})

test('compiled again from the files alone, the sources give what the chain has', async () => {
  const chosen = RECOMPILED.map((name) => written[`${name}.json`]!)
  // Each with its own input: contracts that were compiled at different times have different ones, and code depends on what is beside it.
  const outputs = new Map([...Map.groupBy(chosen, ({ input }) => input)].map(([input, group]) => [input, compile(group)]))
  for (const verification of chosen) {
    const output = outputs.get(verification.input)!
    const [file, name] = verification.contract.split(':') as [string, string]
    const { evm } = output.contracts[file][name]
    const libraries = Object.assign({}, ...Object.values(verification.libraries)) as Record<string, Address>
    const code = await chain.client.getCode({ address: verification.address })
    const compiled = {
      deployedBytecode: `0x${evm.deployedBytecode.object}` as Hex,
      deployedLinkReferences: evm.deployedBytecode.linkReferences,
      immutableReferences: evm.deployedBytecode.immutableReferences,
    } satisfies Pick<Artifact, 'deployedBytecode' | 'deployedLinkReferences' | 'immutableReferences'>
    expect(hasSameCode(hexToBytes(code!), compiled, libraries), name).to.equal(true)
    // The metadata's hash too, so that an explorer calls it an exact match.
    expect(code!.slice(-106)).to.equal(evm.deployedBytecode.object.slice(-106))
    if (name !== 'TerraLuminaVault') continue
    // Created again with the same arguments, to the last byte: the immutables are what they were.
    const initCode = linkBytecode(`0x${evm.bytecode.object}`, evm.bytecode.linkReferences, libraries)
    const again = await chain.client.call({ data: `${initCode}${verification.constructorArguments}` as Hex })
    expect(again.data).to.equal(code)
  }
})

test('another source gives another code', async () => {
  const relinks = written['Relinks.json']!
  const [file] = relinks.contract.split(':') as [string]
  const output = compile([relinks], (source) => source.replace('revert ITerraLuminaOwnership.AccountRetired(from)', 'return'))
  const { evm } = output.contracts[file].Relinks
  const code = await chain.client.getCode({ address: relinks.address })
  const compiled = { deployedBytecode: `0x${evm.deployedBytecode.object}` as Hex, deployedLinkReferences: {}, immutableReferences: {} }
  expect(hasSameCode(hexToBytes(code!), compiled)).to.equal(false)
})

const NAMES = [
  'TimelockController',
  'AccessManager',
  'TerraLuminaForwarder',
  'TerraLuminaOwnership',
  'TerraLuminaVault',
  'TerraLuminaRegistrar',
  'TerraLuminaSale',
  'TerraLuminaDocuments',
  'CommunityDao',
]

/** Runs the compiler of the package on what the files hold; only the chosen contracts are made into code. */
function compile(chosen: Verification[], change: (source: string) => string = (source) => source) {
  const input = JSON.parse(readFileSync(join(folder, chosen[0]!.input), 'utf8'))
  for (const { contract } of chosen) {
    const file = contract.split(':')[0]!
    input.sources[file].content = change(input.sources[file].content)
  }
  input.settings.outputSelection = Object.fromEntries(
    chosen.map(({ contract }) => {
      const [file, name] = contract.split(':') as [string, string]
      return [file, { [name]: ['evm.bytecode', 'evm.deployedBytecode'] }]
    }),
  )
  return JSON.parse(solc.compile(JSON.stringify(input)))
}
