import type { CopyBuffer } from '../copy-buffer.ts'
import { numberOf, ZEROS } from '../hex-words.ts'
import { createHolders } from './holders.ts'

/**
 * What a first load's transfers add up to, per holder and project, in typed arrays instead of objects: a database adds the same up in four
 * times the time. Bounded: above {@link MOST_PAIRS} it gives up, and the database has to.
 */
export interface HoldingDeltas {
  /** False once there were too many pairs, or after {@link HoldingDeltas.giveUp}. */
  readonly isComplete: boolean
  /** Some transfers are or will be missing here. */
  giveUp(): void
  /**
   * One transfer, from the digits of its topics (40 each) and of its value (a word of 64), all checked before. The zero address holds nothing.
   */
  add(source: DataView, fromAt: number, toAt: number, projectId: number, valueAt: number): void
  /**
   * Writes the rows of `holding` in parts, in the order of its key, which is built in half the time from them.
   * A holding below zero is written as `onNegative` gets it told, and as zero.
   */
  writeTo(buffer: CopyBuffer, onPart: () => Promise<void>, onNegative: (holder: string, projectId: number) => void): Promise<void>
}

/** Twenty million bytes of pairs each; a first load of more pairs than this adds up in the database. */
const MOST_PAIRS = 1 << 21
const ROWS_IN_A_PART = 20_000
/** Project ids are below this: holder and project together are one number, exact in a float. */
const PROJECTS = 2 ** 31
const NONE = -1

export function createHoldingDeltas(mostPairs = MOST_PAIRS): HoldingDeltas {
  const holders = createHolders()
  let capacity = 1 << 14
  /** Key and units of each pair side by side: one look at the memory for both. */
  let table = new Float64Array(capacity * 2).fill(NONE)
  /** Sums that a float no longer holds exactly, by key. */
  const large = new Map<number, bigint>()
  let pairs = 0
  let isComplete = true

  const placeOf = (key: number): number => {
    const hash = Math.imul(Math.floor(key / PROJECTS), 0x9e3779b1) ^ Math.imul(key | 0, 0x85ebca6b)
    let place = ((hash ^ (hash >>> 15)) & (capacity - 1)) * 2
    while (table[place] !== NONE && table[place] !== key) place = (place + 2) & (capacity * 2 - 1)
    return place
  }
  const grow = () => {
    const old = table
    capacity *= 2
    table = new Float64Array(capacity * 2).fill(NONE)
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] === NONE) continue
      const place = placeOf(old[at]!)
      table[place] = old[at]!
      table[place + 1] = old[at + 1]!
    }
    // Gives the memory back now: tens of megabytes, which the garbage collector would let lie until the load is over.
    old.buffer.transfer(0)
  }
  const change = (key: number, value: number, exact: bigint | undefined) => {
    let place = placeOf(key)
    if (table[place] === NONE) {
      if (++pairs > mostPairs) {
        isComplete = false
        return
      }
      if (pairs * 4 > capacity * 3) {
        grow()
        place = placeOf(key)
      }
      table[place] = key
      table[place + 1] = 0
    }
    const units = table[place + 1]!
    const sum = units + value
    if (exact === undefined && Number.isSafeInteger(sum)) table[place + 1] = sum
    else {
      large.set(key, (large.get(key) ?? 0n) + BigInt(units) + (exact ?? BigInt(value)))
      table[place + 1] = 0
    }
  }

  return {
    get isComplete() {
      return isComplete
    },
    giveUp() {
      isComplete = false
    },
    add(source, fromAt, toAt, projectId, valueAt) {
      if (!isComplete) return
      let digit = valueAt
      const end = valueAt + 64
      while (digit < end && source.getInt32(digit, true) === ZEROS) digit += 4
      let value = 0
      let exact: bigint | undefined
      for (let at = digit; at < end; at += 4) value = value * 65_536 + numberOf(source.getInt32(at, true))
      if (!Number.isSafeInteger(value)) {
        exact = BigInt(`0x${Buffer.from(source.buffer, source.byteOffset + digit, end - digit).toString('latin1')}`)
        value = 0
      }
      const from = holders.indexOf(source, fromAt)
      const to = holders.indexOf(source, toAt)
      if (from !== 0) change(from * PROJECTS + projectId, -value, exact === undefined ? undefined : -exact)
      if (to !== 0) change(to * PROJECTS + projectId, value, exact)
    },
    async writeTo(buffer, onPart, onNegative) {
      const inOrder = holders.sorted()
      const rankOf = new Int32Array(inOrder.length)
      for (const [rank, holder] of inOrder.entries()) rankOf[holder] = rank
      const keys = new Float64Array(pairs)
      for (let place = 0, at = 0; place < table.length; place += 2) {
        const key = table[place]!
        if (key !== NONE) keys[at++] = rankOf[Math.floor(key / PROJECTS)]! * PROJECTS + (key % PROJECTS)
      }
      let [rank, holder] = [-1, '']
      for (const sorted of keys.sort()) {
        const projectId = sorted % PROJECTS
        const next = (sorted - projectId) / PROJECTS
        const key = inOrder[next]! * PROJECTS + projectId
        const units = table[placeOf(key) + 1]!
        const exact = large.get(key)
        const sum = exact === undefined ? units : exact + BigInt(units)
        if (sum === 0 || sum === 0n) continue
        if (next !== rank) [rank, holder] = [next, holders.textOf(inOrder[next]!)]
        if (sum < 0) onNegative(holder, projectId)
        buffer.row(3)
        buffer.int4(projectId)
        buffer.text(holder)
        if (typeof sum === 'bigint') buffer.numeric(sum < 0n ? 0n : sum)
        else buffer.safeNumeric(Math.max(sum, 0))
        if (buffer.rows === ROWS_IN_A_PART) await onPart()
      }
      if (buffer.rows > 0) await onPart()
    },
  }
}
