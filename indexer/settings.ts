import { type Static, Type } from 'typebox'
import { type Deployment, readDeployment } from '../common/node/deployment.ts'
import { Text } from '../common/node/env.ts'

/** What the indexer reads from its environment. */
export const IndexerEnv = Type.Object({
  RPC_URL: Text,
  /** Where nodes announce new blocks, comma-separated; without it the newest block is asked for every POLL_MS. */
  WS_URL: Type.Optional(Text),
  DATABASE_URL: Text,
  DEPLOYMENT_FILE: Type.Optional(Text),
  CONTRACT_ADDRESS: Type.Optional(Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' })),
  START_BLOCK: Type.Optional(Type.Integer({ minimum: 0 })),
  MIRROR_SCHEMA: Type.String({ pattern: '^[a-z][a-z0-9_]{0,40}$', default: 'chain' }),
  RPC_IN_FLIGHT: Type.Integer({ minimum: 1, maximum: 64, default: 4 }),
  POLL_MS: Type.Integer({ minimum: 10, maximum: 60_000, default: 250 }),
  FINALITY_HEAL_SECONDS: Type.Integer({ minimum: 0, maximum: 86_400, default: 60 }),
  SETTLE_DEPTH: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 256 }),
  BLOCK_MAX_AHEAD_SECONDS: Type.Integer({ minimum: 0, default: 900 }),
  METRICS_HOST: Type.String({ default: '127.0.0.1' }),
  /** Without it no metrics are served. */
  METRICS_PORT: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  LOG_LEVEL: Type.String({ default: 'info' }),
})
export type IndexerEnv = Static<typeof IndexerEnv>

/** The contracts of one deployment, lower case. Without a vault the ledger may be any ERC-1155 contract. */
export interface Contracts {
  ownership: `0x${string}`
  vault?: `0x${string}`
  registrar?: `0x${string}`
  sale?: `0x${string}`
  documents?: `0x${string}`
  accessManager?: `0x${string}`
  /** The administrator, and the community DAOs. */
  timelocks?: readonly `0x${string}`[]
  /** One per project that has its own. */
  governors?: readonly `0x${string}`[]
}

export interface Settings {
  urls: string[]
  webSocketUrls: string[]
  databaseUrl: string
  /** Where in the database the mirror is: one schema for each. */
  schema: string
  /** Undefined when only a contract address is given: then the first node that answers decides. */
  chainId: number | undefined
  startBlock: bigint
  contracts: Contracts
  pollMs: number
  /** Requests for old blocks under way at one time. */
  inFlight: number
  /** How long all nodes have to say that a final block was replaced before the mirror believes it. */
  healAfterMs: number
  /** Blocks below the head at which a final block is settled as well. */
  settleDepth: bigint
  /** No honest block is so much later than this machine's clock. */
  maxAheadSeconds: bigint
}

/** @throws Error when neither a deployment file nor an address and a block say what to mirror */
export async function settingsOf(env: IndexerEnv): Promise<Settings> {
  const common = {
    urls: listOf('RPC_URL', env.RPC_URL, /^https?:\/\/[^/]/),
    webSocketUrls: env.WS_URL === undefined ? [] : listOf('WS_URL', env.WS_URL, /^wss?:\/\/[^/]/),
    databaseUrl: env.DATABASE_URL,
    schema: env.MIRROR_SCHEMA,
    pollMs: env.POLL_MS,
    inFlight: env.RPC_IN_FLIGHT,
    healAfterMs: env.FINALITY_HEAL_SECONDS * 1_000,
    settleDepth: BigInt(env.SETTLE_DEPTH),
    maxAheadSeconds: BigInt(env.BLOCK_MAX_AHEAD_SECONDS),
  }
  if (env.DEPLOYMENT_FILE !== undefined) {
    const deployment = await readDeployment(env.DEPLOYMENT_FILE)
    return {
      ...common,
      chainId: deployment.chainId,
      startBlock: BigInt(deployment.startBlock),
      contracts: contractsOf(deployment),
    }
  }
  if (env.CONTRACT_ADDRESS === undefined || env.START_BLOCK === undefined)
    throw new Error('Bad environment:\n  set DEPLOYMENT_FILE, or CONTRACT_ADDRESS and START_BLOCK')
  return { ...common, chainId: undefined, startBlock: BigInt(env.START_BLOCK), contracts: { ownership: lower(env.CONTRACT_ADDRESS) } }
}

/** What of a deployment is mirrored: all but the forwarder, which only passes calls on, and the payout token, which is somebody else's. */
export function contractsOf(deployment: Deployment): Contracts {
  const governors = deployment.governors ?? []
  const timelocks = [deployment.timelock, deployment.communityDao, ...governors.map(({ timelock }) => timelock)]
  return {
    ownership: lower(deployment.ownership),
    vault: lower(deployment.vault),
    registrar: lower(deployment.registrar),
    sale: lower(deployment.sale),
    documents: lower(deployment.documents),
    accessManager: lower(deployment.accessManager),
    timelocks: [...new Set(timelocks.map(lower))],
    governors: governors.map(({ governor }) => lower(governor)),
  }
}

/** The addresses whose logs are read. */
export function addressesOf({ timelocks = [], governors = [], ...single }: Contracts): `0x${string}`[] {
  return [...Object.values(single), ...timelocks, ...governors].filter((address) => address !== undefined)
}

/** Never shows an address: it may hold a key. */
function listOf(name: string, value: string, shape: RegExp): string[] {
  const urls = value.split(',').map((url) => url.trim())
  if (!urls.every((url) => shape.test(url) && URL.canParse(url)))
    throw new Error(
      `Bad environment:\n  ${name} must be one address or several separated by commas, like ${name === 'WS_URL' ? 'wss' : 'https'}://node.example`,
    )
  return urls
}

function lower(address: string): `0x${string}` {
  return address.toLowerCase() as `0x${string}`
}
