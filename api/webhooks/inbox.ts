import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import { announce } from '../outbox/job.ts'

/** A vendor's event whose signature was checked. */
export interface VendorEvent {
  provider: 'stripe' | 'onfido' | 'sumsub'
  eventId: string
  kind: string
  /** The bytes that were signed. */
  body: Buffer
}

/** Keeps an event for ever and rings for it, once however often it is delivered. True when it is new. */
export async function receiveEvent(pool: Pool, event: VendorEvent, now: Date): Promise<boolean> {
  return inTransaction(pool, async (db) => {
    const { rowCount } = await db.query(
      `insert into app.webhook_inbox (provider, event_id, kind, body, received_at) values ($1, $2, $3, $4, $5) on conflict do nothing`,
      [event.provider, event.eventId, event.kind, event.body, now],
    )
    if (rowCount === 1) await announce(db, 'webhook.received', { provider: event.provider, eventId: event.eventId })
    return rowCount === 1
  })
}

/** Events not processed yet that may be tried now. */
export async function listUnprocessed(db: Db, now: Date): Promise<{ provider: string; eventId: string }[]> {
  const { rows } = await db.query<{ provider: string; eventId: string }>(
    `select provider, event_id as "eventId" from app.webhook_inbox
     where processed_at is null and retry_at <= $1
     order by received_at
     limit 100`,
    [now],
  )
  return rows
}
