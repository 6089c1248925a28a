import type { Pool } from '../../common/node/db.ts'

/** Rows in one transaction: long enough to be quick, short enough that another sealer hardly waits. */
const BATCH = 2_000

/** Takes every audit row that waits into the chain, and says how many there were. Any number of sealers may run: they take turns. */
export async function sealAudit(pool: Pool): Promise<number> {
  let total = 0
  for (;;) {
    const { rows } = await pool.query<{ sealed: number }>('select app.seal_audit($1) as sealed', [BATCH])
    const { sealed } = rows[0]!
    total += sealed
    if (sealed < BATCH) return total
  }
}

/** Makes the partitions of this month and the next two, where they are missing. */
export async function keepMonths(pool: Pool, now: Date): Promise<void> {
  await pool.query(`select app.keep_audit_months(($1::timestamptz at time zone 'UTC')::date)`, [now])
}
