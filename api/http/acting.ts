import type { FastifyRequest } from 'fastify'
import { AppError, type ErrorCode } from '../../common/errors.ts'
import { type Acting, actAs } from '../../common/node/acting.ts'
import type { Pool } from '../../common/node/db.ts'
import type { Log } from '../../common/node/log.ts'
import { noteAudit } from '../audit/note.ts'
import type { App } from './deps.ts'

/** Refusals that say something about who was refused. Those of strangers stay in the log: anybody could fill the audit with them. */
const NOTED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'FORBIDDEN',
  'FACTOR_REQUIRED',
  'CONFIRM_REQUIRED',
  'CSRF',
  'LOGIN_FAILED',
  'CODE_WRONG',
  'CODE_USED',
  'PASSKEY_REFUSED',
])

/** Everything a request changes is changed in its caller's name, and what a signed-in caller is refused is noted. */
export function actForRequests(app: App, deps: { pool: Pool; log: Log }): void {
  app.addHook('onRequest', (request, _reply, done) => actAs(() => actingOf(request), done))
  // Reading a body goes through the socket's events, which know nothing of the request.
  app.addHook('preValidation', (request, _reply, done) => actAs(() => actingOf(request), done))
  app.addHook('onError', async (request, _reply, error) => {
    if (!request.viewer || !(error instanceof AppError) || !NOTED.has(error.code)) return
    const note = { decision: 'refused', action: `refuse ${error.code}`, subject: `account ${request.viewer.accountId}` } as const
    await actAs(
      () => actingOf(request),
      () => noteAudit(deps.pool, note),
    ).catch((err) => deps.log.error({ requestId: request.id, err }, 'A refusal could not be noted'))
  })
}

function actingOf(request: FastifyRequest): Acting {
  const { viewer } = request
  return {
    actor: viewer ? `account:${viewer.accountId}` : 'nobody',
    issuerId: viewer?.issuerId,
    permission: `${request.method} ${request.routeOptions.url ?? 'none'}`,
    correlation: request.id,
  }
}
