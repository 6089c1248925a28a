import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { to as copyTo } from 'pg-copy-streams'
import { inTransaction, type Pool } from '../../common/node/db.ts'

/**
 * Writes the sealed rows of a moment and later as one JSON object a line, in the order of the chain, and says how many. Memory stays flat whatever
 * their number; `out` stays open.
 */
export async function exportAudit(pool: Pool, since: Date | undefined, out: Writable): Promise<number> {
  return inTransaction(pool, async (db) => {
    // A copy takes no parameters.
    const from = (since ?? new Date(0)).toISOString()
    const copy = db.query(
      copyTo(
        `copy (
           select row_to_json(r)::text
           from (
             select s.seq, a.id, a.at, a.actor, a.issuer_id as "issuerId", a.permission, a.decision, a.correlation, a.action, a.subject, a.data,
               encode(s.hash, 'hex') as hash
             from app.audit_seal s
             join app.audit a on a.at = s.audit_at and a.id = s.audit_id
             where a.at >= '${from}'
             order by s.seq
           ) r
         ) to stdout (format csv, delimiter e'\\x01', quote e'\\x02')`,
      ),
    )
    await pipeline(copy, out, { end: false })
    return copy.rowCount
  })
}
