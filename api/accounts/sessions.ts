import { randomUUID } from 'node:crypto'
import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import type { SessionInfo } from '../../common/wire.ts'
import type { Deps } from '../http/deps.ts'
import { deriveKey, hashToken, newToken, sign } from '../http/tokens.ts'
import { notifySecurity } from '../notifications/notify-security.ts'

/** Seconds a refresh token is good for; each rotation begins them anew. */
export const REFRESH_SECONDS = 30 * 24 * 3_600
/** So long a refresh token already exchanged still gives the same successor: two tabs, one lost answer. */
const GRACE_MS = 10_000

export interface Rotated {
  accountId: string
  family: string
  refreshToken: string
}

export interface Begun {
  accountId: string
  userAgent: string | undefined
  /** A second factor was proven. */
  isFactorProven: boolean
}

/** Begins a family of refresh tokens and returns its first. */
export async function beginSession(pool: Pool, now: Date, { accountId, userAgent, isFactorProven }: Begun): Promise<Rotated> {
  const refreshToken = newToken()
  const family = randomUUID()
  await inTransaction(pool, async (db) => {
    await db.query('insert into app.sign_in (family, active_at, proven_at, factor_at) values ($1, $2, $2, $3)', [
      family,
      now,
      isFactorProven ? now : null,
    ])
    await insertSession(db, now, { id: randomUUID(), family, accountId, refreshToken, userAgent })
  })
  return { accountId, family, refreshToken }
}

/**
 * Exchanges a refresh token for its successor. One already exchanged longer than the grace ago was copied:
 * its whole family ends, so that neither thief nor owner goes on. Undefined: unknown, expired, ended or copied.
 */
export async function rotateSession(deps: Deps, refreshToken: string): Promise<Rotated | undefined> {
  const now = deps.clock()
  return inTransaction(deps.pool, async (db) => {
    const session = await lockSession(db, refreshToken)
    if (!session || session.revokedAt || session.expiresAt <= now) return undefined
    const { accountId, family } = session
    const isFresh = session.rotatedAt === null
    const isInGrace = !isFresh && now.getTime() - session.rotatedAt!.getTime() <= GRACE_MS && session.successorIsLive
    if (!isFresh && !isInGrace) {
      await revokeFamily(db, now, accountId, family)
      await notifySecurity(db, accountId, { kind: 'session_copied' }, now)
      return undefined
    }
    const successor = session.successor ?? randomUUID()
    // Made from the old token and the platform's key: parallel exchanges all get the same one, and only hashes are stored.
    const next = sign(deriveKey(deps.settings.jwtSecret, 'refresh'), `${refreshToken}\n${successor}`).toString('base64url')
    if (isFresh) {
      await insertSession(db, now, { id: successor, family, accountId, refreshToken: next, userAgent: session.userAgent ?? undefined })
      await db.query('update app.session set rotated_at = $2, successor = $3 where id = $1', [session.id, now, successor])
    }
    return { accountId, family, refreshToken: next }
  })
}

/** Ends a session by its refresh token; an unknown one changes nothing. */
export async function endSession(db: Db, now: Date, refreshToken: string): Promise<void> {
  await db.query(
    `update app.session set revoked_at = $2
     where family = (select family from app.session where refresh_hash = $1) and revoked_at is null`,
    [hashToken(refreshToken), now],
  )
}

/** Ends every token of a family and says whether there was one. */
export async function revokeFamily(db: Db, now: Date, accountId: string, family: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'update app.session set revoked_at = $3 where account_id = $1 and family = $2 and revoked_at is null',
    [accountId, family, now],
  )
  return rowCount !== 0
}

/** Ends every sign-in of an account but one, and says how many there were. */
export async function revokeOthers(db: Db, now: Date, accountId: string, keptFamily: string | null): Promise<number> {
  const { rows } = await db.query<{ ended: number }>(
    `with ended as (
       update app.session set revoked_at = $3
       where account_id = $1 and family is distinct from $2 and revoked_at is null
       returning family, expires_at
     )
     select count(distinct family)::int as ended from ended where expires_at > $3`,
    [accountId, keptFamily, now],
  )
  return rows[0]!.ended
}

/** Sign-ins of an account that can still go on, newest first. */
export async function listSessions(db: Db, now: Date, accountId: string, currentFamily: string): Promise<SessionInfo[]> {
  const { rows } = await db.query<Record<'createdAt' | 'lastUsedAt' | 'expiresAt', Date> & { id: string; userAgent: string | null }>(
    `select
       s.family as id,
       min(s.created_at) as "createdAt",
       greatest(max(s.created_at), max(i.active_at)) as "lastUsedAt",
       max(s.expires_at) as "expiresAt",
       (array_agg(s.user_agent order by s.created_at desc))[1] as "userAgent"
     from app.session s
     join app.sign_in i using (family)
     where s.account_id = $1
     group by s.family
     having bool_and(s.revoked_at is null) and max(s.expires_at) > $2
     order by max(s.created_at) desc`,
    [accountId, now],
  )
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.userAgent,
    current: row.id === currentFamily,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  }))
}

interface SessionRow {
  id: string
  family: string
  accountId: string
  userAgent: string | null
  expiresAt: Date
  rotatedAt: Date | null
  successor: string | null
  successorIsLive: boolean
  revokedAt: Date | null
}

async function lockSession(db: Db, refreshToken: string): Promise<SessionRow | undefined> {
  const refreshHash = hashToken(refreshToken)
  // First the lock, then the look: a statement that waited for the lock would not see the successor that its holder just wrote.
  await db.query('select from app.session where refresh_hash = $1 for update', [refreshHash])
  const { rows } = await db.query<SessionRow>(
    `select
       id, family, successor,
       account_id as "accountId",
       user_agent as "userAgent",
       expires_at as "expiresAt",
       rotated_at as "rotatedAt",
       revoked_at as "revokedAt",
       exists (select from app.session n where n.id = s.successor and n.rotated_at is null and n.revoked_at is null) as "successorIsLive"
     from app.session s
     where refresh_hash = $1`,
    [refreshHash],
  )
  return rows[0]
}

interface NewSession {
  id: string
  family: string
  accountId: string
  refreshToken: string
  userAgent: string | undefined
}

async function insertSession(db: Db, now: Date, session: NewSession): Promise<void> {
  await db.query(
    `insert into app.session (id, family, account_id, refresh_hash, user_agent, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      session.id,
      session.family,
      session.accountId,
      hashToken(session.refreshToken),
      session.userAgent?.slice(0, 200) ?? null,
      now,
      new Date(now.getTime() + REFRESH_SECONDS * 1000),
    ],
  )
}
