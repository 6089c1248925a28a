import { setTimeout as sleep } from 'node:timers/promises'
import type { PublicClient } from 'viem'
import type { Db, Pool } from '../common/node/db.ts'
import { inTransaction } from '../common/node/db.ts'
import { MAIN_SCHEMA } from './schema.ts'
import type { Contracts } from './settings.ts'
import { hashTables, type TableHash } from './table-hash.ts'
import type { Table } from './tables.ts'
import { checkBalances, type Supply } from './verify-balances.ts'
import { checkLogs } from './verify-logs.ts'
import { checkHoldings, type MirrorState, openSnapshot, readMirror } from './verify-mirror.ts'
import { checkSnapshots } from './verify-snapshots.ts'
import { type BlockRange, createFindings, type Mismatch } from './verify-types.ts'

export interface VerifyDeps {
  /** Needs to read the mirror only. */
  pool: Pool
  /** Best a provider that the indexer doesn't use. */
  client: PublicClient
  schema?: string
}

export interface VerifyOptions {
  /** Waits until the mirror has this block and it is final. */
  minBlock?: bigint
  /** How long to wait for that, and for a node that has the block's state. */
  timeoutMs?: number
  /** False for a mirror without vault: claims are unknown to it. */
  checksClaims?: boolean
  /**
   * With these, logs are read again to say which rows are wrong: `always`, or when something differs, or when nothing that the contract
   * tells would show a holder unknown to the mirror.
   */
  contracts?: Contracts
  logs?: 'always' | 'when something differs'
  /** Whether the report is to tell the hash of every table. */
  hashesTables?: boolean
  onProgress?: (done: number, total: number, what: string) => void
}

export interface VerifyReport {
  chainId: number
  contract: string
  /** The newest migration of the mirror's tables; null when the database doesn't say. */
  schemaVersion: string | null
  /** The final block at which both sides were read. */
  block: string
  hash: string
  /** (holder, project) pairs that ever held a unit. */
  pairs: number
  projects: number
  supplies: Supply[]
  /** Logs read again; null when they weren't. */
  logs: number | null
  /** All differences, of which `mismatches` shows the first thousand. */
  differences: number
  mismatches: Mismatch[]
  /** Blocks with rows that differ from their logs. */
  damage: BlockRange[]
  /** Of every table its rows up to the block; null when nobody asked for them. */
  tables: Record<Table, TableHash> | null
}

const RETRY_MS = 500

/**
 * Proves that the mirror equals the chain: every pair's balance and due, every project's supply, number of holders and epoch,
 * read from the contract at one final block, against the mirror as of that block. The sums make sure that no holder is unknown to the mirror;
 * every holding and every snapshot of holdings is held against its transfers besides. What differs is looked for in the logs, row by row.
 * @throws Error when there is no final block to look at in time, or the node lacks its state
 */
export async function verifyMirror(deps: VerifyDeps, options: VerifyOptions = {}): Promise<VerifyReport> {
  const deadline = Date.now() + (options.timeoutMs ?? 30_000)
  for (;;) {
    try {
      const { schema = MAIN_SCHEMA } = deps
      return await inTransaction(deps.pool, async (db) => {
        await openSnapshot(db, schema)
        const mirror = await readMirror(db)
        if (mirror === undefined) throw new Wait('The mirror has no final block yet')
        if (mirror.block < (options.minBlock ?? 0n))
          throw new Wait(`Block ${options.minBlock} is not mirrored and final yet, only ${mirror.block}`)
        return compare(deps.client, db, mirror, schema, options)
      })
    } catch (error) {
      // Full nodes keep the state of the newest 128 blocks or so: a newer final block will do.
      if (!(error instanceof Wait) && !isStateMissing(error)) throw error
      if (Date.now() > deadline) throw new Error(`Gave up verifying: ${(error as Error).message}`, { cause: error })
      await sleep(RETRY_MS)
    }
  }
}

class Wait extends Error {}

async function compare(client: PublicClient, db: Db, mirror: MirrorState, schema: string, options: VerifyOptions): Promise<VerifyReport> {
  const { checksClaims = true, contracts, logs: wanted = 'when something differs', onProgress = () => {} } = options
  const { chainId, contract, schemaVersion, startBlock, block, hash, projects } = mirror
  const findings = createFindings()
  const reportOf = async (pairs: number, supplies: Supply[], logs: number | null): Promise<VerifyReport> => ({
    chainId,
    contract,
    schemaVersion,
    block: String(block),
    hash,
    pairs,
    projects: projects.size,
    supplies,
    logs,
    differences: findings.count,
    mismatches: findings.mismatches,
    damage: findings.damage(),
    tables: options.hashesTables ? await hashTables(db, schema, block, (done, total) => onProgress(done, total, 'Hashing tables')) : null,
  })
  findings.check('block', null, null, (await client.getBlock({ blockNumber: block })).hash, hash)
  if (findings.count > 0) return reportOf(0, [], null)
  const { pairs, supplies, isComplete } = await checkBalances(client, db, mirror, findings, { checksClaims, onProgress })
  await checkHoldings(db, findings)
  await checkSnapshots(db, findings, onProgress)
  const isSettled = wanted === 'when something differs' && findings.count === 0 && isComplete
  if (contracts === undefined || isSettled) return reportOf(pairs, supplies, null)
  const range = { from: startBlock, to: block }
  return reportOf(pairs, supplies, await checkLogs(client, db, range, findings, { contracts, allTables: true, onProgress }))
}

/** The wordings of geth, bor, erigon, nethermind, besu and anvil. */
function isStateMissing(error: unknown): boolean {
  return /missing trie node|(historical|old) state|state .{0,40}(not available|unavailable|pruned)|distance to target block|header not found|BlockOutOfRange|World state unavailable/i.test(
    String((error as Error).message),
  )
}
