import type { Table } from './tables.ts'

/** Where one row of the mirror stands, and with it the log it was read from. */
export interface RowPlace {
  table: Table
  block: string
  logIndex: number
  /** 0 for tables with one row a log. */
  batchIndex: number
  txHash: string | null
}

/** One thing that chain and mirror say differently. */
export interface Mismatch {
  /** `row` names a row that is wrong, missing or left over; `holding` and `snapshot` that a holding, now or kept at a past block, is not the sum of its transfers. */
  check: 'block' | 'project' | 'balance' | 'supply' | 'holders' | 'epoch' | 'claimable' | 'holding' | 'snapshot' | 'row'
  projectId: number | null
  holder: string | null
  chain: string
  mirror: string
  /** Of a `row` only. */
  at?: RowPlace
}

/** First and last block of a stretch. */
export interface BlockRange {
  from: bigint
  to: bigint
}

/** Collects what differs: the first ones whole, all of them as a number and as the blocks to read again. */
export interface Findings {
  readonly mismatches: Mismatch[]
  readonly count: number
  /** Blocks with rows that differ, in order, close ones joined. */
  damage(): BlockRange[]
  add(mismatch: Mismatch): void
  /** Adds one when the two differ as text. */
  check(check: Mismatch['check'], projectId: number | null, holder: string | null, chain: unknown, mirror: unknown): void
}

/** Blocks this close are read again in one go. */
const JOIN_BLOCKS = 100n

/** @param most How many mismatches are kept whole; a mirror that is wrong everywhere must not fill the memory */
export function createFindings(most = 1_000): Findings {
  const mismatches: Mismatch[] = []
  let ranges: BlockRange[] = []
  let count = 0

  function damage() {
    ranges.sort((a, b) => (a.from < b.from ? -1 : 1))
    const joined: BlockRange[] = []
    for (const range of ranges) {
      const last = joined.at(-1)
      if (last === undefined || range.from > last.to + JOIN_BLOCKS) joined.push({ ...range })
      else if (range.to > last.to) last.to = range.to
    }
    ranges = joined
    return joined.map((range) => ({ ...range }))
  }

  function add(mismatch: Mismatch) {
    count++
    if (mismatches.length < most) mismatches.push(mismatch)
    if (mismatch.at === undefined) return
    const block = BigInt(mismatch.at.block)
    ranges.push({ from: block, to: block })
    if (ranges.length > 10_000) damage()
  }

  return {
    mismatches,
    get count() {
      return count
    },
    damage,
    add,
    check(check, projectId, holder, chain, mirror) {
      if (String(chain) !== String(mirror)) add({ check, projectId, holder, chain: String(chain), mirror: String(mirror) })
    },
  }
}
