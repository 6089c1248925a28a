import { type Static, Type } from 'typebox'
import { Text } from '../../common/node/env.ts'
import { openOnfido } from './onfido.ts'
import type { KycProviders } from './provider.ts'
import { openSumsub } from './sumsub.ts'

/** What both processes read to reach the identity providers. */
export const KycEnv = {
  /** Who gets new identity checks; earlier ones are read where they were begun. */
  KYC_PROVIDER: Type.Union([Type.Literal('onfido'), Type.Literal('sumsub')], { default: 'onfido' }),
  ONFIDO_API_URL: Text,
  ONFIDO_API_TOKEN: Text,
  SUMSUB_API_URL: Type.Optional(Text),
  SUMSUB_APP_TOKEN: Type.Optional(Text),
  SUMSUB_SECRET_KEY: Type.Optional(Text),
  /** Names of Sumsub's verification levels for persons and for organisations. */
  SUMSUB_PERSON_LEVEL: Type.String({ minLength: 1, default: 'id-and-liveness' }),
  SUMSUB_COMPANY_LEVEL: Type.String({ minLength: 1, default: 'company' }),
}
const Env = Type.Object(KycEnv)

/** Opens every provider that is configured. Only who takes webhooks knows their secrets. @throws Error when the chosen one isn't configured */
export function openKycProviders(
  env: Static<typeof Env>,
  secrets: { onfidoWebhookToken?: string | undefined; sumsubWebhookSecret?: string | undefined },
  clock: () => Date,
): KycProviders {
  const onfido = openOnfido({ apiUrl: env.ONFIDO_API_URL, apiToken: env.ONFIDO_API_TOKEN, webhookToken: secrets.onfidoWebhookToken })
  const { SUMSUB_API_URL: apiUrl, SUMSUB_APP_TOKEN: appToken, SUMSUB_SECRET_KEY: secretKey } = env
  if (apiUrl === undefined || appToken === undefined || secretKey === undefined) {
    if (env.KYC_PROVIDER === 'sumsub') throw new Error('KYC_PROVIDER=sumsub needs SUMSUB_API_URL, SUMSUB_APP_TOKEN and SUMSUB_SECRET_KEY')
    return { chosen: onfido, all: [onfido] }
  }
  const sumsub = openSumsub({
    apiUrl,
    appToken,
    secretKey,
    webhookSecret: secrets.sumsubWebhookSecret,
    personLevel: env.SUMSUB_PERSON_LEVEL,
    companyLevel: env.SUMSUB_COMPANY_LEVEL,
    clock,
  })
  return { chosen: env.KYC_PROVIDER === 'sumsub' ? sumsub : onfido, all: [onfido, sumsub] }
}
