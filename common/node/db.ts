import pg from 'pg'
import { inTheNameOf } from './acting.ts'

/** A pool or a client inside a transaction; whoever opens the transaction passes it on. */
export type Db = Pick<pg.ClientBase, 'query'>
export type Pool = pg.Pool

/** Opens a pool. Timestamps come back as Date, bigint and numeric as decimal strings. */
export function openPool(url: string, options: { max?: number; name?: string } = {}): Pool {
  const pool = new pg.Pool({ connectionString: url, max: options.max ?? 10, application_name: options.name ?? 'terra' })
  // An idle connection that the server closed is replaced on the next query; without a listener it would end the process.
  pool.on('error', () => {})
  const query = pool.query.bind(pool)
  // Here and not at the connection: a query that waits for one runs when another request gives it back, in that one's name.
  pool.query = ((first: unknown, ...rest: unknown[]) => query(signed(first) as never, ...(rest as []))) as never
  return pool
}

/** Statements carry their author to the audit; cursors and copies have none. */
function signed(query: unknown): unknown {
  return typeof query === 'string' ? inTheNameOf(query) : query
}

/** Runs `work` in one transaction. */
export async function inTransaction<T>(pool: Pool, work: (db: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  // A connection lost between two queries is reported by the next query; the event must not end the process.
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  const query = client.query.bind(client)
  client.query = ((first: unknown, ...rest: unknown[]) => query(signed(first) as never, ...(rest as []))) as never
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((failed) => {
      broken = failed
    })
    throw error
  } finally {
    client.off('error', onError)
    // The connection's own again.
    Reflect.deleteProperty(client, 'query')
    client.release(broken)
  }
}

export interface Viewer {
  accountId?: string | undefined
  issuerId?: string | undefined
}

/** Runs `work` in one transaction that sees, by row-level security, only what `viewer` may see. */
export async function asViewer<T>(pool: Pool, viewer: Viewer, work: (db: pg.PoolClient) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (db) => {
    await db.query(`select set_config('app.account_id', $1, true), set_config('app.issuer_id', $2, true)`, [
      viewer.accountId ?? '',
      viewer.issuerId ?? '',
    ])
    return work(db)
  })
}
