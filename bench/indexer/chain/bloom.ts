import { hexToBytes, keccak256 } from 'viem'

/** The 2048-bit filter of one block's header, filled value by value (Yellow Paper, section 4.3.1). */
export interface BloomBuilder {
  /** @param value an address or a topic, 0x-prefixed and lower case */
  add(value: string): void
  /** The filter as 0x-prefixed hex; empties the builder for the next block. */
  take(): string
}

/** Remembers the bits of the values it saw: a chain has millions of logs, but few addresses and topics. */
export function createBloomBuilder(): BloomBuilder {
  const known = new Map<string, number[]>()
  const filter = Buffer.alloc(256)
  return {
    add(value) {
      let bits = known.get(value)
      if (bits === undefined) {
        bits = bitsOf(value)
        known.set(value, bits)
      }
      // Bit 0 is the lowest bit of the last byte.
      for (const bit of bits) filter[255 - (bit >> 3)]! |= 1 << (bit & 7)
    },
    take() {
      const hex = `0x${filter.toString('hex')}`
      filter.fill(0)
      return hex
    },
  }
}

function bitsOf(value: string): number[] {
  const hash = hexToBytes(keccak256(value as `0x${string}`))
  return [0, 2, 4].map((at) => ((hash[at]! << 8) | hash[at + 1]!) & 2047)
}
