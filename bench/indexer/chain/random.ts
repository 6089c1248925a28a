/** Seeded random numbers: the same seed gives the same sequence on every machine. */
export interface Random {
  /** From 0 up to, but not including, 1. */
  share(): number
  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit: number): number
  /** 32 bytes as 0x-prefixed hex. */
  hash(): string
}

/** Chris Doty-Humphrey's sfc32; the words of the seed are mixed by FNV-1a first. */
export function createRandom(...seed: number[]): Random {
  let mixed = 2_166_136_261
  const mix = (word: number) => {
    mixed = Math.imul(mixed ^ word, 16_777_619)
    mixed ^= mixed >>> 15
    return mixed | 0
  }
  for (const word of seed) mix(word)
  let [a, b, c, counter] = [mix(1), mix(2), mix(3), 1]
  const next = () => {
    const result = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return result >>> 0
  }
  for (let round = 0; round < 12; round++) next()
  const bytes = Buffer.alloc(32)
  const share = () => next() / 4_294_967_296
  return {
    share,
    below: (limit) => Math.floor(share() * limit),
    hash: () => {
      for (let at = 0; at < 32; at += 4) bytes.writeUInt32BE(next(), at)
      return `0x${bytes.toString('hex')}`
    },
  }
}
