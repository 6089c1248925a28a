import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import type { LocalAccount } from 'viem'
import { createSiweMessage } from 'viem/siwe'
import { PARTIES } from '../common/node/access.ts'
import { chainOf } from '../common/node/chain.ts'
import { openPool } from '../common/node/db.ts'
import type { Deployment } from '../common/node/deployment.ts'
import { openIpfs } from '../common/node/ipfs.ts'
import { type Log, openLog } from '../common/node/log.ts'
import { freshDatabase, type TestDatabase } from '../common/node/testing.ts'
import { TEST_VENDOR_SECRETS } from '../common/node/testing-sandbox.ts'
import type { Session, SiweChallenge } from '../common/wire.ts'
import type { IsBreached } from './accounts/breached-passwords.ts'
import { buildApp } from './app.ts'
import type { App, Deps, Settings } from './http/deps.ts'
import { listInvestments } from './investments/queries.ts'
import { openKycProviders } from './kyc/open-providers.ts'
import { openStripe } from './payments/stripe.ts'
import { openFeed } from './portfolio/feed.ts'

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9'
export const TEST_PASSWORD = 'correct horse battery staple'

export const TEST_DEPLOYMENT: Deployment = {
  chainId: 31337,
  chainName: 'Test',
  startBlock: 0,
  explorerUrl: null,
  accessManager: '0x1000000000000000000000000000000000000006',
  timelock: '0x1000000000000000000000000000000000000007',
  forwarder: '0x1000000000000000000000000000000000000008',
  ownership: '0x1000000000000000000000000000000000000001',
  vault: '0x1000000000000000000000000000000000000002',
  registrar: '0x1000000000000000000000000000000000000003',
  sale: '0x1000000000000000000000000000000000000009',
  documents: '0x100000000000000000000000000000000000000a',
  payoutToken: '0x1000000000000000000000000000000000000004',
  payoutTokenSymbol: 'USDC',
  payoutTokenDecimals: 6,
  communityDao: '0x1000000000000000000000000000000000000005',
  libraries: {},
  constructorArguments: {},
  adminDelaySeconds: 0,
  parties: Object.fromEntries(PARTIES.map((party) => [party, '0x100000000000000000000000000000000000000b'])) as Deployment['parties'],
}

export interface TestApi {
  app: App
  db: TestDatabase
  deps: Deps
  /** Time as the api sees it: starts now and stands still until moved. */
  clock: { now: Date; pass(ms: number): void }
  /** Sends a request as `token`'s owner, JSON in and out. */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: unknown,
    token?: string,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>
  /** A new account with TEST_PASSWORD. */
  register(email: string): Promise<Session>
  /** A new account that acts for a new issuer. */
  registerIssuer(name: string): Promise<Session & { issuerId: string }>
  close(): Promise<void>
}

export interface TestApiOptions {
  /** A database to share with another part of the test, which then drops it. */
  db?: TestDatabase
  /** Address of the vendor sandbox; without it the vendors are away. */
  sandboxUrl?: string
  rpcUrl?: string
  deployment?: Partial<Deployment>
  settings?: Partial<Settings>
  heartbeatMs?: number
  isBreached?: IsBreached
  /** Who gets new identity checks; Onfido unless told otherwise. */
  kycProvider?: 'onfido' | 'sumsub'
  log?: Log
}

