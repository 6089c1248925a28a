import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { expect } from 'chai'
import { type Address, createWalletClient, encodeFunctionData, type Hex, http, keccak256, toFunctionSelector, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { accessManagerAbi, communityDaoAbi, ownershipAbi } from '../../common/abi.ts'
import { LEDGER_ROLES, OPERATOR_ROLES, PUBLIC_ROLE } from '../../common/node/access.ts'
import { type AdminCall, administer, grantCall } from '../../common/node/administer.ts'
import { deployContracts } from '../../common/node/deploy-contracts.ts'
import { deployGovernor } from '../../common/node/deploy-governor.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import { startTestChain, TEST_KEYS, type TestChain } from '../../common/node/testing.ts'
import { proveAccess } from './prove-access.ts'
import { root } from './settings.ts'

const DAY = 86_400
const [operator, minter, attestor, paymentAttestor, eve] = TEST_KEYS.map((key) => privateKeyToAccount(key)) as [
  Account,
  Account,
  Account,
  Account,
  Account,
]
type Account = ReturnType<typeof privateKeyToAccount>
let chain: TestChain
let deployment: Deployment
let clean: Hex
let salt = 0

before(async () => {
  chain = await startTestChain()
  deployment = await deployContracts(walletOf(operator), {
    minter: minter.address,
    attestor: attestor.address,
    paymentAttestor: paymentAttestor.address,
    minNoticeSeconds: 60,
  })
  clean = await chain.client.snapshot()
})
beforeEach(async () => {
  await chain.client.revert({ id: clean })
  clean = await chain.client.snapshot()
})
after(() => chain.stop())

/** Somebody without a key here. */
const somebody = (index: number): Address => `0x${(index + 1).toString(16).padStart(40, 'b')}`
const walletOf = (account: Account) => createWalletClient({ account, transport: http(chain.url) })
const prove = (as: Deployment = deployment) => proveAccess(chain.client, as)
const plant = (...calls: AdminCall[]) => administer(walletOf(operator), deployment, calls, toHex(++salt, { size: 32 }))
const manager = (functionName: string, args: readonly unknown[]): AdminCall => ({
  to: deployment.accessManager as Address,
  data: encodeFunctionData({ abi: accessManagerAbi, functionName, args } as never),
})
const setRole = (account: Address, role: number): AdminCall => ({
  to: deployment.ownership as Address,
  data: encodeFunctionData({ abi: ownershipAbi, functionName: 'setRole', args: [account, role] }),
})

test('a fresh deployment is as it was meant, every function and every account asked', async () => {
  const { differences, powers, checks } = await prove()
  expect(differences).to.deep.equal([])
  expect(checks).to.be.above(300)
  const power = (role: string) => powers.filter((each) => each.role === role).map(({ name, delaySeconds }) => [name, delaySeconds])
  expect(power('manager ADMIN')).to.deep.equal([['timelock', 0]])
  expect(power('ledger Minter')).to.deep.equal([['minter', 0]])
  expect(power('manager RELINKER')).to.deep.equal([['operator', 0]])
  expect(power('timelock EXECUTOR')).to.deep.equal([['anybody', 0]])
})

test('a production deployment is, too, with the delays of its roles', async () => {
  const production = await deployContracts(walletOf(operator), {
    minter: minter.address,
    attestor: attestor.address,
    paymentAttestor: paymentAttestor.address,
    treasurer: eve.address,
    minNoticeSeconds: 60,
    adminDelaySeconds: 7 * DAY,
    parties: Object.fromEntries(['administrator', ...Object.keys(OPERATOR_ROLES)].map((party, index) => [party, somebody(index)])),
  })
  const { differences, powers } = await prove({ ...production, chainId: 137 })
  expect(differences).to.deep.equal([])
  const delays = powers.map(({ role, delaySeconds }) => [role, delaySeconds])
  expect(delays).to.deep.include.members([
    ['manager ENFORCER', DAY],
    ['manager RELINKER', 2 * DAY],
    ['timelock PROPOSER', 7 * DAY],
  ])
})

const PLANTED: [string, () => AdminCall[], RegExp[]][] = [
  [
    'a second member of a role',
    () => [grantCall(deployment, OPERATOR_ROLES.enforcer.id, eve.address, 0)],
    [/^ENFORCER: 0x.* expected no member found member, delay 0 s$/, /calls ownership\.forcedTransfer expected no found at once$|/],
  ],
  ['an administrator who is no timelock', () => [grantCall(deployment, 0n, operator.address, 0)], [/^ADMIN: operator expected no member/]],
  ['a role nobody knows', () => [grantCall(deployment, 77n, eve.address, 0)], [/^role 77: 0x.* expected no member found member/]],
  [
    'a function that is open to everybody',
    () => [manager('setTargetFunctionRole', [deployment.ownership, [toFunctionSelector('unpause()')], PUBLIC_ROLE])],
    [/^role of ownership\.unpause expected ADMIN found everybody$/, /^minter calls ownership\.unpause expected no found at once$/],
  ],
  [
    'a role that another may grant',
    () => [manager('setRoleAdmin', [OPERATOR_ROLES.relinker.id, OPERATOR_ROLES.projects.id])],
    [/^RELINKER: role that grants it expected 0 found 1$/],
  ],
  [
    'a guardian who is gone',
    () => [manager('setRoleGuardian', [OPERATOR_ROLES.relinker.id, 0])],
    [/^RELINKER: role that may cancel expected 4 found 0$/],
  ],
  ['a contract that is shut', () => [manager('setTargetClosed', [deployment.sale, true])], [/^sale closed expected false found true$/]],
  [
    'a contract that asks another manager',
    () => [manager('updateAuthority', [deployment.documents, deployment.timelock])],
    [/^authority of documents/],
  ],
  ['a second minter', () => [setRole(eve.address, LEDGER_ROLES.Minter)], [/^ledger role of 0x.* expected None found Minter$/]],
  ['a minter who is none', () => [setRole(minter.address, 0)], [/^ledger role of minter expected Minter found None$/]],
  [
    'a governor that is no governor',
    () => [setRole(eve.address, LEDGER_ROLES.Governor)],
    [/^ledger role of 0x.* expected None found Governor$/],
  ],
  [
    'a key on a server with a second power',
    () => [grantCall(deployment, OPERATOR_ROLES.pauser.id, attestor.address, 0)],
    [
      /^PAUSER: identityAttestor expected no member/,
      /^identityAttestor has two powers expected ledger IdentityAttestor: .* found .* and manager PAUSER$/,
    ],
  ],
  [
    'a contract that has the governor’s functions but not its code',
    () => [setRole(deployment.documents as Address, LEDGER_ROLES.Governor)],
    [/^ledger role of 0x.* expected None found Governor$/],
  ],
  [
    'another who proposes to the timelock',
    () => [
      {
        to: deployment.timelock as Address,
        data: encodeFunctionData({
          abi: communityDaoAbi,
          functionName: 'grantRole',
          args: [keccak256(toHex('PROPOSER_ROLE')), eve.address],
        }),
      },
    ],
    [/^timelock PROPOSER_ROLE: 0x.* expected false found true$/],
  ],
  [
    'a timelock with another delay',
    () => [
      { to: deployment.timelock as Address, data: encodeFunctionData({ abi: communityDaoAbi, functionName: 'updateDelay', args: [5n] }) },
    ],
    [/^delay of the timelock expected 0 found 5$/],
  ],
]

for (const [what, calls, expected] of PLANTED) {
  test(`${what} is found`, async () => {
    await plant(...calls())
    const { differences } = await prove()
    const lines = differences.map((each) => `${each.what} expected ${each.expected} found ${each.found}`)
    for (const line of expected)
      expect(
        lines.some((one) => line.test(one)),
        `${line} among\n${lines.join('\n')}`,
      ).to.equal(true)
  })
}

test('where something is at stake nobody has two powers that are meant for two', async () => {
  expect((await prove({ ...deployment, chainId: 80_002 })).differences).to.deep.equal([])
  const { differences } = await prove({ ...deployment, chainId: 137 })
  const found = differences.filter(({ what }) => what.endsWith('has two powers')).map(({ found }) => found)
  expect(found).to.include.members([
    'ledger Treasurer and manager PROJECTS',
    'manager ENFORCER and manager RELINKER',
    'manager ENFORCER and manager COMPLIANCE',
    'manager PAUSER and manager ENFORCER',
    'manager PAUSER and manager RELINKER',
    'timelock PROPOSER and manager FREEZER',
  ])
})

test('a grant that begins tomorrow only is found today', async () => {
  await plant(manager('setGrantDelay', [OPERATOR_ROLES.freezer.id, DAY]))
  // OpenZeppelin lets a longer delay begin after five days.
  await chain.client.increaseTime({ seconds: 6 * DAY })
  await chain.client.mine({ blocks: 1 })
  await plant(grantCall(deployment, OPERATOR_ROLES.freezer.id, eve.address, 0))
  const lines = (await prove()).differences.map(({ what, found }) => `${what} ${found}`)
  const account = eve.address.toLowerCase()
  expect(lines).to.deep.equal([
    `${account} calls ownership.setFrozenTokens no`,
    `FREEZER: ${account} member, delay 0 s`,
    `FREEZER: delay of grants ${DAY}`,
  ])
})

test('what was given and taken away again is no difference', async () => {
  await plant(grantCall(deployment, OPERATOR_ROLES.enforcer.id, eve.address, 0), setRole(eve.address, LEDGER_ROLES.Minter))
  await plant(manager('revokeRole', [OPERATOR_ROLES.enforcer.id, eve.address]), setRole(eve.address, 0))
  expect((await prove()).differences).to.deep.equal([])
})

test('what the administrator gave later is expected once the deployment file says so', async () => {
  await plant(grantCall(deployment, OPERATOR_ROLES.pauser.id, eve.address, 0))
  const later = { ...deployment, laterGrants: [{ account: eve.address, role: 'manager PAUSER' }] }
  expect([(await prove()).differences.length, (await prove(later)).differences.length]).to.deep.equal([1, 0])
  await plant(setRole(eve.address, LEDGER_ROLES.Treasurer))
  const both = { ...deployment, laterGrants: [...later.laterGrants, { account: eve.address, role: 'ledger Treasurer' }] }
  expect([(await prove(later)).differences.length, (await prove(both)).differences.length]).to.deep.equal([1, 0])
  await plant(manager('revokeRole', [OPERATOR_ROLES.pauser.id, eve.address]))
  expect((await prove(both)).differences.map(({ found }) => found)).to.deep.equal(['no member'])
})

test('a project’s governor is expected', async () => {
  const settings = {
    minDelaySeconds: 0,
    votingDelaySeconds: 1,
    votingPeriodSeconds: 60,
    proposalThreshold: 1n,
    quorumBps: 400,
    name: 'Wind',
  }
  const { call } = await deployGovernor(walletOf(operator), deployment, 7, settings)
  await plant(call)
  const { differences, powers } = await prove()
  expect(differences).to.deep.equal([])
  expect(powers.filter(({ role }) => role === 'ledger Governor')).to.have.length(1)
})

test('a node that gives few blocks at a time is asked in parts', async () => {
  const strict = Object.create(chain.client, {
    getLogs: {
      value: async (asked: { fromBlock: bigint; toBlock: bigint }) => {
        if (asked.toBlock - asked.fromBlock >= 3n) throw new Error('query returned more than 3 blocks')
        return chain.client.getLogs(asked as never)
      },
    },
  }) as typeof chain.client
  await plant(grantCall(deployment, OPERATOR_ROLES.enforcer.id, eve.address, 0))
  expect((await proveAccess(strict, deployment)).differences).to.deep.equal((await prove()).differences)
})

test('the command prints the table, and ends with 1 when something differs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'terra-roles-'))
  const file = join(folder, 'deployment.json')
  writeFileSync(file, JSON.stringify(deployment))
  const terra = async (...args: string[]) => {
    const child = spawn(process.execPath, [join(root, 'scripts', 'terra.ts'), ...args, '--rpc', chain.url, '--deployment', file], {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let out = ''
    child.stdout.on('data', (part) => {
      out += part
    })
    return { code: await new Promise((resolve) => child.on('close', resolve)), out }
  }
  const good = await terra('roles')
  expect([good.code, /Everybody has what the deployment gave them/.test(good.out)], good.out).to.deep.equal([0, true])
  await plant(grantCall(deployment, OPERATOR_ROLES.enforcer.id, eve.address, 0))
  const bad = await terra('roles')
  expect(bad.code).to.equal(1)
  expect(bad.out).to.match(/ENFORCER: 0x\w+ +no member +member, delay 0 s/)
  const json = await terra('roles', '--json')
  expect(JSON.parse(json.out)).to.have.property('ok', false)
  rmSync(folder, { recursive: true })
})
