import type { Transporter } from 'nodemailer'
import { INVITATION_LINK, type LinkPurpose, MAILED_LINKS } from '../../common/mailed-links.ts'
import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import type { Log } from '../../common/node/log.ts'
import { hashToken, newToken } from '../http/tokens.ts'

export interface MailDeps {
  pool: Pool
  mail: Pick<Transporter, 'sendMail'>
  mailFrom: string
  publicUrl: URL
  clock: () => Date
  log: Log
}

const RETRY_MS = 60_000

/** Messages not sent yet that may be tried now. */
export async function listUnsent(db: Db, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    'select id from app.notification where sent_at is null and retry_at <= $1 order by created_at limit 100',
    [now],
  )
  return rows.map(({ id }) => id)
}

/**
 * Sends one message by mail and notes it. Two workers never send the same one at once; after a crash between sending and noting
 * it goes out again under the same Message-ID, by which mail programs recognise it.
 */
export async function sendNotification(deps: MailDeps, id: string): Promise<void> {
  const { pool, mail, mailFrom, publicUrl, clock, log } = deps
  await inTransaction(pool, async (db) => {
    const { rows } = await db.query<{
      subject: string
      body: string
      path: string
      email: string | null
      linkId: string | null
      invitationId: string | null
    }>(
      `select n.subject, n.body, n.path, n.link_id as "linkId", v.id as "invitationId", coalesce(l.email, v.email, a.email) as email
       from app.notification n
       left join app.account a on a.id = n.account_id
       left join app.mailed_link l on l.id = n.link_id
       left join app.issuer_invitation v on v.id = n.invitation_id and v.accepted_at is null and v.withdrawn_at is null
       where n.id = $1 and n.sent_at is null
       for update of n skip locked`,
      [id],
    )
    const message = rows[0]
    if (!message) return
    if (message.email !== null) {
      try {
        const path = await pathOf(db, message, clock())
        await mail.sendMail({
          from: mailFrom,
          to: message.email,
          subject: message.subject,
          text: `${message.body}\n\n${new URL(path, publicUrl).href}\n`,
          messageId: `<${id}@${publicUrl.hostname}>`,
        })
      } catch (error) {
        // Not the words: mail servers repeat the address in them.
        log.warn({ notificationId: id, ...codesOf(error) }, 'A mail could not be sent')
        await db.query('update app.notification set retry_at = $2 where id = $1', [id, new Date(clock().getTime() + RETRY_MS)])
        return
      }
    }
    // An account without an e-mail (wallet only) reads it on the page; an invitation that was withdrawn meanwhile is for nobody.
    await db.query('update app.notification set sent_at = $2 where id = $1', [id, clock()])
  })
}

async function pathOf(db: Db, message: { path: string; linkId: string | null; invitationId: string | null }, now: Date): Promise<string> {
  if (message.linkId !== null) return makeLink(db, message.linkId, now)
  if (message.invitationId === null) return message.path
  const token = newToken()
  await db.query('update app.issuer_invitation set token_hash = $2, expires_at = $3 where id = $1', [
    message.invitationId,
    hashToken(token),
    new Date(now.getTime() + INVITATION_LINK.seconds * 1000),
  ])
  return `${INVITATION_LINK.path}#${token}`
}

/** Gives a link its secret, which is in no place but the mail. It stands behind a #, so that no server of ours or of others logs it. */
async function makeLink(db: Db, id: string, now: Date): Promise<string> {
  const token = newToken()
  const { rows } = await db.query<{ purpose: LinkPurpose }>('select purpose from app.mailed_link where id = $1', [id])
  const { path, seconds } = MAILED_LINKS[rows[0]!.purpose]
  await db.query('update app.mailed_link set token_hash = $2, expires_at = $3 where id = $1', [
    id,
    hashToken(token),
    new Date(now.getTime() + seconds * 1000),
  ])
  return `${path}#${token}`
}

function codesOf(error: unknown): { code?: unknown; responseCode?: unknown } {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  return { ...(code !== undefined && { code }), ...(responseCode !== undefined && { responseCode }) }
}
