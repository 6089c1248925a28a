import { createHash } from 'node:crypto'

/** The contract all events come from. */
export const CONTRACT = '0x7e44a1155c0de0000000000000000000000a11ce'
export const CHAIN_ID = 137
export const HOLDERS = 10_000
export const IDS = 200

/** An address, alone and as a topic. */
export interface Account {
  address: string
  topic: string
}

/** One token id and how its amounts look. */
export interface Token {
  /** Decimal. */
  id: string
  /** 64 hex digits, as in data. */
  word: string
  topic: string
  /** What one of the generator's own units is in base units of the token. */
  unit: bigint
}

/** Who and what there is on a chain; a pure function of its seed. */
export interface Tokens {
  holders: Account[]
  ids: Token[]
}

// Every tenth id has about 18 decimals; no round number, so that its amounts have digits to the end.
const FINE_UNIT = 1_000_000_000_000_000_003n

/** `wideIds` makes every twentieth id one that needs more than 64 bits, as contracts that keep data in ids have them. */
export function createTokens(seed: number, wideIds: boolean): Tokens {
  return {
    holders: Array.from({ length: HOLDERS }, (_, at) =>
      accountOf(createHash('sha256').update(`holder ${seed} ${at}`).digest('hex').slice(0, 40)),
    ),
    ids: Array.from({ length: IDS }, (_, at) => {
      const id = BigInt(at + 1) + (wideIds && at % 20 === 19 ? 1n << 200n : 0n)
      const word = wordOf(id)
      return { id: String(id), word, topic: `0x${word}`, unit: at % 10 === 9 ? FINE_UNIT : 1n }
    }),
  }
}

/** What stands for nobody in a mint or a burn. */
export const NOBODY = accountOf('0'.repeat(40))

/** A number as 64 hex digits. */
export function wordOf(value: bigint | number): string {
  return value.toString(16).padStart(64, '0')
}

/** A number as JSON-RPC writes quantities. */
export function quantity(value: bigint | number): string {
  return `0x${value.toString(16)}`
}

function accountOf(hex: string): Account {
  return { address: `0x${hex}`, topic: `0x${'0'.repeat(24)}${hex}` }
}
