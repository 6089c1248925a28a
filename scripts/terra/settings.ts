import { join } from 'node:path'
import { Type } from 'typebox'
import { readEnv, Text } from '../../common/node/env.ts'
import { readLocalFile } from '../local/local-file.ts'

export const root = join(import.meta.dirname, '..', '..')

/** What the operator command line reads from the environment. Options go first; then this; then a local stack's own values. */
export const TerraEnv = Type.Object({
  RPC_URL: Type.Optional(Text),
  DEPLOYMENT_FILE: Type.Optional(Text),
  /** Must be allowed what the worker is allowed: terra_worker. */
  DATABASE_URL: Type.Optional(Text),
  OPERATOR_KEYSTORE: Type.Optional(Text),
  MINTER_KEYSTORE: Type.Optional(Text),
  ATTESTOR_KEYSTORE: Type.Optional(Text),
  PAYMENT_ATTESTOR_KEYSTORE: Type.Optional(Text),
  KEYSTORE_PASSWORD: Type.Optional(Text),
  IPFS_FOLDER: Type.Optional(Text),
  IPFS_API_URL: Type.Optional(Text),
  /** What `mint` may offer per gas; as for the worker. */
  TIP_FLOOR_GWEI: Type.Integer({ minimum: 0, default: 30 }),
  FEE_CAP_GWEI: Type.Integer({ minimum: 1, default: 1_000 }),
})

/** Options that say where things are; the same on every command. */
export interface Where {
  rpc?: string
  deployment?: string
  database?: string
  keystore?: string
}

/** Where everything is. What is undefined was named nowhere. */
export interface Settings {
  rpcUrl: string | undefined
  deploymentFile: string | undefined
  databaseUrl: string | undefined
  operatorKeystore: string | undefined
  minterKeystore: string | undefined
  attestorKeystore: string | undefined
  paymentAttestorKeystore: string | undefined
  keystorePassword: string | undefined
  ipfsFolder: string | undefined
  ipfsApiUrl: string | undefined
  /** The platform's one origin; known for a local stack only. */
  webUrl: string | undefined
  tipFloorGwei: number
  feeCapGwei: number
  /** True when values of a local stack filled gaps. */
  isLocal: boolean
}

/** Options, then the environment, then the local stack in `.terra`. */
export async function readSettings(where: Where): Promise<Settings> {
  const env = readEnv(TerraEnv)
  const isOnLocal =
    where.rpc === undefined && env.RPC_URL === undefined && where.deployment === undefined && env.DEPLOYMENT_FILE === undefined
  // A local stack's keys and database belong to its chain: they never fill gaps of a command that names another.
  const fallback = isOnLocal ? readLocalFile() : undefined
  return {
    rpcUrl: where.rpc ?? env.RPC_URL ?? fallback?.rpcUrl,
    deploymentFile: where.deployment ?? env.DEPLOYMENT_FILE ?? fallback?.deploymentFile,
    databaseUrl: where.database ?? env.DATABASE_URL ?? fallback?.databaseUrl,
    operatorKeystore: where.keystore ?? env.OPERATOR_KEYSTORE ?? fallback?.operatorKeystore,
    minterKeystore: env.MINTER_KEYSTORE ?? fallback?.minterKeystore,
    attestorKeystore: env.ATTESTOR_KEYSTORE ?? fallback?.attestorKeystore,
    paymentAttestorKeystore: env.PAYMENT_ATTESTOR_KEYSTORE ?? fallback?.paymentAttestorKeystore,
    keystorePassword: env.KEYSTORE_PASSWORD ?? fallback?.keystorePassword,
    ipfsFolder: env.IPFS_FOLDER ?? fallback?.ipfsFolder,
    ipfsApiUrl: env.IPFS_API_URL,
    webUrl: fallback?.webUrl,
    tipFloorGwei: env.TIP_FLOOR_GWEI,
    feeCapGwei: env.FEE_CAP_GWEI,
    isLocal: fallback !== undefined,
  }
}
