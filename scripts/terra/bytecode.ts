import { type Address, type Hex, hexToBytes, type PublicClient } from 'viem'
import { type Artifact, contractIn, librariesOf, linkBytecode, readArtifact } from '../../common/node/artifacts.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import { PARTS, RECIPES } from '../../common/node/system.ts'
import { CliError } from './cli-error.ts'

type Code = Pick<Artifact, 'deployedBytecode' | 'deployedLinkReferences' | 'immutableReferences'>

/** One contract of ours on a chain. */
export interface Placed {
  source: string
  address: Address
}

/** All contracts of ours that a deployment names, libraries included; not the payout token, which is somebody else's. */
export async function contractsOf(deployment: Deployment): Promise<Placed[]> {
  const parts = PARTS.filter((part) => part !== 'payoutToken').map((part) => ({
    source: RECIPES[part].source,
    address: deployment[part] as Address,
  }))
  const libraries: Placed[] = []
  const add = async (source: string) => {
    for (const library of librariesOf(await readArtifact(source))) {
      if (libraries.some((known) => known.source === library)) continue
      await add(library)
      libraries.push({ source: library, address: deployment.libraries[contractIn(library)] as Address })
    }
  }
  for (const { source } of parts) await add(source)
  return [...libraries, ...parts]
}

/**
 * Checks that the addresses of a deployment hold this version's contracts, so that no command speaks to something else.
 * @throws CliError CONTRACT_MISMATCH naming the address
 */
export async function checkContracts(client: PublicClient, deployment: Deployment): Promise<void> {
  // Not compiled on this machine: that something is there is all that can be said.
  const placed = await contractsOf(deployment).catch(() =>
    PARTS.map((part) => ({ source: RECIPES[part].source, address: deployment[part] as Address })),
  )
  await Promise.all(
    placed.map(async ({ source, address }) => {
      // A file of another version may lack a library.
      if (address === undefined) throw mismatch(`The deployment file names no ${contractIn(source)}`)
      const [code, artifact] = await Promise.all([client.getCode({ address }), readArtifact(source).catch(() => undefined)])
      if (code === undefined) throw mismatch(`There is no contract at ${address} (${contractIn(source)})`)
      if (artifact && !hasSameCode(hexToBytes(code), artifact, deployment.libraries as Record<string, Hex>))
        throw mismatch(`The contract at ${address} is not this version's ${contractIn(source)}`)
    }),
  )
}

/** Whether code on chain is what the compiler made: linked to these libraries, and constructor-set immutables and metadata aside. */
export function hasSameCode(code: Uint8Array, artifact: Code, libraries: Readonly<Record<string, Address>> = {}): boolean {
  const compiled = hexToBytes(linkBytecode(artifact.deployedBytecode, artifact.deployedLinkReferences, libraries))
  if (code.length !== compiled.length) return false
  const onChain = Uint8Array.from(code)
  for (const { start, length } of maskedPlaces(artifact)) {
    onChain.fill(0, start, start + length)
    compiled.fill(0, start, start + length)
  }
  const end = codeEnd(compiled)
  return Buffer.compare(onChain.subarray(0, end), compiled.subarray(0, end)) === 0
}

/** What only deployment decides: immutables, and the address that a library has of itself: PUSH20 at its beginning. */
function maskedPlaces({ deployedBytecode, immutableReferences }: Code): { start: number; length: number }[] {
  const own = deployedBytecode.startsWith(`0x73${'0'.repeat(40)}30`) ? [{ start: 1, length: 20 }] : []
  return [...Object.values(immutableReferences ?? {}).flat(), ...own]
}

/** The compiler's metadata ends the code; its last two bytes are its length. */
function codeEnd(code: Uint8Array): number {
  const length = (code.at(-2) ?? 0) * 256 + (code.at(-1) ?? 0)
  return length + 2 < code.length ? code.length - length - 2 : code.length
}

function mismatch(message: string): CliError {
  return new CliError('CONTRACT_MISMATCH', message, { hint: 'check --deployment, --rpc, and that this checkout is the deployed version' })
}