/** The api on a database of its own, as the role it runs under, with the vendors' own SDKs. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const { sandboxUrl = NOWHERE, rpcUrl = NOWHERE } = options
  const db = options.db ?? (await freshDatabase())
  const databaseUrl = db.urlOf('terra_api')
  const pool = openPool(databaseUrl)
  const folder = await mkdtemp(join(tmpdir(), 'terra-ipfs-'))
  const ipfs = await openIpfs(folder)
  const log = options.log ?? openLog('api', 'silent')
  const clock = {
    now: new Date(),
    pass(ms: number) {
      clock.now = new Date(clock.now.getTime() + ms)
    },
  }
  const deployment = { ...TEST_DEPLOYMENT, ...options.deployment }
  const feed = await openFeed({
    pool,
    databaseUrl,
    clock: () => clock.now,
    log,
    listNewest: (db, accountId, now) => listInvestments(db, accountId, { after: undefined, limit: 20 }, now),
    ...(options.heartbeatMs !== undefined && { heartbeatMs: options.heartbeatMs }),
  })
  const deps: Deps = {
    pool,
    clock: () => clock.now,
    chain: { ...chainOf(rpcUrl), chainId: deployment.chainId },
    deployment,
    ipfs,
    stripe: openStripe(sandboxUrl, TEST_VENDOR_SECRETS.STRIPE_SECRET_KEY),
    kyc: openKycProviders(
      {
        KYC_PROVIDER: options.kycProvider ?? 'onfido',
        ONFIDO_API_URL: sandboxUrl,
        ONFIDO_API_TOKEN: TEST_VENDOR_SECRETS.ONFIDO_API_TOKEN,
        SUMSUB_API_URL: sandboxUrl,
        SUMSUB_APP_TOKEN: TEST_VENDOR_SECRETS.SUMSUB_APP_TOKEN,
        SUMSUB_SECRET_KEY: TEST_VENDOR_SECRETS.SUMSUB_SECRET_KEY,
        SUMSUB_PERSON_LEVEL: 'id-and-liveness',
        SUMSUB_COMPANY_LEVEL: 'company',
      },
      { onfidoWebhookToken: TEST_VENDOR_SECRETS.ONFIDO_WEBHOOK_TOKEN, sumsubWebhookSecret: TEST_VENDOR_SECRETS.SUMSUB_WEBHOOK_SECRET },
      () => new Date(),
    ),
    isBreached: options.isBreached ?? (async () => false),
    settings: {
      publicUrl: new URL('http://localhost:3000'),
      publicRpcUrl: 'http://localhost:8545',
      wirePayTo: { USD: 'Terra Lumina Inc.\nTest Bank\n000123456789' },
      jwtSecret: 'a test secret that is long enough to be one',
      encryptionKeys: [Buffer.alloc(32, 7)],
      passkeyRpId: 'localhost',
      stripeWebhookSecret: TEST_VENDOR_SECRETS.STRIPE_WEBHOOK_SECRET,
      stripeIsLive: false,
      webFolder: '/nonexistent',
      rateLimitPerMinute: 100_000,
      authRateLimitPerMinute: 100_000,
      trustedProxies: [],
      contentHosts: ['https://vendor.example'],
      ...options.settings,
    },
    log,
    feed,
  }
  const app = await buildApp(deps)

  const call: TestApi['call'] = (method, url, body, token, headers = {}) => {
    const request: InjectOptions = { method, url: url.startsWith('/') ? url : `/api/v1/${url}`, headers: { ...headers } }
    if (token !== undefined) request.headers = { ...request.headers, authorization: `Bearer ${token}` }
    if (body !== undefined) {
      request.payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
      request.headers = { 'content-type': 'application/json', ...request.headers }
    }
    return app.inject(request)
  }
  const register: TestApi['register'] = async (email) => {
    const response = await call('POST', 'users/register', { email, password: TEST_PASSWORD, country: 'DE' })
    if (response.statusCode !== 201) throw new Error(`Registration answered ${response.body}`)
    return response.json().data
  }
  return {
    app,
    db,
    deps,
    clock,
    call,
    register,
    async registerIssuer(name) {
      const session = await register(`${name.toLowerCase().replace(/[^a-z]/g, '')}@issuer.example`)
      const { rows } = await db.admin.query<{ id: string }>(`insert into app.issuer (name, country) values ($1, 'DE') returning id`, [name])
      const issuerId = rows[0]!.id
      await db.admin.query(`insert into app.issuer_member (issuer_id, account_id, role, joined_at) values ($1, $2, 'owner', $3)`, [
        issuerId,
        session.user.id,
        clock.now,
      ])
      return { ...session, issuerId }
    },
    async close() {
      await feed.close()
      await app.close()
      await ipfs.close()
      await pool.end()
      if (!options.db) await db.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Asks for a challenge and signs it, as a browser with a wallet does; `change` bends the message before it is signed. */
export async function signIn(
  api: TestApi,
  wallet: LocalAccount,
  change: (challenge: SiweChallenge) => Partial<SiweChallenge> = () => ({}),
) {
  const response = await api.call('POST', 'auth/siwe/nonce', {})
  const cookie = String(response.headers['set-cookie']).split(';')[0]!
  const challenge: SiweChallenge = { ...response.json().data }
  const { issuedAt, expirationTime, ...fields } = { ...challenge, ...change(challenge) }
  const message = createSiweMessage({
    ...fields,
    address: wallet.address,
    version: '1',
    issuedAt: new Date(issuedAt),
    expirationTime: new Date(expirationTime),
  })
  return { cookie, message, signature: await wallet.signMessage({ message }) }
}
