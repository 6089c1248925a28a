import type { Log } from '../../common/node/log.ts'
import type { App } from './deps.ts'

/** One line per answered request. The route's pattern, not the address: addresses may carry tickets. */
export function logRequests(app: App, log: Log): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    log.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        accountId: request.viewer?.accountId,
      },
      'Answered a request',
    )
  })
}

/** The caller's x-request-id when it is a harmless word, else a new one. */
export function requestIdOf(headers: Record<string, string | string[] | undefined>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.-]{8,128}$/.test(given) ? given : crypto.randomUUID()
}
