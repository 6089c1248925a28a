import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { AppError } from '../../common/errors.ts'
import type { App, Settings } from './deps.ts'

/** Security headers and the limit of requests per address and minute. */
export async function protect(app: App, settings: Settings): Promise<void> {
  const { publicUrl, contentHosts } = settings
  const isSecure = publicUrl.protocol === 'https:'
  const rpcOrigins = settings.publicRpcUrl.split(',').map((url) => new URL(url.trim()).origin)
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        connectSrc: ["'self'", `${isSecure ? 'wss' : 'ws'}://${publicUrl.host}`, ...rpcOrigins, ...contentHosts],
        imgSrc: ["'self'", 'data:', ...contentHosts],
        frameSrc: ["'self'", ...contentHosts],
        fontSrc: ["'self'", ...contentHosts],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(isSecure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: isSecure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
  })
  await app.register(rateLimit, {
    max: settings.rateLimitPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, context) =>
      new AppError('TRY_LATER', `Too many requests. Try again in ${Math.ceil(context.ttl / 1000)} seconds`, {
        details: { retryAfterSeconds: Math.ceil(context.ttl / 1000) },
      }),
  })
}

/** Route options for what could be used to guess at secrets. */
export function tightLimit(settings: Settings) {
  return { rateLimit: { max: settings.authRateLimitPerMinute, timeWindow: 60_000 } }
}
