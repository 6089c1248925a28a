import { randomUUID } from 'node:crypto'
import type { Db } from '../../common/node/db.ts'

/** Something about how an account is signed in to, that its owner should know. */
export type SecurityNews =
  | { kind: 'codes_locked' | 'session_copied' | 'password_changed' }
  | { kind: 'new_device'; name: string }
  | { kind: 'totp_added' | 'totp_removed' | 'recovery_codes_renewed' | 'recovery_code_used' }
  | { kind: 'passkey_added' | 'passkey_removed'; name: string }

const NOT_YOU = 'If this was not you, end all other sessions and change your password on the page below, and write to us.'

function words(news: SecurityNews): { subject: string; body: string } {
  switch (news.kind) {
    case 'codes_locked':
      return {
        subject: 'Somebody typed wrong codes for your account',
        body: 'Five wrong codes were typed for your account, by somebody who knew your password or used your session. Codes are refused for 15 minutes.',
      }
    case 'session_copied':
      return {
        subject: 'A session of yours was ended',
        body: 'Its secret came back after it had been exchanged for a new one, as happens when it was copied. Nobody can go on with it; sign in again.',
      }
    case 'password_changed':
      return { subject: 'Your password was changed', body: 'The former one is no longer good, and every other session has ended.' }
    case 'new_device':
      return { subject: `Your account was signed in to on ${news.name}`, body: `It was not signed in to there before: ${news.name}.` }
    case 'totp_added':
      return { subject: 'An authenticator app was added to your account', body: 'From now on signing in asks for a code of it.' }
    case 'totp_removed':
      return { subject: 'The authenticator app was removed from your account', body: 'Its codes are no longer asked for, nor taken.' }
    case 'recovery_codes_renewed':
      return { subject: 'Your account has new recovery codes', body: 'The former ones are no longer good.' }
    case 'recovery_code_used':
      return { subject: 'A recovery code was used for your account', body: 'Each is good for one time. Make new ones when few are left.' }
    case 'passkey_added':
      return { subject: 'A passkey was added to your account', body: `The passkey "${news.name}" can sign in to your account from now on.` }
    case 'passkey_removed':
      return {
        subject: 'A passkey was removed from your account',
        body: `The passkey "${news.name}" can no longer sign in to your account.`,
      }
  }
}

/** Writes a message about the safety of an account and rings for it to be sent. The caller opens the transaction. */
export async function notifySecurity(db: Db, accountId: string, news: SecurityNews, now: Date): Promise<void> {
  const { subject, body } = words(news)
  await db.query(
    `with message as (
       insert into app.notification (account_id, kind, subject, body, cause, path, created_at)
       values ($1, $2, $3, $4, $5, '/account/security', $6)
       returning id
     )
     insert into app.outbox (topic, payload) select 'notification', jsonb_build_object('notificationId', id) from message`,
    [accountId, news.kind, subject, `${body} It was ${now.toISOString()}.\n\n${NOT_YOU}`, `${news.kind}:${randomUUID()}`, now],
  )
}
