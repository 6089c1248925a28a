import type { CopyBuffer } from '../copy-buffer.ts'
import { HEX } from '../copy-buffer.ts'

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
  add(source: Uint8Array, fromAt: number, toAt: number, projectId: number, valueAt: number): void
  /** Writes the rows of `holding` in parts. A holding below zero is written as `onNegative` gets it told, and as zero. */
  writeTo(buffer: CopyBuffer, onPart: () => Promise<void>, onNegative: (holder: string, projectId: number) => void): Promise<void>
}

/** Twenty million bytes of pairs each; a first load of more pairs than this adds up in the database. */
const MOST_PAIRS = 1 << 21
const ROWS_IN_A_PART = 20_000
const [ADDRESS_WORDS, WORD_DIGITS] = [5, 8]

export function createHoldingDeltas(mostPairs = MOST_PAIRS): HoldingDeltas {
  const holders = createHolders()
  let capacity = 1 << 14
  let [holderOf, projectOf, units] = [new Int32Array(capacity).fill(-1), new Int32Array(capacity), new Float64Array(capacity)]
  /** Sums that a float no longer holds exactly, by place. */
  let large = new Map<number, bigint>()
  let pairs = 0
  let isComplete = true

  const placeOf = (holder: number, projectId: number): number => {
    const hash = Math.imul(holder, 0x9e3779b1) ^ Math.imul(projectId, 0x85ebca6b)
    let place = (hash ^ (hash >>> 15)) & (capacity - 1)
    while (holderOf[place] !== -1 && (holderOf[place] !== holder || projectOf[place] !== projectId)) place = (place + 1) & (capacity - 1)
    return place
  }
  const grow = () => {
    const [oldHolders, oldProjects, oldUnits, oldLarge] = [holderOf, projectOf, units, large]
    capacity *= 2
    holderOf = new Int32Array(capacity).fill(-1)
    projectOf = new Int32Array(capacity)
    units = new Float64Array(capacity)
    large = new Map()
    for (let old = 0; old < oldHolders.length; old++) {
      if (oldHolders[old] === -1) continue
      const place = placeOf(oldHolders[old]!, oldProjects[old]!)
      holderOf[place] = oldHolders[old]!
      projectOf[place] = oldProjects[old]!
      units[place] = oldUnits[old]!
      const exact = oldLarge.get(old)
      if (exact !== undefined) large.set(place, exact)
    }
  }
  const change = (holder: number, projectId: number, value: number, exact: bigint | undefined) => {
    let place = placeOf(holder, projectId)
    if (holderOf[place] === -1) {
      if (++pairs > mostPairs) {
        isComplete = false
        return
      }
      if (pairs * 4 > capacity * 3) {
        grow()
        place = placeOf(holder, projectId)
      }
      holderOf[place] = holder
      projectOf[place] = projectId
    }
    const sum = units[place]! + value
    if (exact === undefined && !large.has(place) && Number.isSafeInteger(sum)) units[place] = sum
    else {
      large.set(place, (large.get(place) ?? 0n) + BigInt(units[place]!) + (exact ?? BigInt(value)))
      units[place] = 0
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
      while (digit < end && source[digit] === 48) digit++
      let value = 0
      let exact: bigint | undefined
      if (end - digit <= 13) for (; digit < end; digit++) value = value * 16 + HEX[source[digit]!]!
      else exact = BigInt(`0x${Buffer.from(source.buffer, source.byteOffset + digit, end - digit).toString('latin1')}`)
      const from = holders.indexOf(source, fromAt)
      const to = holders.indexOf(source, toAt)
      if (from !== 0) change(from, projectId, -value, exact === undefined ? undefined : -exact)
      if (to !== 0) change(to, projectId, value, exact)
    },
    async writeTo(buffer, onPart, onNegative) {
      for (let place = 0; place < capacity; place++) {
        if (holderOf[place] === -1) continue
        const exact = large.get(place)
        const sum = exact === undefined ? units[place]! : exact + BigInt(units[place]!)
        if (sum === 0 || sum === 0n) continue
        const holder = holders.textOf(holderOf[place]!)
        if (sum < 0) onNegative(holder, projectOf[place]!)
        buffer.row(3)
        buffer.int4(projectOf[place]!)
        buffer.text(holder)
        buffer.numeric(sum < 0 ? 0n : BigInt(sum))
        if (buffer.rows === ROWS_IN_A_PART) await onPart()
      }
      if (buffer.rows > 0) await onPart()
    },
  }
}

/** Numbers addresses in the order in which they come; the zero address is 0. */
function createHolders() {
  let capacity = 1 << 12
  let slots = new Int32Array(capacity).fill(-1)
  let words = new Uint32Array(capacity * ADDRESS_WORDS)
  let count = 0
  const sought = new Uint32Array(ADDRESS_WORDS)
  const texts: string[] = []

  const slotOf = (from: Uint32Array, at: number): number => {
    let hash = 0
    for (let word = 0; word < ADDRESS_WORDS; word++) {
      hash = Math.imul(hash ^ from[at + word]!, 0x9e3779b1)
      hash ^= hash >>> 15
    }
    let slot = hash & (capacity - 1)
    for (; slots[slot] !== -1; slot = (slot + 1) & (capacity - 1)) {
      const known = slots[slot]! * ADDRESS_WORDS
      let word = 0
      while (word < ADDRESS_WORDS && words[known + word] === from[at + word]) word++
      if (word === ADDRESS_WORDS) break
    }
    return slot
  }
  const add = (): number => {
    let slot = slotOf(sought, 0)
    if (slots[slot] !== -1) return slots[slot]!
    if (count * 2 >= capacity) {
      capacity *= 2
      slots = new Int32Array(capacity).fill(-1)
      const larger = new Uint32Array(capacity * ADDRESS_WORDS)
      larger.set(words)
      words = larger
      for (let index = 0; index < count; index++) slots[slotOf(words, index * ADDRESS_WORDS)] = index
      slot = slotOf(sought, 0)
    }
    words.set(sought, count * ADDRESS_WORDS)
    slots[slot] = count
    return count++
  }
  add()
  return {
    indexOf(source: Uint8Array, at: number): number {
      for (let word = 0; word < ADDRESS_WORDS; word++) {
        let value = 0
        for (let digit = at + word * WORD_DIGITS; digit < at + (word + 1) * WORD_DIGITS; digit++)
          value = (value << 4) | HEX[source[digit]!]!
        sought[word] = value
      }
      return add()
    },
    textOf(index: number): string {
      const known = texts[index]
      if (known !== undefined) return known
      let text = '0x'
      for (let word = 0; word < ADDRESS_WORDS; word++) text += words[index * ADDRESS_WORDS + word]!.toString(16).padStart(WORD_DIGITS, '0')
      texts[index] = text
      return text
    },
  }
}
