import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** Source of a contract → name of its ABI in common/abi.ts. */
const CONTRACTS = {
  'contracts/TerraLuminaOwnership.sol': 'ownershipAbi',
  'contracts/TerraLuminaVault.sol': 'vaultAbi',
  'contracts/TerraLuminaRegistrar.sol': 'registrarAbi',
  'contracts/TerraLuminaSale.sol': 'saleAbi',
  'contracts/TerraLuminaDocuments.sol': 'documentsAbi',
  'contracts/TerraLuminaGovernor.sol': 'governorAbi',
  'contracts/TerraLuminaForwarder.sol': 'forwarderAbi',
  'contracts/TestUsdc.sol': 'payoutTokenAbi',
  'contracts/CommunityDao.sol': 'communityDaoAbi',
  '@openzeppelin/contracts/access/manager/AccessManager.sol': 'accessManagerAbi',
} as const

/** The text of common/abi.ts, from the compiler's artifacts (the folder `artifacts`). */
export async function abiModule(artifacts: string): Promise<string> {
  const parts = ['// Written by `npm run gen`. Do not edit.']
  for (const [source, name] of Object.entries(CONTRACTS)) {
    const artifact = JSON.parse(await readFile(join(artifacts, source, `${basename(source, '.sol')}.json`), 'utf8'))
    parts.push(`export const ${name} = ${JSON.stringify(artifact.abi, null, 2)} as const`)
  }
  return `${parts.join('\n\n')}\n`
}
