import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Abi, type Address, getAddress, type Hex } from 'viem'

/** Where a linked library's address goes, by source file and library, in bytes from the beginning. */
export type LinkReferences = Record<string, Record<string, { start: number; length: number }[]>>

/** What the compiler made of one contract; see Hardhat's artifacts. */
export interface Artifact {
  contractName: string
  /** As in the project: contracts/TerraLuminaVault.sol */
  sourceName: string
  /** As the compiler knows it: project/contracts/TerraLuminaVault.sol */
  inputSourceName: string
  buildInfoId: string
  abi: Abi
  bytecode: Hex
  deployedBytecode: Hex
  linkReferences: LinkReferences
  deployedLinkReferences: LinkReferences
  immutableReferences: Record<string, { start: number; length: number }[]>
}

/** This checkout's own, made by `hardhat build`. */
export const ARTIFACTS = join(import.meta.dirname, '..', '..', 'artifacts')

/**
 * @param source e.g. contracts/TerraLuminaVault.sol; the contract in it has the file's name
 * @throws Error when it was not compiled
 */
export async function readArtifact(source: string, folder: string = ARTIFACTS): Promise<Artifact> {
  const path = join(folder, source, `${contractIn(source)}.json`)
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new Error(`No compiled ${contractIn(source)} at ${path}; run \`hardhat build\` first`, { cause })
  })
  return JSON.parse(text) as Artifact
}

/** contracts/TerraLuminaVault.sol → TerraLuminaVault */
export function contractIn(source: string): string {
  return source.slice(source.lastIndexOf('/') + 1, -'.sol'.length)
}

/** Source files of the libraries that have to be deployed first, as {@link readArtifact} takes them. */
export function librariesOf({ linkReferences }: Pick<Artifact, 'linkReferences'>): string[] {
  return Object.keys(linkReferences).map((source) => source.replace(/^project\//, ''))
}

/**
 * Bytecode with the libraries' addresses in their places.
 * @param libraries by name
 * @throws Error when a library is missing
 */
export function linkBytecode(bytecode: Hex, references: LinkReferences, libraries: Readonly<Record<string, Address>>): Hex {
  let linked: string = bytecode
  for (const [name, places] of Object.values(references).flatMap((file) => Object.entries(file))) {
    const library = libraries[name]
    if (library === undefined) throw new Error(`The address of the library ${name} is missing`)
    const digits = getAddress(library).slice(2).toLowerCase()
    for (const { start, length } of places) {
      const at = 2 + start * 2
      linked = linked.slice(0, at) + digits + linked.slice(at + length * 2)
    }
  }
  return linked as Hex
}
