import type { PublicClient } from 'viem'
import { HOT_ROLES } from '../../common/node/access.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import { type AccessProof, openAccessScene } from './access-scene.ts'
import { proveCalls, proveFunctions, proveManager, proveWiring } from './prove-manager.ts'
import { proveLedgerRoles, proveTimelock } from './prove-members.ts'

/**
 * Proves that exactly the deployment's parties have exactly their roles: everybody the logs ever named is asked for, every function that
 * changes something in a guarded contract is asked for its role, and everybody is tried on every guarded function.
 * Reads at one block.
 */
export async function proveAccess(client: PublicClient, deployment: Deployment): Promise<AccessProof> {
  const scene = await openAccessScene(client, deployment)
  await Promise.all([proveManager(scene), proveFunctions(scene), proveWiring(scene), proveLedgerRoles(scene), proveTimelock(scene)])
  // Tries everybody whom those before have found.
  await proveCalls(scene)
  findConflicts(scene.proof)
  scene.proof.powers.sort((a, b) => a.role.localeCompare(b.role) || a.account.localeCompare(b.account))
  scene.proof.differences.sort((a, b) => a.what.localeCompare(b.what))
  return scene.proof
}

/** One key on a server must not be able to do what needs two; and whoever decides must not lie on a server. */
function findConflicts(proof: AccessProof): void {
  for (const hot of proof.powers.filter(({ role }) => HOT_ROLES.some((each) => role === `ledger ${each}`))) {
    for (const other of proof.powers.filter(({ account, role }) => account === hot.account && role !== hot.role))
      proof.differences.push({
        what: `${hot.name || hot.account} has two powers`,
        expected: hot.role,
        found: `${hot.role} and ${other.role}`,
      })
  }
}
