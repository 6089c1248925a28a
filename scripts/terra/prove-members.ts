import { getAddress, type Hex, hexToBytes, zeroAddress } from 'viem'
import { communityDaoAbi, governorAbi, ownershipAbi } from '../../common/abi.ts'
import { CONTRACT_ROLES, type LedgerRole, SERVER_ROLES } from '../../common/node/access.ts'
import { readArtifact } from '../../common/node/artifacts.ts'
import { ledgerRoleOf, nameOf } from './access-names.ts'
import { compare, powerOf, type Scene } from './access-scene.ts'
import { hasSameCode } from './bytecode.ts'

const TIMELOCK_ROLES = ['PROPOSER_ROLE', 'CANCELLER_ROLE', 'EXECUTOR_ROLE', 'DEFAULT_ADMIN_ROLE'] as const

/** Who has which role of the ledger. Governors come later, one for a project. */
export async function proveLedgerRoles(scene: Scene): Promise<void> {
  const { ask, deployment, history, proof } = scene
  const expected = new Map<string, LedgerRole>()
  for (const [part, role] of Object.entries(CONTRACT_ROLES))
    expected.set(deployment[part as keyof typeof CONTRACT_ROLES].toLowerCase(), role)
  for (const [party, role] of Object.entries(SERVER_ROLES))
    expected.set(deployment.parties[party as keyof typeof SERVER_ROLES].toLowerCase(), role)
  for (const { account, role } of deployment.laterGrants ?? [])
    if (role.startsWith('ledger ')) expected.set(account.toLowerCase(), role.slice('ledger '.length) as LedgerRole)
  const known = new Set([...expected.keys(), ...history.ledgerMembers.map((account) => account.toLowerCase())])
  for (const account of known) {
    const found = ledgerRoleOf(await ask<number>(deployment.ownership, ownershipAbi, 'roleOf', [account]))
    const isOurs = found === 'Governor' && (await isGovernor(scene, account as Hex))
    const wanted = isOurs ? 'Governor' : (expected.get(account) ?? 'None')
    compare(scene, `ledger role of ${nameOf(deployment, account) || account}`, wanted, found)
    if (found !== 'None') proof.powers.push(powerOf(deployment, getAddress(account), `ledger ${found}`))
  }
}

/** This version's governor, of this ledger: what only answers like one isn't. */
async function isGovernor({ ask, codeOf, deployment }: Scene, account: Hex): Promise<boolean> {
  // Not compiled on this machine: then nothing speaks for it but the deployment file.
  const artifact = await readArtifact('contracts/TerraLuminaGovernor.sol').catch(() => undefined)
  if (!artifact || !hasSameCode(hexToBytes(await codeOf(account)), artifact)) return false
  const ledger = await ask<string>(account, governorAbi, 'ledger')
  return ledger.toLowerCase() === deployment.ownership.toLowerCase()
}

/** Who may propose, cancel and execute what the administrator does; and after how long. */
export async function proveTimelock(scene: Scene): Promise<void> {
  const { ask, deployment, history, proof } = scene
  const timelock = <T>(name: string, args: readonly unknown[] = []) => ask<T>(deployment.timelock, communityDaoAbi, name, args)
  const { administrator } = deployment.parties
  const wanted: Record<(typeof TIMELOCK_ROLES)[number], string[]> = {
    PROPOSER_ROLE: [administrator],
    CANCELLER_ROLE: [administrator],
    EXECUTOR_ROLE: [zeroAddress],
    DEFAULT_ADMIN_ROLE: [deployment.timelock],
  }
  compare(scene, 'delay of the timelock', deployment.adminDelaySeconds, await timelock('getMinDelay'))
  for (const role of TIMELOCK_ROLES) {
    const id = await timelock<Hex>(role)
    const expected = new Set(wanted[role].map((account) => account.toLowerCase()))
    const known = new Set([
      ...expected,
      ...history.timelockMembers.filter((each) => each.role === id).map(({ account }) => account.toLowerCase()),
    ])
    for (const account of known) {
      const has = await timelock<boolean>('hasRole', [id, account])
      compare(scene, `timelock ${role}: ${nameOf(deployment, account) || account}`, expected.has(account), has)
      if (has)
        proof.powers.push({
          ...powerOf(deployment, getAddress(account), `timelock ${role.replace(/_ROLE$/, '')}`),
          delaySeconds: deployment.adminDelaySeconds,
        })
    }
  }
}
