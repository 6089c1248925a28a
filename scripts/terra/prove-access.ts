import type { PublicClient } from 'viem'
import type { Deployment } from '../../common/node/deployment.ts'
import { type AccessProof, openAccessScene } from './access-scene.ts'
import { findConflicts } from './prove-conflicts.ts'
import { proveCalls, proveFunctions, proveManager, proveWiring } from './prove-manager.ts'
import { proveLedgerRoles, proveTimelock } from './prove-members.ts'

/**
 * Proves that exactly the deployment's parties have exactly their roles: everybody the logs ever named is asked for, every function that
 * changes something in a guarded contract is asked for its role, and everybody is tried on every guarded function. Nobody may have two
 * powers that are meant for two.
 * Reads at one block.
 */
export async function proveAccess(client: PublicClient, deployment: Deployment): Promise<AccessProof> {
  const scene = await openAccessScene(client, deployment)
  await Promise.all([proveManager(scene), proveFunctions(scene), proveWiring(scene), proveLedgerRoles(scene), proveTimelock(scene)])
  // Tries everybody whom those before have found.
  await proveCalls(scene)
  findConflicts(scene.proof, deployment.chainId)
  scene.proof.powers.sort((a, b) => a.role.localeCompare(b.role) || a.account.localeCompare(b.account))
  scene.proof.differences.sort((a, b) => a.what.localeCompare(b.what))
  return scene.proof
}
