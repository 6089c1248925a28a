import { encodeFunctionData, type Hex, toFunctionSelector, toHex, zeroAddress, zeroHash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { accessManagerAbi, communityDaoAbi, documentsAbi, ownershipAbi, registrarAbi, vaultAbi } from '../common/abi.ts'
import { LEDGER_ROLES } from '../common/node/access.ts'
import { TEST_KEYS } from '../common/node/testing.ts'
import type { Life } from './testing-everything.ts'

const hash = (value: number): Hex => toHex(value, { size: 32 })

/** Projects 1 to 6, their terms and papers; identities; rights. */
export async function liveAsOperators(life: Life): Promise<void> {
  const { deployment, holders, call, administer, operator } = life
  const [ownership, documents] = [deployment.ownership as Hex, deployment.documents as Hex]
  for (const projectId of [1, 2, 5]) await life.createProject(projectId)
  for (const holder of holders.slice(0, 7)) await life.register(holder)

  await call(ownership, ownershipAbi, 'setMetadata', [5, hash(2), 'ipfs://second'])
  await call(ownership, ownershipAbi, 'freezeMetadata', [5])
  await administer(ownership, ownershipAbi, 'setDailyMintCap', [5, 77n])
  await administer(ownership, ownershipAbi, 'setRules', [5, documents])
  await administer(ownership, ownershipAbi, 'setBlockedCountries', [5, [1n << 8n, 0n, (1n << 255n) | 1n, 5n]])
  await call(ownership, ownershipAbi, 'setProjectState', [5, 4, hash(9)])
  await call(ownership, ownershipAbi, 'pause', [])
  await administer(ownership, ownershipAbi, 'unpause', [])
  for (const [kind, version] of [
    ['prospectus', 1],
    ['prospectus', 2],
    ['permit', 1],
  ] as const)
    await call(documents, documentsAbi, 'addDocument', [1, toHex(kind, { size: 32 }), hash(version), `ipfs://${kind}-${version}`])

  await attest(life)

  const vault = deployment.vault as Hex
  await administer(vault, vaultAbi, 'setTokenAllowed', [ownership, true])
  await administer(vault, vaultAbi, 'setTokenAllowed', [ownership, false])
  await administer(ownership, ownershipAbi, 'setRole', [holders[7], LEDGER_ROLES.Treasurer])
  await administer(ownership, ownershipAbi, 'setRole', [holders[7], 0])
  await manageAccess(life, operator)
}

/** Two investors by attestation, one of them revoked. */
async function attest({ deployment, holders, call, read, now }: Life): Promise<void> {
  const registrar = deployment.registrar as Hex
  const attestor = privateKeyToAccount(TEST_KEYS[4])
  const accounts = [1, 2].map((at) => toHex(0xabcdef00 + at, { size: 20 }))
  for (const [at, account] of accounts.entries()) {
    const issuedAt = await now()
    const terms = { account, flags: 3, expiry: 4_000_000_000, country: 276, class: 1, investorId: BigInt(999 + at), issuedAt }
    const attestation = { ...terms, deadline: issuedAt + 86_400, replaces: zeroAddress }
    const digest = await read<Hex>(registrar, registrarAbi, 'hashOf', [attestation])
    await call(registrar, registrarAbi, 'register', [attestation, await attestor.sign({ hash: digest })], holders[0])
  }
  await call(registrar, registrarAbi, 'revoke', [accounts[0]])
}

/** A role with a delay, what it schedules, and every other thing that the access manager and a timelock tell. */
async function manageAccess({ deployment, holders, administer, call, read, pass, now }: Life, operator: Hex): Promise<void> {
  const manager = deployment.accessManager as Hex
  const [ownership, forwarder] = [deployment.ownership as Hex, deployment.forwarder as Hex]
  const guard = holders[6]!
  const admin = (name: string, args: unknown[]) => administer(manager, accessManagerAbi, name, args)
  await admin('labelRole', [77n, 'SEVENTY-SEVEN'])
  await admin('setRoleAdmin', [77n, 1n])
  await admin('setRoleGuardian', [77n, 4n])
  await admin('setGrantDelay', [77n, 86_400])
  await admin('setTargetFunctionRole', [forwarder, [toFunctionSelector('function nothing()')], 77n])
  await admin('setTargetClosed', [forwarder, true])
  await admin('setTargetAdminDelay', [forwarder, 3_600])
  await admin('grantRole', [5n, guard, 60])
  await admin('grantRole', [5n, holders[5], 0])
  await admin('revokeRole', [5n, holders[5]])
  const freeze = (units: bigint) => encodeFunctionData({ abi: ownershipAbi, functionName: 'setFrozenTokens', args: [guard, 1n, units] })
  for (const units of [1n, 2n]) await call(manager, accessManagerAbi, 'schedule', [ownership, freeze(units), (await now()) + 100], guard)
  await call(manager, accessManagerAbi, 'cancel', [guard, ownership, freeze(2n)], guard)
  await pass(200)
  await call(manager, accessManagerAbi, 'execute', [ownership, freeze(1n)], guard)

  const dao = deployment.communityDao as Hex
  const deed = [operator, 0n, '0x', zeroHash, hash(1)]
  await call(dao, communityDaoAbi, 'schedule', [...deed, 0n], operator)
  const operation = await read<Hex>(dao, communityDaoAbi, 'hashOperation', deed)
  await call(dao, communityDaoAbi, 'cancel', [operation], operator)
  const longer = encodeFunctionData({ abi: communityDaoAbi, functionName: 'updateDelay', args: [2n] })
  await call(dao, communityDaoAbi, 'schedule', [dao, 0n, longer, zeroHash, zeroHash, 0n], operator)
  await call(dao, communityDaoAbi, 'execute', [dao, 0n, longer, zeroHash, zeroHash], operator)
}
