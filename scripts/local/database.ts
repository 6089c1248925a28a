import pg from 'pg'
import type { PublicClient } from 'viem'
import { openPool } from '../../common/node/db.ts'
import { migrate } from '../../common/node/migrate.ts'
import type { Secrets } from './secrets.ts'

const NAME = 'terra'

/** Makes the product's database and roles where they are missing and brings it to the newest schema. Answers the migrations that ran. */
export async function prepareDatabase(adminUrl: string, secrets: Secrets): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  const { rowCount } = await client.query('select from pg_database where datname = $1', [NAME])
  if (rowCount === 0) await client.query(`create database ${NAME}`)
  await client.end()
  const pool = openPool(databaseUrl(adminUrl), { max: 1 })
  try {
    return await migrate(pool, {
      terra_indexer: secrets.indexerPassword,
      terra_api: secrets.apiPassword,
      terra_worker: secrets.workerPassword,
      terra_analyst: secrets.analystPassword,
    })
  } finally {
    await pool.end()
  }
}

/** The product's database on the same server, as the administrator or as one of its roles. */
export function databaseUrl(adminUrl: string, login?: { role: string; password: string }): string {
  const url = new URL(adminUrl)
  url.pathname = `/${NAME}`
  if (login !== undefined) {
    url.username = login.role
    url.password = login.password
  }
  return url.href
}

/**
 * After a power cut the chain may have lost blocks that the mirror has already taken for final. The mirror can be read back from
 * the chain at any time, so it is emptied then. Answers whether it was.
 */
export async function matchMirror(url: string, chain: Pick<PublicClient, 'getBlock'>): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ number: string; hash: string }>(
      `select block_number as number, block_hash as hash
      from chain.block
      where block_number = (select final_block from chain.checkpoint)`,
    )
    const final = rows[0]
    if (final === undefined) return false
    const block = await chain.getBlock({ blockNumber: BigInt(final.number) }).catch(() => undefined)
    if (block?.hash === final.hash) return false
    await client.query(
      `do $$
      begin
        execute (select 'truncate ' || string_agg(format('chain.%I', tablename), ', ') from pg_tables where schemaname = 'chain');
      end $$`,
    )
    return true
  } finally {
    await client.end()
  }
}
