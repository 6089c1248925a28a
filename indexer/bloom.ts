import { bytesToBigInt, type Hex, hexToBytes, keccak256 } from 'viem'

/** The 2048-bit filter in a block's header: every address and topic of its logs sets three bits. */
export type Bloom = Hex

/** False proves that the block holds no log with this address or topic; true proves nothing. */
export function bloomMayContain(bloom: Bloom, value: Hex): boolean {
  const bits = bitsOf(value)
  return (BigInt(bloom) & bits) === bits
}

/** What of a log stands in its block's filter. */
interface Filtered {
  address: Hex
  topics: readonly Hex[]
}

/** False proves that one of `logs` isn't of the block. */
export function bloomKnows(bloom: Bloom, logs: readonly Filtered[]): boolean {
  return (bitsOfAll(logs) & ~BigInt(bloom)) === 0n
}

/** True when every bit of the header's filter comes from one of `logs`: then none with a bit of its own was left out. */
export function bloomIsCoveredBy(bloom: Bloom, logs: readonly Filtered[]): boolean {
  return (BigInt(bloom) & ~bitsOfAll(logs)) === 0n
}

function bitsOfAll(logs: readonly Filtered[]): bigint {
  let bits = 0n
  const seen = new Set<Hex>()
  for (const log of logs) {
    for (const value of [log.address, ...log.topics]) {
      if (seen.has(value)) continue
      seen.add(value)
      bits |= bitsOf(value)
    }
  }
  return bits
}

/** The same events, contracts and people come again and again, and each hash takes some microseconds. */
const KNOWN = new Map<Hex, bigint>()
const MOST_KNOWN = 20_000

function bitsOf(value: Hex): bigint {
  const known = KNOWN.get(value)
  if (known !== undefined) return known
  const bits = hashedBitsOf(value)
  if (KNOWN.size === MOST_KNOWN) KNOWN.clear()
  KNOWN.set(value, bits)
  return bits
}

/** Yellow Paper, section 4.3.1: the low 11 bits of each of the first three byte pairs of the Keccak-256 hash. */
function hashedBitsOf(value: Hex): bigint {
  const hash = hexToBytes(keccak256(value))
  let bits = 0n
  for (const at of [0, 2, 4]) bits |= 1n << (bytesToBigInt(hash.subarray(at, at + 2)) & 2047n)
  return bits
}
