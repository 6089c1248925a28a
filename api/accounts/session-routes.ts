import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import { Session, SessionInfo, Uuid } from '../../common/wire.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import { clearCookie, REFRESH_COOKIE, refuseForeignOrigin } from '../http/cookies.ts'
import type { App, Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { closed } from '../http/validation.ts'
import { presentSession } from './open-session.ts'
import { endSession, listSessions, revokeFamily, revokeOthers, rotateSession } from './sessions.ts'

const Refresh = closed({
  refreshToken: Type.Optional(Type.String({ maxLength: 200, description: 'Left out by browsers: theirs is in the cookie' })),
})
const Ended = Type.Object({ ended: Type.Boolean() })

/** Renewing and ending sign-ins. */
export const sessionRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings } = deps

  await app.register(async (open: App) => {
    refuseForeignOrigin(open, settings)

    open.post(
      '/auth/refresh',
      { schema: { tags: ['Identity'], body: Refresh, response: responses(Session, 'SESSION_REVOKED', 'UNAUTHENTICATED', 'CSRF') } },
      async (request, reply) => {
        const { token, isCookie } = tokenOf(request, request.body.refreshToken)
        if (token === undefined) throw new AppError('UNAUTHENTICATED', 'Send the refresh token or its cookie')
        const session = await rotateSession(deps, token)
        if (!session) return refuse(reply, isCookie)
        return answer(request, await presentSession(deps, reply, session, isCookie))
      },
    )

    open.post(
      '/auth/logout',
      { schema: { tags: ['Identity'], body: Refresh, response: responses(Ended, 'CSRF') } },
      async (request, reply) => {
        const { token } = tokenOf(request, request.body.refreshToken)
        if (token !== undefined) await endSession(pool, clock(), token)
        clearCookie(reply, REFRESH_COOKIE)
        return answer(request, { ended: token !== undefined })
      },
    )
  })

  await app.register(async (own: App) => {
    authenticate(own, deps, { permission: 'account.use', enrolling: true })

    own.get(
      '/auth/sessions',
      { schema: { tags: ['Identity'], response: responses(Type.Array(SessionInfo), 'UNAUTHENTICATED') } },
      async (request) => {
        const { accountId, family } = signedIn(request)
        return answer(request, await listSessions(pool, clock(), accountId, family))
      },
    )

    own.delete(
      '/auth/sessions',
      { schema: { tags: ['Identity'], response: responses(Type.Object({ ended: Type.Integer() }), 'UNAUTHENTICATED') } },
      async (request) => {
        const { accountId, family } = signedIn(request)
        return answer(request, { ended: await revokeOthers(pool, clock(), accountId, family) })
      },
    )

    own.delete(
      '/auth/sessions/:id',
      { schema: { tags: ['Identity'], params: closed({ id: Uuid }), response: responses(Ended, 'UNAUTHENTICATED', 'NOT_FOUND') } },
      async (request) => {
        const wasThere = await revokeFamily(pool, clock(), signedIn(request).accountId, request.params.id)
        if (!wasThere) throw new AppError('NOT_FOUND', 'There is no such session')
        return answer(request, { ended: true })
      },
    )
  })
}

/** A token in the body wins over the cookie. */
function tokenOf(request: FastifyRequest, inBody: string | undefined): { token: string | undefined; isCookie: boolean } {
  return inBody ? { token: inBody, isCookie: false } : { token: request.cookies[REFRESH_COOKIE] || undefined, isCookie: true }
}

function refuse(reply: FastifyReply, isCookie: boolean): never {
  if (isCookie) clearCookie(reply, REFRESH_COOKIE)
  throw new AppError('SESSION_REVOKED', 'This session has ended. Sign in again')
}
