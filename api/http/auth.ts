import type { FastifyRequest } from 'fastify'
import { jwtVerify, SignJWT } from 'jose'
import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import type { Permission } from '../../common/permissions.ts'
import { keepActive } from './activity.ts'
import type { App, Deps, Settings } from './deps.ts'
import { deriveKey } from './tokens.ts'

/** Who asks, as the database knows them at this moment. */
export interface SignedIn {
  accountId: string
  /** Works for the platform: nothing without a second factor. */
  isStaff: boolean
  permissions: readonly Permission[]
  /** The issuer this account acts for. */
  issuerId: string | undefined
  /** The family of refresh tokens that this access token came from. */
  family: string
  /** Last use of this sign-in; stands still once it is older than the idle limit. */
  activeAt: Date
  /** When this sign-in last proved a second factor. */
  factorAt: Date | null
  /** When this sign-in last proved who it is, by password, wallet or factor; null in sign-ins of before this was kept. */
  provenAt: Date | null
  hasFactor: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route's scope asks of who calls; missing on public routes. */
    access?: Access
  }
  interface FastifyRequest {
    /** Set in scopes that `authenticate` was called in; null when nobody is signed in. */
    viewer: SignedIn | null
  }
}

/** Seconds an access token is good for. */
export const ACCESS_SECONDS = 3_600

const AUDIENCE = 'terra-lumina-api'

/** Signs an access token: HS256, typ `access`, one hour. */
export async function signAccess(settings: Settings, clock: () => Date, accountId: string, family: string): Promise<string> {
  const now = Math.floor(clock().getTime() / 1000)
  return new SignJWT({ typ: 'access', fam: family })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(accountId)
    .setIssuer(settings.publicUrl.origin)
    .setAudience(AUDIENCE)
    .setIssuedAt(now)
    .setExpirationTime(now + ACCESS_SECONDS)
    .sign(deriveKey(settings.jwtSecret, 'access'))
}

/** `optional`: nobody need be signed in, but a wrong token is still refused. */
export type Access = 'optional' | Asked

export interface Asked {
  /** Who hasn't it is refused. */
  permission: Permission
  /** Staff comes in before it has proven a second factor: only for what leads to one. */
  enrolling?: boolean
}

/** Makes every route of this scope ask for a signed-in account with a right. */
export function authenticate(app: App, deps: Deps, access: Access): void {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, access }
  })
  app.addHook('onRequest', async (request) => {
    const { authorization } = request.headers
    if (authorization === undefined && access === 'optional') return
    const viewer = await readViewer(deps, authorization)
    request.viewer = viewer
    const { permission, enrolling = false } = access === 'optional' ? {} : access
    if (permission && !viewer.permissions.includes(permission)) throw new AppError('FORBIDDEN', 'Your role may not do that')
    if (viewer.isStaff && !enrolling) assertProven(viewer)
    await keepActive(deps.pool, viewer, deps.clock())
  })
}

function assertProven({ hasFactor, factorAt }: SignedIn): void {
  if (!hasFactor) throw new AppError('FACTOR_REQUIRED', 'Your role needs a second factor first: set up an authenticator app or a passkey')
  // Of sign-ins from before the factor was there.
  if (factorAt === null) throw new AppError('CONFIRM_REQUIRED', 'Prove your second factor first')
}

/** The signed-in account of a request. @throws AppError UNAUTHENTICATED */
export function signedIn(request: FastifyRequest): SignedIn {
  if (!request.viewer) throw new AppError('UNAUTHENTICATED', 'Sign in first')
  return request.viewer
}

async function readViewer(deps: Deps, authorization: string | undefined): Promise<SignedIn> {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? '')?.[1]
  if (token === undefined) throw new AppError('UNAUTHENTICATED', 'Sign in first: send Authorization: Bearer <access token>')
  const { accountId, family } = await verifyAccess(deps, token)
  const viewer = await findViewer(deps.pool, accountId, family, deps.clock())
  if (!viewer) throw new AppError('SESSION_REVOKED', 'This session was ended. Sign in again')
  return viewer
}

async function verifyAccess(deps: Deps, token: string) {
  try {
    const { payload } = await jwtVerify(token, deriveKey(deps.settings.jwtSecret, 'access'), {
      algorithms: ['HS256'],
      issuer: deps.settings.publicUrl.origin,
      audience: AUDIENCE,
      currentDate: deps.clock(),
    })
    if (payload.typ !== 'access' || typeof payload.sub !== 'string' || typeof payload.fam !== 'string')
      throw new Error('not an access token')
    return { accountId: payload.sub, family: payload.fam }
  } catch (cause) {
    throw new AppError('UNAUTHENTICATED', 'The access token is not valid or has expired. Refresh it or sign in again', { cause })
  }
}

async function findViewer(db: Db, accountId: string, family: string, now: Date): Promise<SignedIn | undefined> {
  const { rows } = await db.query<
    Pick<SignedIn, 'isStaff' | 'permissions' | 'activeAt' | 'factorAt' | 'provenAt' | 'hasFactor'> & { issuerId: string | null }
  >(
    `select
       r.is_staff as "isStaff",
       app.permissions_of(a.id, $3) as permissions,
       app.issuer_of(a.id) as "issuerId",
       app.has_factor(a.id) as "hasFactor",
       i.active_at as "activeAt",
       i.factor_at as "factorAt",
       i.proven_at as "provenAt"
     from app.account a
     join app.role r on r.code = a.role
     join app.sign_in i on i.family = $2
     where a.id = $1
       and exists (select from app.session s where s.family = $2 and s.account_id = a.id and s.revoked_at is null)`,
    [accountId, family, now],
  )
  const row = rows[0]
  return row && { ...row, accountId, family, issuerId: row.issuerId ?? undefined }
}
