import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Contract name → name of its ABI in common/abi.ts. */
const CONTRACTS = {
  TerraLuminaOwnership: 'ownershipAbi',
  TerraLuminaVault: 'vaultAbi',
  TerraLuminaRegistrar: 'registrarAbi',
  TestUsdc: 'payoutTokenAbi',
  CommunityDao: 'communityDaoAbi',
} as const

/** The text of common/abi.ts, from the compiler's artifacts. */
export async function abiModule(artifacts: string): Promise<string> {
  const parts = ['// Written by `npm run gen`. Do not edit.']
  for (const [contract, name] of Object.entries(CONTRACTS)) {
    const artifact = JSON.parse(await readFile(join(artifacts, `${contract}.sol`, `${contract}.json`), 'utf8'))
    parts.push(`export const ${name} = ${JSON.stringify(artifact.abi, null, 2)} as const`)
  }
  return `${parts.join('\n\n')}\n`
}
