import type { Db } from '../../common/node/db.ts'

export interface AccountMessage {
  accountId: string
  kind: string
  subject: string
  body: string
  /** Makes the same message impossible twice. */
  cause: string
  /** The page it leads to. */
  path: string
}

/** Writes a message to the owner of an account, once per cause, and rings for it to be sent. The caller opens the transaction. */
export async function notifyAccount(db: Db, { accountId, kind, subject, body, cause, path }: AccountMessage, now: Date): Promise<void> {
  await db.query(
    `with message as (
       insert into app.notification (account_id, kind, subject, body, cause, path, created_at)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (cause) do nothing
       returning id
     )
     insert into app.outbox (topic, payload) select 'notification', jsonb_build_object('notificationId', id) from message`,
    [accountId, kind, subject, body, cause, path, now],
  )
}
