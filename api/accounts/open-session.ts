import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Session } from '../../common/wire.ts'
import { ACCESS_SECONDS, signAccess } from '../http/auth.ts'
import { REFRESH_COOKIE, setCookie } from '../http/cookies.ts'
import type { Deps } from '../http/deps.ts'
import { findUser } from './queries.ts'
import { beginSession, REFRESH_SECONDS, type Rotated } from './sessions.ts'

/** Signs an account in: a new session, its tokens and the user. With `useCookie` the refresh token goes into the cookie only. */
export async function openSession(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  accountId: string,
  useCookie: boolean,
): Promise<Session> {
  const session = await beginSession(deps.pool, deps.clock(), accountId, request.headers['user-agent'])
  return presentSession(deps, reply, session, useCookie)
}

/** The tokens and the user of a session that was just begun or rotated. */
export async function presentSession(deps: Deps, reply: FastifyReply, session: Rotated, useCookie: boolean): Promise<Session> {
  const { accountId, family, refreshToken } = session
  if (useCookie) setCookie(reply, deps.settings, REFRESH_COOKIE, refreshToken, REFRESH_SECONDS)
  return {
    accessToken: await signAccess(deps.settings, deps.clock, accountId, family),
    refreshToken: useCookie ? '' : refreshToken,
    expiresIn: ACCESS_SECONDS,
    user: await findUser(deps.pool, accountId, deps.clock()),
  }
}
