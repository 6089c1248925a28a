import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Address, type Hex, isAddress, type PublicClient } from 'viem'
import { payoutTokenAbi } from '../../common/abi.ts'
import { PARTIES, type Party } from '../../common/node/access.ts'
import { readArtifact } from '../../common/node/artifacts.ts'
import { encodeConstructor, lowerAll } from '../../common/node/deploy-contracts.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import { PARTS, type Part, RECIPES } from '../../common/node/system.ts'
import { CliError } from './cli-error.ts'

const MODULE = 'TerraLumina'

/** The lines of Ignition's journal that say what was created, with what, and when. */
type Line =
  | { type: 'DEPLOYMENT_INITIALIZE'; chainId: number }
  | { type: 'DEPLOYMENT_EXECUTION_STATE_INITIALIZE'; futureId: string; futureType: string; constructorArgs: unknown[] }
  | { type: 'TRANSACTION_CONFIRM'; receipt: { blockNumber: number } }

/**
 * The deployment file of what Hardhat Ignition deployed.
 * @param folder Ignition's own, e.g. scripts/ignition/deployments/chain-137
 * @param parameters The file that Ignition was given
 * @throws CliError WRONG_CHAIN, FILE_MISSING, NOT_READY when Ignition hasn't finished
 */
export async function readIgnition(
  client: PublicClient,
  folder: string,
  parameters: string,
  names: { chainName: string; explorerUrl: string | null },
): Promise<Deployment> {
  const addresses = JSON.parse(await readText(join(folder, 'deployed_addresses.json'))) as Record<string, Address>
  const journal = (await readText(join(folder, 'journal.jsonl')))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line, plainNumber) as Line)
  const chainId = journal.find((line) => line.type === 'DEPLOYMENT_INITIALIZE')!.chainId
  // Before anything is asked of the node: on another chain the same addresses may be somebody else's.
  const present = await client.getChainId()
  if (chainId !== present) {
    throw new CliError('WRONG_CHAIN', `Ignition deployed on chain ${chainId}, but the node answers for chain ${present}`, {
      hint: 'check --rpc',
    })
  }
  const given = JSON.parse(await readText(parameters))[MODULE] as Record<Party | 'payoutToken', Address>
  const created = journal.filter((line) => line.type === 'DEPLOYMENT_EXECUTION_STATE_INITIALIZE')
  const addressOf = (name: string): Address => {
    const address = addresses[`${MODULE}#${name}`]
    if (address !== undefined) return address
    throw new CliError('NOT_READY', `Ignition has not deployed ${name} yet`, {
      hint: 'run hardhat ignition deploy again: it goes on where it stopped',
    })
  }
  const constructorArguments: Record<string, Hex> = {}
  const at: Partial<Record<Part, Address>> = { payoutToken: given.payoutToken }
  for (const part of PARTS.filter((each) => each !== 'payoutToken')) {
    at[part] = addressOf(part)
    const args = created.find(({ futureId }) => futureId === `${MODULE}#${part}`)?.constructorArgs ?? []
    constructorArguments[part] = encodeConstructor((await readArtifact(RECIPES[part].source)).abi, args)
  }
  const libraries = created
    .filter(({ futureType }) => futureType === 'NAMED_ARTIFACT_LIBRARY_DEPLOYMENT')
    .map(({ futureId }) => futureId.slice(MODULE.length + 1))
  const timelock = created.find(({ futureId }) => futureId === `${MODULE}#timelock`)
  const token = { address: given.payoutToken, abi: payoutTokenAbi } as const
  return {
    ...lowerAll(at as Record<Part, Address>),
    ...names,
    chainId,
    startBlock: Math.min(...journal.flatMap((line) => (line.type === 'TRANSACTION_CONFIRM' ? [line.receipt.blockNumber] : []))),
    payoutTokenSymbol: await client.readContract({ ...token, functionName: 'symbol' }),
    payoutTokenDecimals: await client.readContract({ ...token, functionName: 'decimals' }),
    libraries: lowerAll(Object.fromEntries(libraries.map((name) => [name, addressOf(name)]))),
    constructorArguments,
    adminDelaySeconds: Number(timelock!.constructorArgs[0]),
    parties: partiesOf(given),
  }
}

function partiesOf(given: Record<Party, Address>): Record<Party, Address> {
  const missing = PARTIES.filter((party) => !isAddress(given[party] ?? '', { strict: false }))
  if (missing.length > 0)
    throw new CliError('FILE_MISSING', `The parameters name no address for ${missing.join(', ')}`, {
      hint: 'give the file that Ignition was given',
    })
  return lowerAll(Object.fromEntries(PARTIES.map((party) => [party, given[party]])) as Record<Party, Address>)
}

/** Ignition writes large integers as objects. */
function plainNumber(_key: string, value: unknown): unknown {
  const boxed = value as { _kind?: string; value: string } | null
  return boxed?._kind === 'bigint' ? BigInt(boxed.value) : value
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause) => {
    throw new CliError('FILE_MISSING', `There is no file ${path}`, { hint: 'npm run terra -- adopt --help', cause })
  })
}
