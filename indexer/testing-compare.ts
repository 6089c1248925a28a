import { expect } from 'chai'
import type { Abi, Hex } from 'viem'
import type { Db } from '../common/node/db.ts'
import type { Scene } from './testing.ts'

/** Compares what contracts show with what the mirror alone says. */
export interface Comparison {
  scene: Scene
  /** Rows of a query over the mirror; arrays and bigints as JSON has them. */
  rows(sql: string, ...values: unknown[]): Promise<Row[]>
  /** Fails unless the view answers exactly `expected`. Numbers count as their digits, addresses as lower case. */
  same(to: string, abi: Abi, view: string, args: readonly unknown[], expected: unknown): Promise<void>
  /** Unix second of the newest block. */
  now: number
  /** `<contract>.<view>` of everything compared so far. */
  compared: Set<string>
}

// biome-ignore lint/suspicious/noExplicitAny: a row has the columns its query names
export type Row = Record<string, any>

export async function openComparison(scene: Scene, db: Db): Promise<Comparison> {
  const { client } = scene.chain
  const { number: blockNumber, timestamp } = await client.getBlock()
  const compared = new Set<string>()
  return {
    scene,
    compared,
    now: Number(timestamp),
    rows: async (sql, ...values) => (await db.query(sql, values)).rows,
    async same(to, abi, functionName, args, expected) {
      compared.add(`${to}.${functionName}`)
      const shown = await client.readContract({ address: to as Hex, abi, functionName, args, blockNumber })
      expect(plain(shown), `${functionName}(${args})`).to.deep.equal(plain(expected))
    },
  }
}

/** SQL for a time as unix second. */
export function second(column: string): string {
  return `coalesce(extract(epoch from ${column})::bigint, 0)`
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value)
  if (typeof value === 'string') return value.startsWith('0x') ? value.toLowerCase() : value
  if (Array.isArray(value)) return value.map(plain)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
  return value
}
