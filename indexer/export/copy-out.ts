import { to as copyTo } from 'pg-copy-streams'
import type { Db } from '../../common/node/db.ts'

/**
 * Runs a `copy … to stdout` and passes on what comes, no faster than it is taken. Resolves to the number of rows.
 * When the taker fails, the connection is given up: the server would go on sending.
 */
export async function copyOut(db: Db, sql: string, take: (chunk: Buffer) => Promise<void> | void): Promise<number> {
  const stream = db.query(copyTo(sql))
  let isTaken = true
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      isTaken = false
      await take(chunk)
      isTaken = true
    }
  } catch (error) {
    if (!isTaken) (stream as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
    throw error
  }
  // The count comes after the last row; the answer to anything else comes after the count.
  await db.query('select')
  return stream.rowCount
}
