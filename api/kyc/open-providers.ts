import { type Static, Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import { type Breaker, VendorAwayError } from '../../common/node/breaker.ts'
import { Text } from '../../common/node/env.ts'
import { openOnfido } from './onfido.ts'
import type { KycProvider, KycProviders } from './provider.ts'
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
  guards?: Record<'onfido' | 'sumsub', Breaker>,
): KycProviders {
  const plain = openOnfido({ apiUrl: env.ONFIDO_API_URL, apiToken: env.ONFIDO_API_TOKEN, webhookToken: secrets.onfidoWebhookToken })
  const onfido = guardProvider(plain, guards?.onfido)
  const { SUMSUB_API_URL: apiUrl, SUMSUB_APP_TOKEN: appToken, SUMSUB_SECRET_KEY: secretKey } = env
  if (apiUrl === undefined || appToken === undefined || secretKey === undefined) {
    if (env.KYC_PROVIDER === 'sumsub') throw new Error('KYC_PROVIDER=sumsub needs SUMSUB_API_URL, SUMSUB_APP_TOKEN and SUMSUB_SECRET_KEY')
    return { chosen: onfido, all: [onfido] }
  }
  const other = openSumsub({
    apiUrl,
    appToken,
    secretKey,
    webhookSecret: secrets.sumsubWebhookSecret,
    personLevel: env.SUMSUB_PERSON_LEVEL,
    companyLevel: env.SUMSUB_COMPANY_LEVEL,
    clock,
  })
  const sumsub = guardProvider(other, guards?.sumsub)
  return { chosen: env.KYC_PROVIDER === 'sumsub' ? sumsub : onfido, all: [onfido, sumsub] }
}

function guardProvider(provider: KycProvider, guard: Breaker | undefined): KycProvider {
  if (guard === undefined) return provider
  return {
    ...provider,
    startCheck: (...subject) =>
      guard
        .run(() => provider.startCheck(...subject))
        .catch((cause) => {
          if (!(cause instanceof VendorAwayError)) throw cause
          throw new AppError(
            'KYC_UNAVAILABLE',
            'The identity check cannot be started right now. Nothing was stored; try again in a minute',
            {
              cause,
            },
          )
        }),
    readCheck: (check) => guard.run(() => provider.readCheck(check)),
  }
}
