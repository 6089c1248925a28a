import type { Db } from '../../common/node/db.ts'
import type { FeedSession } from '../http/deps.ts'
import { hashToken, newToken } from '../http/tokens.ts'

/** How long a ticket may wait to be used. */
const TICKET_MS = 30_000

/** A ticket that opens one socket for a sign-in: keeps access tokens out of addresses and logs. */
export async function issueTicket(db: Db, session: FeedSession, now: Date): Promise<string> {
  const ticket = newToken()
  await db.query('delete from app.feed_ticket where expires_at < $1', [new Date(now.getTime() - TICKET_MS)])
  await db.query('insert into app.feed_ticket (ticket_hash, account_id, family, expires_at) values ($1, $2, $3, $4)', [
    hashToken(ticket),
    session.accountId,
    session.family,
    new Date(now.getTime() + TICKET_MS),
  ])
  return ticket
}

/** The sign-in a ticket was issued to, once; undefined when it is unknown, old or used. */
export async function redeemTicket(db: Db, ticket: string, now: Date): Promise<FeedSession | undefined> {
  const { rows } = await db.query<FeedSession>(
    `update app.feed_ticket set used_at = $2
     where ticket_hash = $1 and used_at is null and expires_at > $2
     returning account_id as "accountId", family`,
    [hashToken(ticket), now],
  )
  return rows[0]
}
