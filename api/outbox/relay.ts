import { inTransaction, type Pool } from '../../common/node/db.ts'
import type { Payload } from './job.ts'

/** Passes a row on; throwing leaves the row open. */
export type Ring = (rows: { id: string; topic: string; payload: Payload }[]) => Promise<void>

const BATCH = 100

/**
 * Takes open rows to the queue and marks them done. By flag and `skip locked`, never by "id greater than the last seen": ids are
 * given before they are committed, so a reader of ids would pass over rows of slow transactions.
 * Returns how many it took.
 */
export async function relayOutbox(pool: Pool, ring: Ring): Promise<number> {
  return inTransaction(pool, async (db) => {
    // The correlation of the request goes along, to the log and the audit of the job.
    const { rows } = await db.query<{ id: string; topic: string; payload: Payload }>(
      `select id, topic, payload || jsonb_strip_nulls(jsonb_build_object('correlationId', correlation)) as payload
       from app.outbox where not done order by id limit $1 for update skip locked`,
      [BATCH],
    )
    if (rows.length === 0) return 0
    await ring(rows)
    await db.query('update app.outbox set done = true where id = any($1)', [rows.map(({ id }) => id)])
    return rows.length
  })
}
