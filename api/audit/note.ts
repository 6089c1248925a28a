import type { Db } from '../../common/node/db.ts'

/** Something to keep that changes no audited row. Never a name, a secret or an amount of somebody's own. */
export interface Note {
  decision: 'allowed' | 'refused'
  action: string
  /** A kind and an id. */
  subject: string
}

/** Appends to the audit, in the name of whoever acts. */
export async function noteAudit(db: Db, { decision, action, subject }: Note): Promise<void> {
  await db.query(`select app.append_audit($1, $2, $3, null, '{}')`, [decision, action, subject])
}
