import { Type } from 'typebox'
import { Port, Text } from '../common/node/env.ts'

/** What the sandbox process reads. Secrets are the ones the platform is given: any text will do locally. */
export const SandboxEnv = Type.Object({
  SANDBOX_PORT: Port(3100),
  SANDBOX_SMTP_PORT: Port(3125),
  /** Address of this process as a browser sees it; pages and links are made with it. */
  PUBLIC_URL: Type.Optional(Text),
  HOST: Type.String({ minLength: 1, default: '127.0.0.1' }),
  STRIPE_SECRET_KEY: Text,
  STRIPE_WEBHOOK_SECRET: Text,
  /** How long a bank takes to answer a debit: days in truth, here as long as somebody needs to look at the page that waits for it. */
  SANDBOX_DEBIT_SECONDS: Type.Integer({ minimum: 0, default: 15 }),
  /** Where Stripe events are posted; none are sent without it. */
  STRIPE_WEBHOOK_URL: Type.Optional(Text),
  ONFIDO_API_TOKEN: Text,
  ONFIDO_WEBHOOK_TOKEN: Text,
  ONFIDO_WEBHOOK_URL: Type.Optional(Text),
  /** Sumsub answers nobody unless it is given its token and key. */
  SUMSUB_APP_TOKEN: Type.Optional(Text),
  SUMSUB_SECRET_KEY: Type.Optional(Text),
  SUMSUB_WEBHOOK_SECRET: Type.Optional(Text),
  SUMSUB_WEBHOOK_URL: Type.Optional(Text),
  /** A JSON file that keeps everything over a restart; in memory only without it. */
  SANDBOX_STATE: Type.Optional(Text),
})
