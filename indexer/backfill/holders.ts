import { numberOf } from '../hex-words.ts'

/** Addresses as small numbers. */
export interface Holders {
  readonly count: number
  /** The number of an address of 40 good digits: 0 for the zero address, the others in the order in which they come. */
  indexOf(source: DataView, at: number): number
  textOf(index: number): string
  /** All numbers in the order of their addresses. */
  sorted(): Int32Array
}

const [WORDS, WORD_DIGITS] = [5, 8]

/** An open hash table over 32-bit words: a Map would need a string for each address of each transfer. */
export function createHolders(): Holders {
  let capacity = 1 << 12
  let slots = new Int32Array(capacity).fill(-1)
  let words = new Uint32Array((capacity / 2) * WORDS)
  let count = 0
  const sought = new Uint32Array(WORDS)

  const slotOf = (from: Uint32Array, start: number): number => {
    let hash = 0
    for (let word = start; word < start + WORDS; word++) {
      hash = Math.imul(hash ^ from[word]!, 0x9e3779b1)
      hash ^= hash >>> 15
    }
    let slot = hash & (capacity - 1)
    for (; slots[slot] !== -1; slot = (slot + 1) & (capacity - 1)) {
      const known = slots[slot]! * WORDS
      let word = 0
      while (word < WORDS && words[known + word] === from[start + word]) word++
      if (word === WORDS) break
    }
    return slot
  }
  const add = (slot: number): number => {
    words.set(sought, count * WORDS)
    slots[slot] = count
    if (++count * 2 < capacity) return count - 1
    capacity *= 2
    slots = new Int32Array(capacity).fill(-1)
    const larger = new Uint32Array((capacity / 2) * WORDS)
    larger.set(words)
    words = larger
    for (let index = 0; index < count; index++) slots[slotOf(words, index * WORDS)] = index
    return count - 1
  }
  add(slotOf(sought, 0))
  return {
    get count() {
      return count
    },
    indexOf(source, at) {
      for (let word = 0; word < WORDS; word++) {
        const digit = at + word * WORD_DIGITS
        sought[word] = (numberOf(source.getInt32(digit, true)) << 16) | numberOf(source.getInt32(digit + 4, true))
      }
      const slot = slotOf(sought, 0)
      return slots[slot] === -1 ? add(slot) : slots[slot]!
    },
    textOf(index) {
      let text = '0x'
      for (let word = index * WORDS; word < (index + 1) * WORDS; word++) text += words[word]!.toString(16).padStart(WORD_DIGITS, '0')
      return text
    },
    sorted() {
      return Int32Array.from({ length: count }, (_, index) => index).sort((a, b) => {
        let word = 0
        while (word < WORDS - 1 && words[a * WORDS + word] === words[b * WORDS + word]) word++
        return words[a * WORDS + word]! - words[b * WORDS + word]!
      })
    },
  }
}
