import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { ErrorCode } from '../../common/errors.ts'
import { Envelope, Session } from '../../common/wire.ts'
import { PendingSignIn } from '../../common/wire-factors.ts'
import { listMethods } from '../factors/queries.ts'
import { ACCESS_SECONDS, signAccess } from '../http/auth.ts'
import { REFRESH_COOKIE, setCookie } from '../http/cookies.ts'
import type { Deps } from '../http/deps.ts'
import { responses } from '../http/envelope.ts'
import { noteDevice } from './devices.ts'
import { PENDING_SECONDS, signPending } from './pending-sign-in.ts'
import { findUser } from './queries.ts'
import { beginSession, REFRESH_SECONDS, type Rotated } from './sessions.ts'

/** Whose session is opened, and how. With `useCookie` the refresh token goes into the cookie only. */
export interface Entry {
  accountId: string
  useCookie: boolean
  /** A second factor was proven. */
  isFactorProven: boolean
}

const FirstStep = Type.Union([Session, PendingSignIn])

/** The `response` of a route that is a sign-in's first step: a session, or 202 and the token of the second step. */
export function signInResponses(...codes: ErrorCode[]): { 200: ReturnType<typeof Envelope<typeof FirstStep>> } {
  return { ...responses(Session, ...codes), 202: Envelope(PendingSignIn) } as never
}

/** After the first step: asks an account with a second factor for it, and signs any other in. */
export async function signInOrAsk(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  entry: Omit<Entry, 'isFactorProven'>,
): Promise<Session | PendingSignIn> {
  const methods = await listMethods(deps.pool, entry.accountId)
  if (methods.length === 0) return openSession(deps, request, reply, { ...entry, isFactorProven: false })
  reply.code(202)
  return { token: await signPending(deps, entry.accountId), methods, expiresIn: PENDING_SECONDS }
}

/** Signs an account in: a new session, its tokens and the user. */
export async function openSession(deps: Deps, request: FastifyRequest, reply: FastifyReply, entry: Entry): Promise<Session> {
  const session = await beginSession(deps.pool, deps.clock(), { ...entry, userAgent: request.headers['user-agent'] })
  await noteDevice(deps, request, reply, { accountId: entry.accountId, isBrowser: entry.useCookie })
  return presentSession(deps, reply, session, entry.useCookie)
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
