import { sealAudit } from '../api/audit/seal.ts'
import { chainHash, verifyAudit } from '../api/audit/verify.ts'
import { inTransaction, openPool, type Pool } from '../common/node/db.ts'
import { freshDatabase } from '../common/node/testing.ts'
import { startTestDatabase } from '../scripts/testing/test-database.ts'

/**
 * What the audit costs on a database of its own: changes a second with it and without it, with eight at once, and as they would be if each change
 * extended the chain itself; then how fast the chain is sealed and verified.
 */
const TARGET = 50_000
const ROWS = 200_000
const WRITERS = 8
const WRITE_MS = 4_000

const server = await startTestDatabase((sentence) => process.stderr.write(`${sentence}\n`))
process.env.TEST_DATABASE_URL = server.url
const db = await freshDatabase()
const pool = openPool(db.urlOf('terra_worker'), { max: WRITERS })
try {
  await db.admin.query(`insert into app.issuer (name, country) select 'Issuer ' || n, 'DE' from generate_series(1, ${WRITERS}) n`)
  await db.admin.query('alter table app.issuer disable trigger audit')
  const without = await changesPerSecond(pool, '')
  await db.admin.query('alter table app.issuer enable trigger audit')
  const withAudit = await changesPerSecond(pool, '')
  // The lock that a chain extended by each transaction would hold until its commit.
  const oneByOne = await changesPerSecond(pool, 'select pg_advisory_xact_lock(42)')
  await db.admin.query(
    `select count(app.append_audit('allowed', 'update investment', 'investment ' || gen_random_uuid(), gen_random_uuid(),
       '{"changed": ["state"], "state": ["paid", "minting"]}')) from generate_series(1, $1)`,
    [ROWS],
  )
  await db.admin.query('analyze')
  const [sealed, sealSeconds] = await timed(() => sealAudit(pool))
  const [{ rows, flaw }, verifySeconds] = await timed(() => verifyAudit(pool, [], () => {}))
  if (flaw) throw new Error(flaw.what)
  const result = {
    changesPerSecond: { without, withAudit, oneByOne },
    sealedPerSecond: Math.round(sealed / sealSeconds),
    verifiedPerSecond: Math.round(rows / verifySeconds),
    hashedPerSecond: hashesPerSecond(),
    rows,
    target: TARGET,
  }
  console.log(
    process.argv.includes('--json')
      ? JSON.stringify(result)
      : `${WRITERS} writers: ${withAudit} changes a second, ${without} without the audit, ${oneByOne} if each extended the chain; ` +
          `${result.sealedPerSecond} rows a second sealed; ${result.verifiedPerSecond} of ${rows} verified (target ${TARGET}), of which hashing alone does ${result.hashedPerSecond}`,
  )
  if (result.verifiedPerSecond < TARGET) process.exitCode = 1
} finally {
  await pool.end()
  await db.drop()
  await server.stop()
}

/** Transactions of one change each, with all writers at once, each on a row of its own. */
async function changesPerSecond(pool: Pool, first: string): Promise<number> {
  const { rows } = await pool.query<{ id: string }>('select id from app.issuer')
  const until = performance.now() + WRITE_MS
  const counts = await Promise.all(
    rows.map(async ({ id }) => {
      let count = 0
      for (; performance.now() < until; count++) {
        await inTransaction(pool, async (client) => {
          await client.query('update app.issuer set country = case country when $2 then $3 else $2 end where id = $1', [id, 'DE', 'FR'])
          if (first !== '') await client.query(first)
        })
      }
      return count
    }),
  )
  return Math.round((counts.reduce((sum, count) => sum + count, 0) * 1000) / WRITE_MS)
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const startedAt = performance.now()
  const result = await work()
  return [result, (performance.now() - startedAt) / 1000]
}

function hashesPerSecond(): number {
  const fields = [
    '123456',
    '1790000000000000',
    'account:6f1c0a52-9a55-4b0e-8b0e-0d7b7c1f0a11',
    null,
    'POST /api/v1/investments',
    'allowed',
    null,
  ]
  let hash: Buffer = Buffer.alloc(32)
  const startedAt = performance.now()
  for (let seq = 1; seq <= ROWS; seq++) hash = chainHash(hash, String(seq), fields)
  return Math.round((ROWS * 1000) / (performance.now() - startedAt))
}
