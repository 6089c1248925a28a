import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { Value } from 'typebox/value'
import { type Address, createWalletClient, encodeFunctionData, type Hex, http, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { accessManagerAbi, communityDaoAbi, governorAbi, ownershipAbi, vaultAbi } from '../abi.ts'
import { ADMIN_ROLE, LEDGER_ROLES, OPERATOR_ROLES } from './access.ts'
import { administer, grantCall } from './administer.ts'
import { deployContracts } from './deploy-contracts.ts'
import { deployGovernor } from './deploy-governor.ts'
import { Deployment } from './deployment.ts'
import { startTestChain, TEST_KEYS, type TestChain } from './testing.ts'

const DAY = 86_400
const [operator, minter, attestor, paymentAttestor, multisig, stranger] = TEST_KEYS.map((key) => privateKeyToAccount(key)) as [
  ReturnType<typeof privateKeyToAccount>,
  ReturnType<typeof privateKeyToAccount>,
  ReturnType<typeof privateKeyToAccount>,
  ReturnType<typeof privateKeyToAccount>,
  ReturnType<typeof privateKeyToAccount>,
  ReturnType<typeof privateKeyToAccount>,
]
const options = { minter: minter.address, attestor: attestor.address, paymentAttestor: paymentAttestor.address, minNoticeSeconds: 60 }
let chain: TestChain
let local: Deployment
let production: Deployment

before(async () => {
  chain = await startTestChain()
  local = await deployContracts(walletOf(operator), options)
  production = await deployContracts(walletOf(operator), {
    ...options,
    adminDelaySeconds: 7 * DAY,
    treasurer: stranger.address,
    parties: Object.fromEntries([...Object.keys(OPERATOR_ROLES), 'administrator'].map((party) => [party, multisig.address])),
  })
})
after(() => chain.stop())

function walletOf(account: ReturnType<typeof privateKeyToAccount>) {
  return createWalletClient({ account, transport: http(chain.url) })
}

const memberOf = (deployment: Deployment, role: bigint, account: Address) =>
  chain.client.readContract({
    address: deployment.accessManager as Address,
    abi: accessManagerAbi,
    functionName: 'hasRole',
    args: [role, account],
  })
const ledgerRoleOf = (deployment: Deployment, account: Address) =>
  chain.client.readContract({ address: deployment.ownership as Address, abi: ownershipAbi, functionName: 'roleOf', args: [account] })
const setRole = (deployment: Deployment, account: Address, role: number) => ({
  to: deployment.ownership as Address,
  data: encodeFunctionData({ abi: ownershipAbi, functionName: 'setRole', args: [account, role] }),
})

test('a deployment says where everything is, as its file wants it', () => {
  for (const deployment of [local, production]) expect([...Value.Errors(Deployment, deployment)]).to.deep.equal([])
  expect(local.ownership).not.to.equal(production.ownership)
})

test('each call deploys anew, so that two systems live on one chain', () => {
  const addresses = [local, production].flatMap(({ accessManager, timelock, ownership, vault, sale, libraries }) => [
    accessManager,
    timelock,
    ownership,
    vault,
    sale,
    ...Object.values(libraries),
  ])
  expect(new Set(addresses).size).to.equal(addresses.length)
})

test('locally the operator has every operator’s role, at once, and administers through a timelock that does not wait', async () => {
  for (const { id } of Object.values(OPERATOR_ROLES)) expect(await memberOf(local, id, operator.address)).to.deep.equal([true, 0])
  expect(await memberOf(local, ADMIN_ROLE, operator.address)).to.deep.equal([false, 0])
  expect(await administer(walletOf(operator), local, [setRole(local, stranger.address, LEDGER_ROLES.Minter)])).to.equal(undefined)
  expect(await ledgerRoleOf(local, stranger.address)).to.equal(LEDGER_ROLES.Minter)
  expect(await administer(walletOf(operator), local, [setRole(local, stranger.address, LEDGER_ROLES.Minter)])).to.equal(undefined)
})

test('the payout token may be distributed from the beginning', async () => {
  const isAllowed = await chain.client.readContract({
    address: local.vault as Address,
    abi: vaultAbi,
    functionName: 'isTokenAllowed',
    args: [local.payoutToken as Address],
  })
  expect(isAllowed).to.equal(true)
})

test('in production the deployer keeps nothing, and what takes units waits', async () => {
  for (const { id } of [{ id: ADMIN_ROLE }, ...Object.values(OPERATOR_ROLES)])
    expect(await memberOf(production, id, operator.address)).to.deep.equal([false, 0])
  expect(await ledgerRoleOf(production, operator.address)).to.equal(0)
  expect(await memberOf(production, OPERATOR_ROLES.enforcer.id, multisig.address)).to.deep.equal([true, DAY])
  expect(await memberOf(production, OPERATOR_ROLES.relinker.id, multisig.address)).to.deep.equal([true, 2 * DAY])
  expect(await memberOf(production, OPERATOR_ROLES.pauser.id, multisig.address)).to.deep.equal([true, 0])
  expect(await memberOf(production, ADMIN_ROLE, production.timelock as Address)).to.deep.equal([true, 0])
})

test('in production the administrator proposes and has to wait; the same call again executes it', async () => {
  const calls = [
    setRole(production, stranger.address, LEDGER_ROLES.Minter),
    grantCall(production, OPERATOR_ROLES.pauser.id, stranger.address, 0),
  ]
  const refused = await administer(walletOf(operator), production, calls).catch((error: Error) => error)
  expect(refused).to.be.instanceOf(Error)
  const readyAt = await administer(walletOf(multisig), production, calls)
  const { timestamp } = await chain.client.getBlock()
  expect(readyAt).to.equal(Number(timestamp) + 7 * DAY)
  expect(await administer(walletOf(multisig), production, calls)).to.equal(readyAt)
  expect(await ledgerRoleOf(production, stranger.address)).to.equal(LEDGER_ROLES.Treasurer)
  await chain.client.increaseTime({ seconds: 7 * DAY })
  await chain.client.mine({ blocks: 1 })
  // Anybody may carry out what was proposed.
  expect(await administer(walletOf(stranger), production, calls)).to.equal(undefined)
  expect(await ledgerRoleOf(production, stranger.address)).to.equal(LEDGER_ROLES.Minter)
  expect(await memberOf(production, OPERATOR_ROLES.pauser.id, stranger.address)).to.deep.equal([true, 0])
})

test('one account for two roles of the ledger is refused before anything is sent', async () => {
  const error = await deployContracts(walletOf(operator), { ...options, paymentAttestor: attestor.address }).catch(
    (problem: Error) => problem,
  )
  expect(error).to.be.instanceOf(Error).with.property('message').that.includes('identityAttestor and paymentAttestor')
})

test('a project gets a governor of its own, whose timelock nobody else can move', async () => {
  const settings = {
    minDelaySeconds: 60,
    votingDelaySeconds: 60,
    votingPeriodSeconds: 600,
    proposalThreshold: 1n,
    quorumBps: 400,
    name: 'Ridge Wind',
  }
  const { governor, timelock, call } = await deployGovernor(walletOf(operator), local, 7, settings)
  const read = (functionName: 'ledger' | 'projectId' | 'timelock' | 'quorumBps') =>
    chain.client.readContract({ address: governor, abi: governorAbi, functionName })
  expect([await read('projectId'), await read('quorumBps')]).to.deep.equal([7, 400])
  expect([await read('ledger'), await read('timelock')].map((address) => String(address).toLowerCase())).to.deep.equal([
    local.ownership,
    timelock.toLowerCase(),
  ])
  const dao = { address: timelock, abi: communityDaoAbi } as const
  const has = async (name: 'PROPOSER_ROLE' | 'CANCELLER_ROLE' | 'EXECUTOR_ROLE' | 'DEFAULT_ADMIN_ROLE', account: Address) =>
    chain.client.readContract({
      ...dao,
      functionName: 'hasRole',
      args: [(await chain.client.readContract({ ...dao, functionName: name })) as Hex, account],
    })
  expect([
    await has('PROPOSER_ROLE', governor),
    await has('CANCELLER_ROLE', governor),
    await has('EXECUTOR_ROLE', zeroAddress),
  ]).to.deep.equal([true, true, true])
  for (const name of ['PROPOSER_ROLE', 'CANCELLER_ROLE', 'DEFAULT_ADMIN_ROLE'] as const)
    expect(await has(name, operator.address)).to.equal(false)
  expect(await ledgerRoleOf(local, governor)).to.equal(0)
  await administer(walletOf(operator), local, [call])
  expect(await ledgerRoleOf(local, governor)).to.equal(LEDGER_ROLES.Governor)
})
