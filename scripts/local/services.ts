import { join } from 'node:path'
import pg from 'pg'
import { type Child, keepChild } from './child.ts'
import { databaseUrl } from './database.ts'
import type { LocalKeys } from './keys.ts'
import type { Ports } from './ports.ts'
import type { Registry } from './registry.ts'
import type { Secrets } from './secrets.ts'
import type { Steps } from './steps.ts'

export interface ServiceSettings {
  folder: string
  ports: Ports
  secrets: Secrets
  keys: LocalKeys
  adminUrl: string
  rpcUrl: string
  deploymentFile: string
  ipfsFolder: string
  webUrl: string
  registry: Registry
  steps: Steps
}

const root = join(import.meta.dirname, '..', '..')

/** Starts the product's own processes, exactly as in production but for the addresses they are given. Answers when all are ready. */
export async function startServices(settings: ServiceSettings, started: (child: Child) => void): Promise<void> {
  const { ports, webUrl, steps } = settings
  const env = environments(settings)
  const start = (name: keyof typeof env, entry: string) => {
    const child = keepChild({
      name,
      command: process.execPath,
      args: [entry],
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TZ: process.env.TZ, LOG_LEVEL: process.env.LOG_LEVEL, ...env[name] },
      logFile: join(settings.folder, 'logs', `${name}.log`),
      registry: settings.registry,
      onRestart: steps.warn,
    })
    started(child)
    return child
  }
  await steps.run('Sandbox, indexer, api and worker', async () => {
    const sandbox = start('sandbox', 'sandbox/main.ts')
    const indexer = start('indexer', 'indexer/main.ts')
    await sandbox.ready(() => isOk(`http://127.0.0.1:${ports.sandbox}/health`), 30_000)
    const api = start('api', 'api/main.ts')
    const worker = start('worker', 'api/worker.ts')
    // Ready means: the database answers and the mirror has caught up with the chain, so the indexer works too.
    await api.ready(() => isOk(`http://127.0.0.1:${ports.web}/ready`), 90_000)
    await indexer.ready(async () => true, 1_000)
    await worker.ready(() => isConnected(settings.adminUrl, 'terra-worker'), 30_000)
  })
  steps.say(`  Logs are in ${join(settings.folder, 'logs')}; the platform answers at ${webUrl}`)
}

function environments({ ports, secrets, keys, adminUrl, rpcUrl, deploymentFile, ipfsFolder, webUrl, folder }: ServiceSettings) {
  const as = (role: string, password: string) => databaseUrl(adminUrl, { role, password })
  const sandboxUrl = `http://localhost:${ports.sandbox}`
  const vendors = {
    STRIPE_API_URL: sandboxUrl,
    STRIPE_SECRET_KEY: secrets.stripeSecretKey,
    ONFIDO_API_URL: `${sandboxUrl}/v3.6`,
    ONFIDO_API_TOKEN: secrets.onfidoApiToken,
  }
  const webhooks = { STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret, ONFIDO_WEBHOOK_TOKEN: secrets.onfidoWebhookToken }
  const chain = { RPC_URL: rpcUrl, DEPLOYMENT_FILE: deploymentFile }
  const host = process.env.HOST ?? '127.0.0.1'
  return {
    sandbox: {
      ...webhooks,
      HOST: host,
      STRIPE_SECRET_KEY: secrets.stripeSecretKey,
      ONFIDO_API_TOKEN: secrets.onfidoApiToken,
      SANDBOX_PORT: String(ports.sandbox),
      SANDBOX_SMTP_PORT: String(ports.smtp),
      PUBLIC_URL: sandboxUrl,
      STRIPE_WEBHOOK_URL: `http://127.0.0.1:${ports.web}/api/v1/webhooks/stripe`,
      ONFIDO_WEBHOOK_URL: `http://127.0.0.1:${ports.web}/api/v1/webhooks/onfido`,
      SANDBOX_STATE: join(folder, 'sandbox.json'),
    },
    // Its chain's time is moved on for lock-ups and notices.
    indexer: { ...chain, DATABASE_URL: as('terra_indexer', secrets.indexerPassword), BLOCK_MAX_AHEAD_SECONDS: String(100 * 365 * 86_400) },
    api: {
      ...chain,
      ...vendors,
      ...webhooks,
      HOST: host,
      PORT: String(ports.web),
      PUBLIC_URL: webUrl,
      PUBLIC_RPC_URL: `http://localhost:${ports.rpc}`,
      DATABASE_URL: as('terra_api', secrets.apiPassword),
      JWT_SECRET: secrets.jwtSecret,
      ENCRYPTION_KEYS: secrets.encryptionKey,
      BREACH_API_URL: sandboxUrl,
      WIRE_PAY_TO_USD: process.env.WIRE_PAY_TO_USD ?? 'Terra Lumina, local stack\nNo bank: no transfer will arrive',
      IPFS_FOLDER: ipfsFolder,
      IPFS_API_URL: process.env.IPFS_API_URL,
      WEB_FOLDER: join(root, 'web', 'dist'),
      // One person's machine: forty seeded people and the demo share an address.
      RATE_LIMIT_PER_MINUTE: '100000',
      AUTH_RATE_LIMIT_PER_MINUTE: '10000',
    },
    worker: {
      ...chain,
      ...vendors,
      DATABASE_URL: as('terra_worker', secrets.workerPassword),
      MINTER_KEYSTORE: keys.minter.path,
      ATTESTOR_KEYSTORE: keys.attestor.path,
      PAYMENT_ATTESTOR_KEYSTORE: keys.paymentAttestor.path,
      KEYSTORE_PASSWORD: secrets.keystorePassword,
      ENCRYPTION_KEYS: secrets.encryptionKey,
      SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
      MAIL_FROM: 'Terra Lumina <no-reply@terra-lumina.example>',
      PUBLIC_URL: webUrl,
      REDIS_URL: process.env.REDIS_URL,
    },
  } satisfies Record<string, Record<string, string | undefined>>
}

async function isOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) })
  await response.body?.cancel()
  return response.ok
}

/** Whether a process is at work on the database, by the name it connects with. The worker listens on no port. */
async function isConnected(adminUrl: string, name: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_stat_activity where application_name = $1', [name])
    return rowCount !== 0
  } finally {
    await client.end()
  }
}
