import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Hex, hexToBytes, type PublicClient } from 'viem'
import type { Deployment } from '../../common/node/deployment.ts'
import { CliError } from './cli-error.ts'
import { root } from './settings.ts'

const CONTRACTS = { ownership: 'TerraLuminaOwnership', vault: 'TerraLuminaVault', registrar: 'TerraLuminaRegistrar' } as const

interface Artifact {
  deployedBytecode: Hex
  immutableReferences?: Record<string, { start: number; length: number }[]>
}

/**
 * Checks that the addresses of a deployment hold this version's contracts, so that no command speaks to something else.
 * Constructor-set immutables and the compiler's metadata are left out of the comparison.
 * @throws CliError CONTRACT_MISMATCH naming the address
 */
export async function checkContracts(client: PublicClient, deployment: Deployment): Promise<void> {
  await Promise.all(
    Object.entries(CONTRACTS).map(async ([field, contract]) => {
      const address = deployment[field as keyof typeof CONTRACTS] as Hex
      const [code, artifact] = await Promise.all([client.getCode({ address }), readArtifact(contract)])
      if (code === undefined) throw mismatch(`There is no contract at ${address} (${contract})`)
      // Not compiled on this machine: that something is there is all that can be said.
      if (artifact && !hasSameCode(hexToBytes(code), artifact))
        throw mismatch(`The contract at ${address} is not this version's ${contract}`)
    }),
  )
}

/** Whether code on chain is what the compiler made, immutables and metadata aside. */
export function hasSameCode(code: Uint8Array, artifact: Artifact): boolean {
  const compiled = hexToBytes(artifact.deployedBytecode)
  if (code.length !== compiled.length) return false
  const onChain = Uint8Array.from(code)
  for (const { start, length } of Object.values(artifact.immutableReferences ?? {}).flat()) {
    onChain.fill(0, start, start + length)
    compiled.fill(0, start, start + length)
  }
  const end = codeEnd(compiled)
  return Buffer.compare(onChain.subarray(0, end), compiled.subarray(0, end)) === 0
}

/** The compiler's metadata ends the code; its last two bytes are its length. */
function codeEnd(code: Uint8Array): number {
  const length = (code.at(-2) ?? 0) * 256 + (code.at(-1) ?? 0)
  return length + 2 < code.length ? code.length - length - 2 : code.length
}

async function readArtifact(contract: string): Promise<Artifact | undefined> {
  const path = join(root, 'artifacts', 'contracts', `${contract}.sol`, `${contract}.json`)
  return readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as Artifact,
    () => undefined,
  )
}

function mismatch(message: string): CliError {
  return new CliError('CONTRACT_MISMATCH', message, { hint: 'check --deployment, --rpc, and that this checkout is the deployed version' })
}
