import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Address, Hex } from 'viem'
import { ARTIFACTS, contractIn, readArtifact } from '../../common/node/artifacts.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import { PARTS, RECIPES } from '../../common/node/system.ts'
import { contractsOf } from './bytecode.ts'

/** What a block explorer or Sourcify asks for, for one contract. */
export interface Verification {
  chainId: number
  address: Address
  /** Source file as in the input, and contract. */
  contract: string
  /** As explorers write it: v0.8.37+commit.… */
  compilerVersion: string
  /** File beside this one: the compiler's Standard-JSON input, as it was given. */
  input: string
  /** ABI-encoded, without 0x. */
  constructorArguments: string
  /** Addresses of linked libraries by source file and name. */
  libraries: Record<string, Record<string, Address>>
}

/**
 * Writes one file per deployed contract, and the compiler inputs they name.
 * @param artifacts Made by `hardhat build` from the sources that were deployed
 * @returns what was written, by file name
 */
export async function writeVerification(
  deployment: Deployment,
  folder: string,
  artifacts: string = ARTIFACTS,
): Promise<Record<string, Verification>> {
  await mkdir(folder, { recursive: true })
  const written: Record<string, Verification> = {}
  for (const { source, address } of await contractsOf(deployment)) {
    const artifact = await readArtifact(source, artifacts)
    const buildInfo = JSON.parse(await readFile(join(artifacts, 'build-info', `${artifact.buildInfoId}.json`), 'utf8'))
    const input = `${artifact.buildInfoId}.input.json`
    await writeFile(join(folder, input), JSON.stringify(buildInfo.input))
    const verification: Verification = {
      chainId: deployment.chainId,
      address,
      contract: `${artifact.inputSourceName}:${artifact.contractName}`,
      compilerVersion: `v${buildInfo.solcLongVersion}`,
      input,
      constructorArguments: constructorArgumentsOf(deployment, source).slice(2),
      libraries: Object.fromEntries(
        Object.entries(artifact.linkReferences).map(([file, libraries]) => [
          file,
          Object.fromEntries(Object.keys(libraries).map((name) => [name, deployment.libraries[name] as Address])),
        ]),
      ),
    }
    const file = `${contractIn(source)}.json`
    await writeFile(join(folder, file), `${JSON.stringify(verification, null, 2)}\n`)
    written[file] = verification
  }
  return written
}

function constructorArgumentsOf(deployment: Deployment, source: string): Hex {
  const part = PARTS.find((each) => RECIPES[each].source === source)
  return part === undefined ? '0x' : (deployment.constructorArguments[part] as Hex)
}
