import type { Db } from '../common/node/db.ts'

/** Runs `work` in one transaction on the one connection that may write. */
export async function inTransaction<T>(db: Db, work: () => Promise<T>): Promise<T> {
  try {
    await db.query('begin')
    const result = await work()
    await db.query('commit')
    return result
  } catch (error) {
    // A dead connection has rolled back by itself.
    await db.query('rollback').catch(() => {})
    throw error
  }
}
