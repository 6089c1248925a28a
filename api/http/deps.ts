import type { FastifyPluginAsyncTypebox, TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'
import type Stripe from 'stripe'
import type { WebSocket } from 'ws'
import type { Chain } from '../../common/node/chain.ts'
import type { Pool } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import type { Ipfs } from '../../common/node/ipfs.ts'
import type { Log } from '../../common/node/log.ts'
import type { IsBreached } from '../accounts/breached-passwords.ts'
import type { KycProviders } from '../kyc/provider.ts'

/** Everything the routes need from outside; main.ts opens it, tests pass their own. */
export interface Deps {
  /** Connected as terra_api. */
  pool: Pool
  clock: () => Date
  chain: Chain
  deployment: Deployment
  ipfs: Ipfs
  stripe: Stripe
  kyc: KycProviders
  /** Whether a password is among those known from breaches. */
  isBreached: IsBreached
  settings: Settings
  log: Log
  feed: Feed
}

/** What the environment decides about the api. */
export interface Settings {
  /** The one origin under which people reach the platform. */
  publicUrl: URL
  /** The RPC address browsers may use. */
  publicRpcUrl: string
  jwtSecret: string
  /** For secrets that must be read again: the first encrypts, all decrypt. */
  encryptionKeys: readonly Buffer[]
  /** The domain passkeys are bound to. */
  passkeyRpId: string
  stripeWebhookSecret: string
  /** Whether the Stripe key moves real money: events of the other mode are refused. */
  stripeIsLive: boolean
  /** Where bank transfers go, by currency, as lines of text; a currency without it can't be paid so. */
  wirePayTo: Partial<Record<string, string>>
  /** Folder of the built web app; may be missing, then only the API answers. */
  webFolder: string
  rateLimitPerMinute: number
  /** For routes that guess at secrets: login, registration, wallet sign-in. */
  authRateLimitPerMinute: number
  /** Addresses of the reverse proxies whose X-Forwarded-For is believed. */
  trustedProxies: string[]
  /** Foreign hosts that the page may talk to and show; the social-login vendor's, where it is part of the web build. */
  contentHosts: string[]
}

/** The sign-in a socket belongs to. */
export interface FeedSession {
  accountId: string
  /** Of refresh tokens: ends at logout. */
  family: string
}

/** Pushes what changed to the sockets of an account. */
export interface Feed {
  /** Takes over a socket; closes it with 1008 when the account has too many, and when the sign-in has ended. */
  attach(socket: WebSocket, session: FeedSession): void
  close(): Promise<void>
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** A domain's routes: a Fastify plugin that gets the dependencies as its options. */
export type Routes = FastifyPluginAsyncTypebox<Deps>
