import { type Static, Type } from 'typebox'
import { readDeployment } from '../common/node/deployment.ts'
import { Text } from '../common/node/env.ts'

/** What the indexer reads from its environment. */
export const IndexerEnv = Type.Object({
  RPC_URL: Text,
  DATABASE_URL: Text,
  DEPLOYMENT_FILE: Type.Optional(Text),
  CONTRACT_ADDRESS: Type.Optional(Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' })),
  START_BLOCK: Type.Optional(Type.Integer({ minimum: 0 })),
  POLL_MS: Type.Integer({ minimum: 10, maximum: 60_000, default: 250 }),
  LOG_LEVEL: Type.String({ default: 'info' }),
})
export type IndexerEnv = Static<typeof IndexerEnv>

/** The contracts of one deployment, lower case. Without vault and registrar only the ledger's own events are mirrored. */
export interface Contracts {
  ownership: `0x${string}`
  vault?: `0x${string}`
  registrar?: `0x${string}`
}

export interface Settings {
  urls: string[]
  databaseUrl: string
  /** Undefined when only a contract address is given: then the first node that answers decides. */
  chainId: number | undefined
  startBlock: bigint
  contracts: Contracts
  pollMs: number
}

/** @throws Error when neither a deployment file nor an address and a block say what to mirror */
export async function settingsOf(env: IndexerEnv): Promise<Settings> {
  const common = {
    urls: env.RPC_URL.split(',')
      .map((url) => url.trim())
      .filter((url) => url !== ''),
    databaseUrl: env.DATABASE_URL,
    pollMs: env.POLL_MS,
  }
  if (env.DEPLOYMENT_FILE !== undefined) {
    const deployment = await readDeployment(env.DEPLOYMENT_FILE)
    return {
      ...common,
      chainId: deployment.chainId,
      startBlock: BigInt(deployment.startBlock),
      contracts: { ownership: lower(deployment.ownership), vault: lower(deployment.vault), registrar: lower(deployment.registrar) },
    }
  }
  if (env.CONTRACT_ADDRESS === undefined || env.START_BLOCK === undefined)
    throw new Error('Bad environment:\n  set DEPLOYMENT_FILE, or CONTRACT_ADDRESS and START_BLOCK')
  return { ...common, chainId: undefined, startBlock: BigInt(env.START_BLOCK), contracts: { ownership: lower(env.CONTRACT_ADDRESS) } }
}

/** The addresses whose logs are read. */
export function addressesOf(contracts: Contracts): `0x${string}`[] {
  return [contracts.ownership, contracts.vault, contracts.registrar].filter((address) => address !== undefined)
}

function lower(address: string): `0x${string}` {
  return address.toLowerCase() as `0x${string}`
}
