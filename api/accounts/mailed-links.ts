import { AppError } from '../../common/errors.ts'
import type { LinkPurpose } from '../../common/mailed-links.ts'
import type { Db } from '../../common/node/db.ts'
import { hashToken } from '../http/tokens.ts'

/** What a link proves: that somebody reads the mailbox of `email`, which is the account's. */
export interface MailedLink {
  id: string
  accountId: string
  email: string
}

const MESSAGES: Record<LinkPurpose, { subject: string; body: string }> = {
  verify_email: {
    subject: 'Confirm your e-mail address',
    body: 'An account was made with this address. Open this page within 24 hours to confirm that it is yours. If you made none, do nothing.',
  },
  reset_password: {
    subject: 'Choose a new password',
    body: 'Somebody asked for a new password for your account. Open this page within 30 minutes to choose one. If it was not you, do nothing: your password stays as it is.',
  },
}

/**
 * Sends a link to the account of an e-mail, if there is one, and does so in one statement: how long it takes tells nobody which exist.
 * The message makes the link's secret when it is sent.
 */
export async function sendLink(db: Db, email: string, purpose: LinkPurpose, now: Date): Promise<void> {
  const { subject, body } = MESSAGES[purpose]
  await db.query(
    `with link as (
       insert into app.mailed_link (account_id, purpose, email, created_at)
       select id, $2, email, $3 from app.account where email = $1
       returning id, account_id
     ), message as (
       insert into app.notification (account_id, kind, subject, body, cause, link_id, created_at)
       select account_id, $2, $4, $5, $2 || ':' || id, id, $3 from link
       returning id
     )
     insert into app.outbox (topic, payload) select 'notification', jsonb_build_object('notificationId', id) from message`,
    [email, purpose, now, subject, body],
  )
}

/**
 * The link of a secret, locked until the transaction ends, so that it is used once. One to an e-mail that the account has no longer
 * is no good.
 * @throws AppError LINK_EXPIRED
 */
export async function lockLink(db: Db, token: string, purpose: LinkPurpose, now: Date): Promise<MailedLink> {
  const { rows } = await db.query<MailedLink>(
    `select l.id, l.account_id as "accountId", l.email
     from app.mailed_link l
     join app.account a on a.id = l.account_id and a.email = l.email
     where l.token_hash = $1 and l.purpose = $2 and l.used_at is null and l.expires_at > $3
     for update of l`,
    [hashToken(token), purpose, now],
  )
  if (!rows[0]) throw new AppError('LINK_EXPIRED', 'This link was used already or is too old. Ask for a new one')
  return rows[0]
}

/** Ends all of an account's links of one purpose, used or not. */
export async function endLinks(db: Db, accountId: string, purpose: LinkPurpose, now: Date): Promise<void> {
  await db.query('update app.mailed_link set used_at = $3 where account_id = $1 and purpose = $2 and used_at is null', [
    accountId,
    purpose,
    now,
  ])
}
