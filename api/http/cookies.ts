import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../common/errors.ts'
import type { App, Settings } from './deps.ts'

/** Holds the refresh token of a browser; scripts cannot read it, other sites cannot send it. */
export const REFRESH_COOKIE = 'tl_refresh'
/** Ties a challenge for signing in, by wallet or passkey, to the browser that asked for it. */
export const BROWSER_COOKIE = 'tl_browser'
export const BROWSER_SECONDS = 24 * 3_600
/** Tells a browser that signed in before from a new one. Opens nothing. */
export const DEVICE_COOKIE = 'tl_device'
export const DEVICE_SECONDS = 365 * 24 * 3_600

const PATHS = { [REFRESH_COOKIE]: '/api/v1/auth', [BROWSER_COOKIE]: '/api/v1', [DEVICE_COOKIE]: '/api/v1' }
type Name = keyof typeof PATHS

export function setCookie(reply: FastifyReply, settings: Settings, name: Name, value: string, maxAgeSeconds: number): void {
  reply.setCookie(name, value, {
    path: PATHS[name],
    httpOnly: true,
    sameSite: 'strict',
    secure: settings.publicUrl.protocol === 'https:',
    maxAge: maxAgeSeconds,
  })
}

export function clearCookie(reply: FastifyReply, name: Name): void {
  reply.clearCookie(name, { path: PATHS[name] })
}

/** Refuses what another site's page sent, in a scope where cookies count. Programs send no Origin. */
export function refuseForeignOrigin(app: App, settings: Settings): void {
  app.addHook('onRequest', async (request) => {
    if (request.method !== 'GET' && !isOwnOrigin(request, settings)) throw new AppError('CSRF', 'This request came from another site')
  })
}

export function isOwnOrigin(request: FastifyRequest, settings: Settings): boolean {
  const { origin } = request.headers
  return origin === undefined || origin === settings.publicUrl.origin
}
