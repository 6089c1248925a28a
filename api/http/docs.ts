import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { App, Settings } from './deps.ts'
import { API_VERSION } from './envelope.ts'

/** The OpenAPI description, made from the routes: /openapi.json for programs, /docs for people. */
export async function describeApi(app: App, settings: Settings): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Terra Lumina',
        version: API_VERSION,
        description: 'Tokenized renewable-energy projects. Integers travel as decimal strings, times as ISO 8601 in UTC.',
      },
      servers: [{ url: settings.publicUrl.origin }],
      // The token is sent where it was given; routes say by their 401 where it is needed.
      security: [{ bearer: [] }, {}],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
  })
  // No policy of its own: the page gets by with the strict one every page has. And no badge from somebody else's server.
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { validatorUrl: null, layout: 'BaseLayout', persistAuthorization: false },
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}
