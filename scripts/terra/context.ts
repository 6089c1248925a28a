import { dirname, join } from 'node:path'
import { chainOf } from '../../common/node/chain.ts'
import { openPool, type Pool } from '../../common/node/db.ts'
import { type Deployment, readDeployment } from '../../common/node/deployment.ts'
import type { Ipfs } from '../../common/node/ipfs.ts'
import { checkContracts } from './bytecode.ts'
import { CliError } from './cli-error.ts'
import { openKey } from './key.ts'
import { takeLock } from './lock.ts'
import type { Progress } from './progress.ts'
import type { Sender } from './send.ts'
import type { Settings } from './settings.ts'
import type { Terminal } from './terminal.ts'

/** Options that every command has. */
export interface CommonOptions {
  json?: boolean
  dryRun?: boolean
  yes?: boolean
}

/** What a command runs in. What it opens is closed when it ends. */
export interface Context {
  command: string
  terminal: Terminal
  settings: Settings
  options: CommonOptions
  progress: Progress
  clock: () => Date
  onClose(close: () => unknown): void
  /** Once it is open. */
  database?: Pool
  /** Set once the command keeps others away: it may send transactions. */
  isWriting?: boolean
}

/** A deployment and the chain it is on, checked against each other. */
export interface Stage {
  deployment: Deployment
  client: Sender['client']
  chainId: number
  rpcUrl: string
}

/** @throws CliError SETTING_MISSING, FILE_MISSING, RPC_UNREACHABLE, WRONG_CHAIN, CONTRACT_MISMATCH */
export async function openStage(context: Context): Promise<Stage> {
  const file = need(context.settings.deploymentFile, 'a deployment file', '--deployment or DEPLOYMENT_FILE')
  const deployment = await readDeployment(file).catch((cause: Error) => {
    throw new CliError('FILE_MISSING', cause.message, { hint: 'npm run terra -- deploy --help', cause })
  })
  const { client, rpcUrl, chainId } = await openRpc(context)
  if (chainId !== deployment.chainId) {
    throw new CliError('WRONG_CHAIN', `The deployment is on chain ${deployment.chainId}, but the node answers for chain ${chainId}`, {
      hint: 'check --rpc and --deployment',
    })
  }
  await checkContracts(client, deployment)
  return { deployment, client, chainId, rpcUrl }
}

/** The node alone, for a command that has no deployment yet. */
export async function openRpc(context: Context): Promise<Omit<Stage, 'deployment'>> {
  const rpcUrl = need(context.settings.rpcUrl, "a node's address", '--rpc or RPC_URL')
  const { client } = chainOf(rpcUrl)
  const chainId = await client.getChainId().catch((cause) => {
    throw new CliError('RPC_UNREACHABLE', 'The node does not answer', {
      hint: 'check --rpc, and that a local stack is running (npm start)',
      cause,
    })
  })
  return { client, chainId, rpcUrl }
}

/** @throws CliError SETTING_MISSING, DATABASE_UNREACHABLE */
export async function openDatabase(context: Context): Promise<Pool> {
  const pool = openPool(need(context.settings.databaseUrl, 'a database', '--database or DATABASE_URL'), { max: 4, name: 'terra-cli' })
  context.onClose(() => pool.end())
  context.database = pool
  await pool.query('select 1').catch((cause) => {
    throw new CliError('DATABASE_UNREACHABLE', 'The database does not answer', {
      hint: 'check --database, and that a local stack is running (npm start)',
      cause,
    })
  })
  return pool
}

/** The operator's key on that chain. */
export async function openSender(context: Context, stage: Omit<Stage, 'deployment'>): Promise<Sender> {
  const keystore = need(context.settings.operatorKeystore, "the operator's keystore", '--keystore or OPERATOR_KEYSTORE')
  const account = await openKey(context.terminal, keystore, context.settings.keystorePassword)
  return { client: stage.client, chainId: stage.chainId, account }
}

export async function openDocuments(context: Context): Promise<Ipfs> {
  const folder = need(context.settings.ipfsFolder, "the documents' block store", 'IPFS_FOLDER')
  // Loaded here: most commands do without it and start sooner.
  const { openIpfs } = await import('../../common/node/ipfs.ts')
  const ipfs = await openIpfs(folder, context.settings.ipfsApiUrl)
  context.onClose(() => ipfs.close())
  return ipfs
}

/** Keeps other writing commands away from this deployment until the command ends. A dry run writes nothing and needs no lock. */
export function lockDeployment(context: Context): void {
  if (context.options.dryRun) return
  context.isWriting = true
  const file = need(context.settings.deploymentFile, 'a deployment file', '--deployment or DEPLOYMENT_FILE')
  context.onClose(takeLock(join(dirname(file), '.terra-lock'), `terra ${context.command}`))
}

export function need(value: string | undefined, what: string, how: string): string {
  if (value !== undefined) return value
  throw new CliError('SETTING_MISSING', `This command needs ${what}`, { hint: `name it by ${how}, or start a local stack (npm start)` })
}
