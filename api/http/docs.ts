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
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}
