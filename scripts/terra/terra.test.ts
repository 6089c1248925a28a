import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { PARTIES } from '../../common/node/access.ts'
import { writeKeystore } from '../../common/node/keystore.ts'
import { PARTS } from '../../common/node/system.ts'
import { startTestChain, TEST_KEYS, type TestChain } from '../../common/node/testing.ts'

const terra = join(import.meta.dirname, '..', 'terra.ts')
const ADDRESS = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const folder = mkdtempSync(join(tmpdir(), 'terra-cli-'))
let chain: TestChain

before(async () => {
  chain = await startTestChain()
})
after(async () => {
  await chain.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs the command line as a program of its own, with nobody at a terminal. */
async function run(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [terra, ...args], { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', (part) => (out += part))
  child.stderr.on('data', (part) => (err += part))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out, err }
}

const addressOf = (n: number) => `0x${n.toString(16).padStart(40, '0')}`

/** A whole deployment file whose contracts are nowhere. */
function deploymentFile(name: string, chainId: number): string {
  const path = join(folder, name)
  const addresses = Object.fromEntries([...PARTS, 'communityDao'].map((field) => [field, ADDRESS]))
  writeFileSync(
    path,
    JSON.stringify({
      chainId,
      chainName: 'test',
      startBlock: 0,
      explorerUrl: null,
      payoutTokenSymbol: 'USDC',
      payoutTokenDecimals: 6,
      libraries: {},
      constructorArguments: {},
      adminDelaySeconds: 0,
      parties: Object.fromEntries(PARTIES.map((party) => [party, ADDRESS])),
      ...addresses,
    }),
  )
  return path
}

test('a mistyped command or option is answered with what was probably meant, and exit code 2', async () => {
  const command = await run(['exti', '2'])
  expect(command.code).to.equal(2)
  expect(command.err).to.match(/^error USAGE: Unknown command 'exti' \(Did you mean exit\?\)\. Try: npm run terra -- --help$/m)
  const option = await run(['exit', '2', '--jsn'])
  expect(option.code).to.equal(2)
  expect(option.err).to.include('(Did you mean --json?)').and.include('npm run terra -- exit --help')
})

test('every command shows examples and has --json, --dry-run and --yes', async () => {
  const names = [
    ['deploy'],
    ['project', 'create'],
    ['investor', 'register'],
    ['mint'],
    ['distribute'],
    ['exit'],
    ['verify'],
    ['reindex'],
    ['export'],
    ['roles'],
    ['verification'],
    ['seed'],
    ['status'],
  ]
  const pages = await Promise.all(names.map((name) => run([...name, '--help'])))
  for (const [index, { code, out }] of pages.entries()) {
    expect(code, names[index]!.join(' ')).to.equal(0)
    for (const part of ['Examples:', '--json', '--dry-run', '--yes', '--rpc', '--deployment', '--database', '--keystore'])
      expect(out).to.include(part)
  }
})

test('a private key on the command line is refused and not repeated', async () => {
  const { code, out, err } = await run(['exit', '2', '--json', '--keystore', TEST_KEYS[0]])
  expect(code).to.equal(2)
  expect(err).to.include('error SECRET_IN_ARGS')
  expect(out + err).not.to.include(TEST_KEYS[0].slice(2))
})

test('with --json a problem is one object on standard output', async () => {
  const { code, out } = await run(['exit', 'two', '--json'])
  expect(code).to.equal(2)
  expect(JSON.parse(out)).to.have.nested.property('error.code', 'USAGE')
})

test('a node of another chain is refused', async () => {
  const { code, err } = await run(['exit', '2', '--rpc', chain.url, '--deployment', deploymentFile('polygon.json', 137)])
  expect(code).to.equal(1)
  expect(err).to.match(/^error WRONG_CHAIN: The deployment is on chain 137, but the node answers for chain 31337\. Try: /m)
})

test('an address without the contract is refused', async () => {
  const { code, err } = await run(['exit', '2', '--rpc', chain.url, '--deployment', deploymentFile('empty.json', 31_337)])
  expect(code).to.equal(1)
  expect(err).to.include('error CONTRACT_MISMATCH: ')
})

test('a node that does not answer is named as such', async () => {
  const { code, err } = await run(['exit', '2', '--rpc', 'http://127.0.0.1:9', '--deployment', deploymentFile('empty.json', 31_337)])
  expect(code).to.equal(1)
  expect(err).to.include('error RPC_UNREACHABLE')
})

test('a keystore that others may read is refused before its password is used', async () => {
  const path = join(folder, 'open.json')
  await writeKeystore(path, TEST_KEYS[1], 'secret', 2)
  chmodSync(path, 0o644)
  const args = [
    'deploy',
    '--rpc',
    chain.url,
    '--deployment',
    join(folder, 'new.json'),
    '--keystore',
    path,
    '--minter',
    addressOf(1),
    '--attestor',
    addressOf(2),
    '--payment-attestor',
    addressOf(3),
    '--yes',
  ]
  const { code, err } = await run(args, { KEYSTORE_PASSWORD: 'secret' })
  expect(code).to.equal(1)
  expect(err).to.include(`error KEY_FILE_MODE`).and.include(`chmod 600 ${path}`)
})

test('a deployment asks for a yes when nobody is at a terminal, deploys with --yes, and is never overwritten', async () => {
  const [keystore, file] = [join(folder, 'operator.json'), join(folder, 'deployed.json')]
  await writeKeystore(keystore, TEST_KEYS[0], 'secret', 2)
  const keys = ['--minter', addressOf(1), '--attestor', addressOf(2), '--payment-attestor', addressOf(3)]
  const args = ['deploy', '--rpc', chain.url, '--deployment', file, '--keystore', keystore, ...keys]
  const env = { KEYSTORE_PASSWORD: 'secret' }
  const asked = await run(args, env)
  expect([asked.code, asked.err.includes('error CONFIRM_REQUIRED')]).to.deep.equal([2, true])
  const dry = await run([...args, '--dry-run', '--json'], env)
  expect(JSON.parse(dry.out)).to.include({ ok: true, dryRun: true, status: 'planned' })
  const elsewhere = await run([...args, '--yes', '--chain', '80002'], env)
  expect([elsewhere.code, elsewhere.err.includes('error WRONG_CHAIN: The node answers for chain 31337, and 80002 is meant')]).to.deep.equal(
    [1, true],
  )
  const done = await run([...args, '--yes', '--json'], env)
  expect(JSON.parse(done.out)).to.include({ ok: true, status: 'deployed' })
  const same = await run([...args, '--payment-attestor', addressOf(1), '--deployment', join(folder, 'same.json'), '--yes'], env)
  expect([same.code, same.err.includes('error USAGE: minter and payment attestor are the same address')]).to.deep.equal([2, true])
  const again = await run([...args, '--yes'], env)
  expect([again.code, again.err.includes('error STATE')]).to.deep.equal([1, true])
})

test('a wrong keystore password is told apart from everything else', async () => {
  const keystore = join(folder, 'operator.json')
  const args = [
    'deploy',
    '--rpc',
    chain.url,
    '--deployment',
    join(folder, 'other.json'),
    '--keystore',
    keystore,
    '--minter',
    addressOf(1),
    '--attestor',
    addressOf(2),
    '--payment-attestor',
    addressOf(3),
    '--yes',
  ]
  const { err } = await run(args, { KEYSTORE_PASSWORD: 'wrong' })
  expect(err).to.include('error KEY_PASSWORD').and.not.include('wrong ')
})

test('what is missing is named together with how to give it', async () => {
  const { code, err } = await run(['status', '--rpc', chain.url])
  expect(code).to.equal(1)
  expect(err).to.include('error SETTING_MISSING: This command needs a deployment file. Try: name it by --deployment or DEPLOYMENT_FILE')
})

test('a reader that goes away ends nothing with a stack trace', async () => {
  const child = spawn(process.execPath, [terra, 'deploy', '--help'], { env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let err = ''
  child.stderr.on('data', (part) => (err += part))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  expect([code, err]).to.deep.equal([0, ''])
})
