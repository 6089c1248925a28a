import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import websocket from '@fastify/websocket'
import { fastify } from 'fastify'
import { passwordRoutes } from './accounts/password-routes.ts'
import { accountRoutes } from './accounts/routes.ts'
import { sessionRoutes } from './accounts/session-routes.ts'
import { accreditationDeskRoutes } from './accreditation/desk-routes.ts'
import { accreditationRoutes } from './accreditation/routes.ts'
import { ecspRoutes } from './ecsp/routes.ts'
import { confirmRoutes } from './factors/confirm-routes.ts'
import { passkeyRoutes } from './factors/passkey-routes.ts'
import { factorRoutes } from './factors/routes.ts'
import { factorSignInRoutes } from './factors/sign-in-routes.ts'
import { financesRoutes } from './finances/routes.ts'
import { configRoutes, healthRoutes } from './health/routes.ts'
import { actForRequests } from './http/acting.ts'
import type { App, Deps } from './http/deps.ts'
import { describeApi } from './http/docs.ts'
import { handleErrors } from './http/errors.ts'
import { readJsonStrictly } from './http/json.ts'
import { logRequests, requestIdOf } from './http/log-requests.ts'
import { keepRouteTable } from './http/route-table.ts'
import { protect } from './http/security.ts'
import { compileValidator } from './http/validation.ts'
import { serveWebApp } from './http/web-app.ts'
import { investmentRoutes } from './investments/routes.ts'
import { tenantRoutes } from './issuers/routes.ts'
import { kycRoutes } from './kyc/routes.ts'
import { wireRoutes } from './payments/wire-routes.ts'
import { feedRoutes, portfolioRoutes } from './portfolio/routes.ts'
import { privacyRoutes } from './privacy/routes.ts'
import { contentRoutes } from './projects/content-routes.ts'
import { issuerRoutes } from './projects/issuer-routes.ts'
import { newsRoutes } from './projects/news-routes.ts'
import { projectRoutes } from './projects/routes.ts'
import { relationshipRoutes } from './relationships/routes.ts'
import { reviewRoutes } from './review/routes.ts'
import { outsideWalletRoutes } from './wallets/outside-routes.ts'
import { walletRoutes } from './wallets/routes.ts'
import { webhookRoutes } from './webhooks/routes.ts'

/** Largest document an issuer can upload. */
const MAX_FILE_BYTES = 20_000_000
/** Largest message a browser may send over the feed; it has nothing to say. */
const MAX_FEED_BYTES = 1_024

/** Puts the api together: what holds for every route first, then each domain's routes by name. */
export async function buildApp(deps: Deps): Promise<App> {
  const { settings, log } = deps
  const app = fastify({
    genReqId: ({ headers }) => requestIdOf(headers),
    trustProxy: settings.trustedProxies.length > 0 && settings.trustedProxies,
    frameworkErrors: handleErrors(log),
    routerOptions: { maxParamLength: 200 },
  }) as unknown as App
  app.decorate('clock', deps.clock)
  keepRouteTable(app)
  app.decorateRequest('viewer', null)
  app.decorateRequest('idempotencyKey', '')
  app.setValidatorCompiler(compileValidator)
  app.setErrorHandler(handleErrors(log))
  logRequests(app, log)
  actForRequests(app, deps)
  readJsonStrictly(app)
  await protect(app, settings)
  await app.register(cookie)
  await app.register(multipart, { limits: { fileSize: MAX_FILE_BYTES, files: 1, fields: 4, parts: 5, fieldSize: 1_000 } })
  await app.register(websocket, { options: { maxPayload: MAX_FEED_BYTES } })
  await describeApi(app, settings)

  await app.register(healthRoutes, deps)
  await app.register(contentRoutes, deps)
  await app.register(feedRoutes, deps)
  for (const routes of [
    configRoutes,
    accountRoutes,
    passwordRoutes,
    sessionRoutes,
    factorSignInRoutes,
    factorRoutes,
    passkeyRoutes,
    confirmRoutes,
    walletRoutes,
    outsideWalletRoutes,
    kycRoutes,
    financesRoutes,
    accreditationRoutes,
    accreditationDeskRoutes,
    privacyRoutes,
    ecspRoutes,
    projectRoutes,
    issuerRoutes,
    newsRoutes,
    tenantRoutes,
    relationshipRoutes,
    reviewRoutes,
    portfolioRoutes,
    investmentRoutes,
    wireRoutes,
    webhookRoutes,
  ]) {
    await app.register(routes, { ...deps, prefix: '/api/v1' })
  }
  await serveWebApp(app, settings)
  return app
}
