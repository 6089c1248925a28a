import { chainOf, openChain } from '../common/node/chain.ts'
import { openPool } from '../common/node/db.ts'
import { type Deployment, readDeployment } from '../common/node/deployment.ts'
import { readEnv } from '../common/node/env.ts'
import { openIpfs } from '../common/node/ipfs.ts'
import { type Log, openLog } from '../common/node/log.ts'
import { openBreachCheck } from './accounts/breached-passwords.ts'
import { buildApp } from './app.ts'
import { ApiEnv, settingsOf } from './config.ts'
import { openGuards } from './health/vendors.ts'
import { listInvestments } from './investments/queries.ts'
import { openKycProviders } from './kyc/open-providers.ts'
import { openStripe } from './payments/stripe.ts'
import { openFeed } from './portfolio/feed.ts'

const env = readEnv(ApiEnv)
const log = openLog('api', env.LOG_LEVEL)
const clock = () => new Date()
const deployment = await readDeployment(env.DEPLOYMENT_FILE)
const pool = openPool(env.DATABASE_URL, { name: 'terra-api', max: 20 })
const ipfs = await openIpfs(env.IPFS_FOLDER, env.IPFS_API_URL)
const feed = await openFeed({
  pool,
  databaseUrl: env.DATABASE_URL,
  clock,
  log,
  listNewest: (db, accountId, now) => listInvestments(db, accountId, { after: undefined, limit: 20 }, now),
})
const guards = openGuards({ process: 'api', pool, clock, log })
const app = await buildApp({
  pool,
  clock,
  chain: await reachChain(env.RPC_URL, deployment, log),
  deployment,
  ipfs,
  stripe: openStripe(env.STRIPE_API_URL, env.STRIPE_SECRET_KEY, guards.stripe),
  kyc: openKycProviders(
    env,
    { onfidoWebhookToken: env.ONFIDO_WEBHOOK_TOKEN, sumsubWebhookSecret: env.SUMSUB_WEBHOOK_SECRET },
    clock,
    guards,
  ),
  isBreached: openBreachCheck({ url: env.BREACH_API_URL, file: env.BREACH_LIST_FILE, log, guard: guards.breaches }),
  settings: settingsOf(env),
  log,
  feed,
})
await app.listen({ host: env.HOST, port: env.PORT })
log.info({ address: app.addresses()[0] }, 'api listening')

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    log.info({ signal }, 'api stopping')
    await feed.close()
    await app.close()
    await ipfs.close()
    await pool.end()
  })
}

/** Another chain than the deployment's is a mistake to stop at; a node that is away is not: reading goes on from the mirror. */
async function reachChain(rpcUrl: string, { chainId }: Deployment, log: Log) {
  try {
    return await openChain(rpcUrl, chainId)
  } catch (cause) {
    if (cause instanceof Error && cause.message.startsWith('WRONG_CHAIN')) throw cause
    log.warn({ err: cause }, 'No node answers yet; contract wallets cannot sign in until one does')
    return { ...chainOf(rpcUrl), chainId }
  }
}
