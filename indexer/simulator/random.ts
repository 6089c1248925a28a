/** Pseudo-random numbers that a seed repeats (mulberry32). */
export interface Random {
  /** 0 ≤ result < 1. */
  next(): number
  /** 0 ≤ result < below, a whole number. */
  int(below: number): number
  pick<T>(items: readonly T[]): T
  /** The heavier, the more often. */
  pickWeighted<T extends { weight: number }>(items: readonly T[]): T
  /** True once in 1 / `share` times. */
  chance(share: number): boolean
  /** 1 ≤ result ≤ most; three of four are below the square root of it. */
  depth(most: number): number
  /** Hex digits. */
  hex(bytes: number): `0x${string}`
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (below: number) => Math.floor(next() * below)
  return {
    next,
    int,
    pick: (items) => items[int(items.length)]!,
    pickWeighted(items) {
      let at = int(items.reduce((sum, { weight }) => sum + weight, 0))
      return items.find(({ weight }) => {
        at -= weight
        return at < 0
      })!
    },
    chance: (share) => next() < share,
    depth: (most) => Math.min(most, Math.floor(2 ** (next() ** 3 * Math.log2(most + 1)))),
    hex: (bytes) => `0x${Array.from({ length: bytes }, () => int(256).toString(16).padStart(2, '0')).join('')}`,
  }
}

/** The seed of a randomised run: SEED from the environment, else a new one; printed so that a failure can be repeated. */
export function seedOf(name: string): number {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))
  console.log(`${name}: SEED=${seed}`)
  return seed
}
