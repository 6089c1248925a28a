import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import hre, { network } from 'hardhat'
import { concat, encodeAbiParameters, getContractAddress, type Hex, isAddress, keccak256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { OPERATOR_ROLES, PARTIES } from '../../common/node/access.ts'
import { readArtifact } from '../../common/node/artifacts.ts'
import { encodeConstructor } from '../../common/node/deploy-contracts.ts'
import { readDeployment } from '../../common/node/deployment.ts'
import { PARTS, RECIPES } from '../../common/node/system.ts'
import { startTestChain, TEST_KEYS, type TestChain } from '../../common/node/testing.ts'
import system from './modules/terra-lumina.ts'

/** CreateX, at this address on every chain that has it. */
const CREATE_X = '0xba5Ed099633D3B313e4D5F7bdc1305d3c28ba5Ed'
const DAY = 86_400
const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'terra-ignition-'))
const accounts = TEST_KEYS.map((key) => privateKeyToAccount(key).address)
const deployer = accounts[0]!
let chains: TestChain[]
let deployed: Record<string, string>[]
let parameters: string

before(async () => {
  chains = await Promise.all([startTestChain(), startTestChain()])
  parameters = join(folder, 'parameters.json')
  // One after the other: Ignition's folders are named after the chain's id, which both share.
  deployed = [await deploy(chains[0]!, 'first'), await deploy(chains[1]!, 'second')]
})
after(async () => {
  await Promise.all(chains.map((chain) => chain.stop()))
  for (const id of ['first', 'second']) rmSync(ignitionFolder(id), { recursive: true, force: true })
  rmSync(folder, { recursive: true })
})

const ignitionFolder = (id: string) => join(root, 'scripts', 'ignition', 'deployments', `chain-31337-${id}-${process.pid}`)

/** Deploys as the command does, with nobody but the deployer paying; the addresses by part. */
async function deploy(chain: TestChain, id: string): Promise<Record<string, string>> {
  const { ignition, ethers } = await network.create({ network: 'localhost', override: { url: chain.url } })
  const signers = await ethers.getSigners()
  // The second chain's history is another: addresses must not follow from it.
  if (id === 'second') await (await signers[0]!.sendTransaction({ to: accounts[1]!, value: 1n })).wait()
  const token = await (await ethers.getContractFactory('TestUsdc', signers[9])).deploy()
  const given = {
    ...Object.fromEntries(PARTIES.map((party, index) => [party, somebody(index)])),
    daoProposers: [somebody(0)],
    payoutToken: await token.getAddress(),
  }
  writeFileSync(parameters, JSON.stringify({ TerraLumina: given }))
  const deploymentId = ignitionFolder(id).split('/').at(-1)!
  const contracts = await ignition.deploy(system, { strategy: 'create2', parameters: { TerraLumina: given }, deploymentId })
  return Object.fromEntries(Object.entries(contracts).map(([part, contract]) => [part, String((contract as { target: unknown }).target)]))
}

/** Somebody without a key here. */
function somebody(index: number): Hex {
  return `0x${(index + 1).toString(16).padStart(40, 'b')}`
}

async function terra(chain: TestChain, ...args: string[]) {
  const child = spawn(process.execPath, [join(root, 'scripts', 'terra.ts'), ...args, '--rpc', chain.url], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (part) => {
    out += part
  })
  child.stderr.on('data', (part) => {
    err += part
  })
  return { code: await new Promise((resolve) => child.on('close', resolve)), out, err }
}

test('two chains get the same system at the same addresses', () => {
  const [first, second] = deployed as [Record<string, string>, Record<string, string>]
  expect(Object.keys(first)).to.have.members([...PARTS])
  expect(second).to.deep.equal(first)
})

test('the addresses follow from the salt, the code and the arguments alone', async () => {
  const { salt } = (hre.config.ignition.strategyConfig as { create2: { salt: Hex } }).create2
  // CreateX hashes a salt that is nobody's own.
  const guarded = keccak256(encodeAbiParameters([{ type: 'bytes32' }], [salt]))
  const predict = async (part: 'accessManager' | 'registrar' | 'vault') => {
    const { source, args } = RECIPES[part]
    const { abi, bytecode } = await readArtifact(source)
    const values = { deployer, minClawbackSeconds: 3 * 365 * DAY } as never
    const initCode = concat([bytecode, encodeConstructor(abi, args(deployed[0]!, values, {}))])
    return getContractAddress({ opcode: 'CREATE2', from: CREATE_X, salt: guarded, bytecode: initCode })
  }
  for (const part of ['accessManager', 'registrar', 'vault'] as const) expect(await predict(part), part).to.equal(deployed[0]![part])
})

