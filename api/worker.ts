import { createTransport } from 'nodemailer'
import { parseGwei } from 'viem'
import { openPool } from '../common/node/db.ts'
import { readDeployment } from '../common/node/deployment.ts'
import { readEnv } from '../common/node/env.ts'
import { readKeystore } from '../common/node/keystore.ts'
import { openLog } from '../common/node/log.ts'
import { readSealKeys } from '../common/node/seal.ts'
import { WorkerEnv } from './config.ts'
import { openGuards } from './health/vendors.ts'
import { openKycProviders } from './kyc/open-providers.ts'
import { MINT_SETTINGS } from './mint/engine.ts'
import { openNodes } from './mint/nodes.ts'
import { guardMail } from './notifications/guard-mail.ts'
import { isLiveKey, openStripe } from './payments/stripe.ts'
import { runWorker } from './run-worker.ts'

/** The worker process: the only one that holds signing keys. */
const env = readEnv(WorkerEnv)
const log = openLog('worker', env.LOG_LEVEL)
const deployment = await readDeployment(env.DEPLOYMENT_FILE)
const [minter, attestor, paymentAttestor] = await Promise.all([
  readKeystore(env.MINTER_KEYSTORE, env.KEYSTORE_PASSWORD),
  readKeystore(env.ATTESTOR_KEYSTORE, env.KEYSTORE_PASSWORD),
  readKeystore(env.PAYMENT_ATTESTOR_KEYSTORE, env.KEYSTORE_PASSWORD),
])
const urls = env.RPC_URL.split(',').map((url) => url.trim())
const nodes = openNodes(urls, deployment.chainId)
const pool = openPool(env.DATABASE_URL, { max: 20, name: 'terra-worker' })
const clock = () => new Date()
const guards = openGuards({ process: 'worker', pool, clock, log })
const worker = await runWorker({
  pool,
  databaseUrl: env.DATABASE_URL,
  redisUrl: env.REDIS_URL,
  nodes,
  deployment,
  minter,
  attestor,
  paymentAttestor,
  encryptionKeys: readSealKeys(env.ENCRYPTION_KEYS),
  stripe: openStripe(env.STRIPE_API_URL, env.STRIPE_SECRET_KEY, guards.stripe),
  isLive: isLiveKey(env.STRIPE_SECRET_KEY),
  kyc: openKycProviders(env, {}, clock, guards),
  // Short enough that a mail server that hangs does not hold a transaction open.
  mail: guardMail(
    createTransport({ url: env.SMTP_URL, connectionTimeout: 3_000, greetingTimeout: 3_000, socketTimeout: 5_000 }),
    guards.mail,
  ),
  mailFrom: env.MAIL_FROM,
  publicUrl: new URL(env.PUBLIC_URL),
  clock,
  log,
  step: async (name, about) => log.debug({ step: name, ...about }, 'Reached a step'),
  settings: {
    ...MINT_SETTINGS,
    fees: { tipFloorWei: parseGwei(String(env.TIP_FLOOR_GWEI)), maxFeeCapWei: parseGwei(String(env.FEE_CAP_GWEI)) },
  },
})
log.info({ chainId: deployment.chainId, minter: minter.address }, 'The worker is running')

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    log.info({ signal }, 'The worker is stopping')
    await worker.stop()
    await pool.end()
    process.exit(0)
  })
}
