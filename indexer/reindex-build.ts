import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Db } from '../common/node/db.ts'
import type { Log } from '../common/node/log.ts'
import { quote } from './export/relation.ts'
import { run } from './run.ts'
import type { Settings } from './settings.ts'

/** How far a mirror is; undefined when it is empty or isn't there. */
export interface Place {
  chainId: number
  contract: string
  startBlock: bigint
  block: bigint
  final: bigint
}

/** Where a mirror is built anew. */
export function rebuildOf(schema: string): string {
  return `${schema}_rebuild`
}

/** The checkpoint of the mirror in a schema. */
export async function readPlace(db: Db, schema: string): Promise<Place | undefined> {
  if (!(await isThere(db, schema))) return undefined
  const { rows } = await db.query<{ chainId: string; contract: string; startBlock: string; block: string; final: string }>(
    `select chain_id as "chainId", contract, start_block as "startBlock", block_number as block, final_block as final
    from ${quote(schema)}.checkpoint`,
  )
  const row = rows[0]
  if (row === undefined) return undefined
  return {
    chainId: Number(row.chainId),
    contract: row.contract,
    startBlock: BigInt(row.startBlock),
    block: BigInt(row.block),
    final: BigInt(row.final),
  }
}

/** True when the schema holds a mirror, empty or not. */
export async function isThere(db: Db, schema: string): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>('select to_regclass($1) is not null as found', [`${quote(schema)}.checkpoint`])
  return rows[0]!.found
}

/**
 * Has the indexer build a mirror beside the live one, up to the chain's head. Stopped or killed anywhere, the next call goes on.
 * @param settings Of the live mirror
 * @param onBlock Told the block it has come to, twice a second
 * @throws Stop
 */
export async function buildBeside(
  settings: Settings,
  deps: { log: Log; clock: () => Date },
  stopping: AbortSignal,
  onBlock: (block: bigint) => void,
): Promise<void> {
  const schema = rebuildOf(settings.schema)
  const watcher = new pg.Client({ connectionString: settings.databaseUrl })
  watcher.on('error', () => {})
  await watcher.connect()
  const ended = new AbortController()
  const watch = async () => {
    while (!ended.signal.aborted) {
      // Until the indexer has made the schema, and while it makes it, there is nothing to tell.
      const place = await readPlace(watcher, schema).catch(() => undefined)
      if (place !== undefined) onBlock(place.block)
      await sleep(500, undefined, { signal: ended.signal }).catch(() => {})
    }
  }
  const watching = watch()
  try {
    await run({ ...settings, schema }, deps, stopping, true)
  } finally {
    ended.abort()
    await watching
    await watcher.end().catch(() => {})
  }
}
