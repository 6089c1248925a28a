import { type Static, Type } from 'typebox'
import { Port, Text } from '../common/node/env.ts'
import { readSealKeys } from '../common/node/seal.ts'
import type { Settings } from './http/deps.ts'
import { KycEnv } from './kyc/open-providers.ts'
import { isLiveKey } from './payments/stripe.ts'

const LogLevel = Type.Union(
  ['debug', 'info', 'warn', 'error', 'silent'].map((level) => Type.Literal(level)),
  { default: 'info' },
)

const SealKeys = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=( *, *[A-Za-z0-9+/]{43}=)*$' })

/** What the api process reads from the environment. */
export const ApiEnv = Type.Object({
  HOST: Type.String({ default: '127.0.0.1' }),
  PORT: Port(3000),
  PUBLIC_URL: Type.String({ pattern: '^https?://[^/]+/?$', default: 'http://localhost:3000' }),
  DATABASE_URL: Text,
  RPC_URL: Text,
  PUBLIC_RPC_URL: Text,
  DEPLOYMENT_FILE: Text,
  JWT_SECRET: Type.String({ minLength: 32 }),
  /** 32 bytes in base64: encrypts the secrets of authenticator apps and the names that people gave. Several with commas: the first encrypts, all decrypt. */
  ENCRYPTION_KEYS: SealKeys,
  /** The domain passkeys are for: the host of PUBLIC_URL, or a parent domain of it. */
  PASSKEY_RP_ID: Type.Optional(Text),
  /** Where new passwords are looked up among breached ones: the base of a range API, or an ordered file of SHA-1 hashes, which wins. */
  BREACH_API_URL: Type.Optional(Text),
  BREACH_LIST_FILE: Type.Optional(Text),
  STRIPE_API_URL: Text,
  STRIPE_SECRET_KEY: Text,
  STRIPE_WEBHOOK_SECRET: Text,
  /** Name, bank and account that bank transfers go to, for each currency that is taken so. */
  WIRE_PAY_TO_USD: Type.Optional(Text),
  WIRE_PAY_TO_EUR: Type.Optional(Text),
  ...KycEnv,
  ONFIDO_WEBHOOK_TOKEN: Text,
  SUMSUB_WEBHOOK_SECRET: Type.Optional(Text),
  IPFS_FOLDER: Text,
  IPFS_API_URL: Type.Optional(Text),
  WEB_FOLDER: Type.String({ default: 'web/dist' }),
  RATE_LIMIT_PER_MINUTE: Type.Integer({ minimum: 1, default: 1_000 }),
  AUTH_RATE_LIMIT_PER_MINUTE: Type.Integer({ minimum: 1, default: 120 }),
  /** Comma-separated addresses or networks of reverse proxies whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: Type.String({ default: '' }),
  /** Comma-separated hosts that the page may talk to and show besides its own: a web build with social login needs its vendor's. */
  CONTENT_HOSTS: Type.String({ default: '' }),
  LOG_LEVEL: LogLevel,
})
export type ApiEnv = Static<typeof ApiEnv>

/** What the worker process reads from the environment. */
export const WorkerEnv = Type.Object({
  DATABASE_URL: Text,
  RPC_URL: Text,
  DEPLOYMENT_FILE: Text,
  /** Sends mints and registrations. Of the three keys each has its own address: one address has one role on chain. */
  MINTER_KEYSTORE: Text,
  /** Signs that an identity is verified. */
  ATTESTOR_KEYSTORE: Text,
  /** Signs that an investment is paid. */
  PAYMENT_ATTESTOR_KEYSTORE: Text,
  KEYSTORE_PASSWORD: Text,
  /** As the api's: opens the names that people gave, to compare them with the sanctions lists. */
  ENCRYPTION_KEYS: SealKeys,
  STRIPE_API_URL: Text,
  STRIPE_SECRET_KEY: Text,
  ...KycEnv,
  SMTP_URL: Text,
  MAIL_FROM: Text,
  PUBLIC_URL: Type.String({ pattern: '^https?://[^/]+/?$', default: 'http://localhost:3000' }),
  REDIS_URL: Type.Optional(Text),
  /** Smallest tip the chain's validators take, in gwei per gas; Polygon asks for 25 to 30. */
  TIP_FLOOR_GWEI: Type.Integer({ minimum: 0, default: 30 }),
  /** Never more than this is offered, in gwei per gas. */
  FEE_CAP_GWEI: Type.Integer({ minimum: 1, default: 1_000 }),
  LOG_LEVEL: LogLevel,
})
export type WorkerEnv = Static<typeof WorkerEnv>

/** The part of the environment that routes may know. */
export function settingsOf(env: ApiEnv): Settings {
  return {
    publicUrl: new URL(env.PUBLIC_URL),
    publicRpcUrl: env.PUBLIC_RPC_URL,
    jwtSecret: env.JWT_SECRET,
    encryptionKeys: readSealKeys(env.ENCRYPTION_KEYS),
    passkeyRpId: env.PASSKEY_RP_ID ?? new URL(env.PUBLIC_URL).hostname,
    stripeWebhookSecret: env.STRIPE_WEBHOOK_SECRET,
    stripeIsLive: isLiveKey(env.STRIPE_SECRET_KEY),
    wirePayTo: {
      ...(env.WIRE_PAY_TO_USD !== undefined && { USD: env.WIRE_PAY_TO_USD }),
      ...(env.WIRE_PAY_TO_EUR !== undefined && { EUR: env.WIRE_PAY_TO_EUR }),
    },
    webFolder: env.WEB_FOLDER,
    rateLimitPerMinute: env.RATE_LIMIT_PER_MINUTE,
    authRateLimitPerMinute: env.AUTH_RATE_LIMIT_PER_MINUTE,
    trustedProxies: listOf(env.TRUSTED_PROXIES),
    contentHosts: listOf(env.CONTENT_HOSTS),
  }
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}
