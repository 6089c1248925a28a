import { setTimeout as sleep } from 'node:timers/promises'
import { readEnv } from '../../common/node/env.ts'
import type { Log } from '../../common/node/log.ts'
import { freshDatabase, type TestDatabase } from '../../common/node/testing.ts'
import { run } from '../run.ts'
import { IndexerEnv, settingsOf } from '../settings.ts'
import type { SimChain } from './chain.ts'
import { emptyTables, findDifferences } from './compare.ts'
import { LEDGER } from './events.ts'

/** The block from which the contract is mirrored; the one before it exists, too. */
export const START_BLOCK = 3

/** An indexer in this process with a database of its own. */
export interface SimMirror {
  database: TestDatabase
  /** The environment that makes the real process do the same. */
  environment(urls: readonly string[], databaseUrl?: string): Record<string, string>
  /** Runs until it has reached the head. @throws when that takes longer than `withinMs` */
  catchUp(urls: readonly string[], options?: { withinMs?: number; databaseUrl?: string }): Promise<void>
  /** Runs on and on. */
  follow(urls: readonly string[], databaseUrl?: string): Life
  /** The newest mirrored block; undefined in an empty mirror. */
  head(): Promise<Head | undefined>
  empty(): Promise<void>
  /** What another mirror of the same chain has and this one hasn't, and the reverse. */
  differencesFrom(other: SimMirror): Promise<string[]>
  close(): Promise<void>
}

interface Head {
  number: number
  hash: string
  final: number
}

/** A running indexer. */
export interface Life {
  /** Waits until the newest mirrored block is the chain's, which may change meanwhile. @throws what the indexer ended with, or when it takes too long */
  reaches(chain: SimChain, withinMs?: number): Promise<void>
  /** The same, up to a height that the chain doesn't change any more. */
  passes(number: number, withinMs?: number): Promise<void>
  /** Codes it logged, oldest first. */
  codes: string[]
  /** Ends it and passes on what it ended with. */
  stop(): Promise<void>
}

/** Far more than it takes: a slow machine must not turn anything red. */
const CATCH_UP_WITHIN_MS = 60_000

export async function openSimMirror(): Promise<SimMirror> {
  const database = await freshDatabase()
  const ownUrl = database.urlOf('terra_indexer')
  const start = async (urls: readonly string[], databaseUrl: string, stopping: AbortSignal, untilHead: boolean, codes: string[]) => {
    const settings = await settingsOf(readEnv(IndexerEnv, mirror.environment(urls, databaseUrl)))
    await run(settings, { log: codesInto(codes), clock: () => new Date() }, stopping, untilHead)
  }
  const mirror: SimMirror = {
    database,
    environment: (urls, databaseUrl = ownUrl) => ({
      RPC_URL: urls.join(','),
      DATABASE_URL: databaseUrl,
      CONTRACT_ADDRESS: LEDGER,
      START_BLOCK: String(START_BLOCK),
      POLL_MS: '10',
    }),
    async catchUp(urls, { withinMs = CATCH_UP_WITHIN_MS, databaseUrl = ownUrl } = {}) {
      const codes: string[] = []
      const overdue = new AbortController()
      const timer = setTimeout(() => overdue.abort(), withinMs)
      await start(urls, databaseUrl, overdue.signal, true, codes).finally(() => clearTimeout(timer))
      if (overdue.signal.aborted) throw new Error(`The indexer did not reach the head within ${withinMs} ms: ${codes.slice(-5).join(' ')}`)
    },
    follow(urls, databaseUrl = ownUrl) {
      const codes: string[] = []
      const stopping = new AbortController()
      let hasEnded = false
      const running = start(urls, databaseUrl, stopping.signal, false, codes).finally(() => {
        hasEnded = true
      })
      running.catch(() => {})
      const waits = async (isThere: (head: Head | undefined) => boolean, place: () => string, withinMs = CATCH_UP_WITHIN_MS) => {
        const deadline = Date.now() + withinMs
        for (;;) {
          const head = await mirror.head()
          if (isThere(head)) return
          if (hasEnded) await running
          if (hasEnded || Date.now() > deadline)
            throw new Error(`The mirror stands at ${head?.number} ${head?.hash}, not ${place()}: ${codes.slice(-5).join(' ')}`)
          await sleep(4)
        }
      }
      return {
        codes,
        reaches: (chain, withinMs) =>
          waits(
            (head) => head?.hash === chain.head.hash,
            () => `at ${chain.head.number} ${chain.head.hash}`,
            withinMs,
          ),
        passes: (number, withinMs) =>
          waits(
            (head) => head !== undefined && head.number >= number,
            () => `at ${number}`,
            withinMs,
          ),
        async stop() {
          stopping.abort()
          await running
        },
      }
    },
    async head() {
      const { rows } = await database.admin.query<{ number: string; hash: string; final: string }>(
        'select block_number as number, block_hash as hash, final_block as final from chain.checkpoint',
      )
      return rows[0] && { number: Number(rows[0].number), hash: rows[0].hash, final: Number(rows[0].final) }
    },
    empty: () => emptyTables(database.admin),
    differencesFrom: (other) => findDifferences(database.admin, other.database.admin),
    close: () => database.drop(),
  }
  return mirror
}

/** A log of which only the codes are kept. */
function codesInto(codes: string[]): Log {
  const keep = (fields: unknown) => {
    const code = typeof fields === 'object' && fields !== null && 'code' in fields ? String(fields.code) : undefined
    if (code !== undefined) codes.push(code)
    codes.splice(0, codes.length - 1_000)
  }
  return { info: keep, warn: keep, error: keep, debug: keep } as Log
}