test('what Ignition deployed is adopted once its roles are proven: the deployer keeps nothing', async () => {
  const file = join(folder, 'deployment.json')
  const args = ['adopt', ignitionFolder('first'), '--parameters', parameters, '--deployment', file]
  const planned = await terra(chains[0]!, ...args, '--dry-run', '--json')
  expect(JSON.parse(planned.out), planned.err).to.include({ ok: true, status: 'planned' })
  const adopted = await terra(chains[0]!, ...args)
  expect([adopted.code, /nobody else has anything/.test(adopted.out)], adopted.out + adopted.err).to.deep.equal([0, true])
  expect(adopted.out).not.to.include(deployer)
  const deployment = await readDeployment(file)
  expect(deployment).to.include({ chainId: 31_337, payoutTokenSymbol: 'tUSDC', adminDelaySeconds: 7 * DAY })
  for (const part of PARTS) expect(deployment[part]).to.equal(deployed[0]![part]!.toLowerCase())
  const again = await terra(chains[0]!, ...args)
  expect([again.code, again.err.includes('error STATE')]).to.deep.equal([1, true])
  const proven = await terra(chains[0]!, 'roles', '--deployment', file, '--json')
  const powers = JSON.parse(proven.out).powers as { role: string; delaySeconds: number }[]
  for (const { label, delaySeconds } of Object.values(OPERATOR_ROLES))
    expect(powers.find(({ role }) => role === `manager ${label}`)).to.include({ delaySeconds })
})

test('a public network is pinned to its chain, and what was deployed on one chain is not adopted on another', async () => {
  const { polygon, amoy } = hre.config.networks
  expect([polygon?.chainId, amoy?.chainId]).to.deep.equal([137, 80_002])
  const elsewhere = join(folder, 'chain-137')
  cpSync(ignitionFolder('first'), elsewhere, { recursive: true })
  const journal = readFileSync(join(elsewhere, 'journal.jsonl'), 'utf8')
  writeFileSync(join(elsewhere, 'journal.jsonl'), journal.replace('"chainId":31337', '"chainId":137'))
  const file = join(folder, 'elsewhere.json')
  const refused = await terra(chains[0]!, 'adopt', elsewhere, '--parameters', parameters, '--deployment', file)
  expect([refused.code, refused.err.includes('error WRONG_CHAIN: Ignition deployed on chain 137')], refused.err).to.deep.equal([1, true])
})

test('the example parameters name everybody once, and money that exists', () => {
  for (const name of ['parameters.example.json', 'parameters.amoy.example.json']) {
    const { payoutToken, daoProposers, ...parties } = JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8')).TerraLumina
    expect(parties).to.have.all.keys(PARTIES)
    expect(new Set(Object.values(parties)).size, name).to.equal(PARTIES.length)
    expect([isAddress(payoutToken), daoProposers]).to.deep.equal([true, [parties.administrator]])
  }
})

test('other parameters than Ignition was given are found out, and nothing is written', async () => {
  const [file, other] = [join(folder, 'other.json'), join(folder, 'other-parameters.json')]
  const given = JSON.parse(readFileSync(parameters, 'utf8'))
  given.TerraLumina.relinker = accounts[5]
  writeFileSync(other, JSON.stringify(given))
  const refused = await terra(chains[0]!, 'adopt', ignitionFolder('first'), '--parameters', other, '--deployment', file)
  expect([refused.code, /RELINKER: relinker +member/.test(refused.out)], refused.out).to.deep.equal([1, true])
  delete given.TerraLumina.relinker
  writeFileSync(other, JSON.stringify(given))
  const missing = await terra(chains[0]!, 'adopt', ignitionFolder('first'), '--parameters', other, '--deployment', file)
  expect([missing.code, missing.err.includes('no address for relinker')]).to.deep.equal([1, true])
  const nowhere = await terra(chains[0]!, 'adopt', join(folder, 'none'), '--parameters', parameters, '--deployment', file)
  expect([nowhere.code, nowhere.err.includes('error FILE_MISSING')]).to.deep.equal([1, true])
  expect(() => readFileSync(file)).to.throw('ENOENT')
})
