import type { FastifyReply, FastifyRequest } from 'fastify'
import { describeDevice } from '../../common/device.ts'
import { asViewer } from '../../common/node/db.ts'
import { DEVICE_COOKIE, DEVICE_SECONDS, setCookie } from '../http/cookies.ts'
import type { Deps } from '../http/deps.ts'
import { hashToken, newToken } from '../http/tokens.ts'
import { notifySecurity } from '../notifications/notify-security.ts'

/**
 * Notes from where an account is signed in to, and tells its owner of a place it was not signed in to before; the first is the owner's own.
 * A browser is known by its cookie, a program, which keeps none, by its user agent.
 */
export async function noteDevice(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  { accountId, isBrowser }: { accountId: string; isBrowser: boolean },
): Promise<void> {
  const { pool, clock, settings } = deps
  const userAgent = request.headers['user-agent'] ?? null
  const token = request.cookies[DEVICE_COOKIE] || newToken()
  if (isBrowser) setCookie(reply, settings, DEVICE_COOKIE, token, DEVICE_SECONDS)
  const deviceHash = hashToken(isBrowser ? token : `program ${userAgent}`)
  const now = clock()
  await asViewer(pool, { accountId }, async (db) => {
    const known = await db.query('update app.device set last_seen_at = $3 where account_id = $1 and device_hash = $2', [
      accountId,
      deviceHash,
      now,
    ])
    if (known.rowCount === 1) return
    const others = await db.query('select from app.device where account_id = $1 limit 1', [accountId])
    await db.query(
      `insert into app.device (account_id, device_hash, first_seen_at, last_seen_at) values ($1, $2, $3, $3) on conflict do nothing`,
      [accountId, deviceHash, now],
    )
    // What a browser says of itself is put into words of ours: no text of a stranger's choice goes into a mail.
    if (others.rowCount === 1) await notifySecurity(db, accountId, { kind: 'new_device', name: describeDevice(userAgent) }, now)
  })
}
