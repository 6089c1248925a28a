import type { Random } from './random.ts'
import { HOLDERS, IDS } from './tokens.ts'

/** Who has how much of what: amounts in the generator's units, exact because they stay below 2^53. */
export interface Ledger {
  /** By pair, that is holder × IDS + id. */
  amounts: Float64Array
  /** The pairs that have something, in an order that only the past decides; the first `heldCount` entries count. */
  held: Uint32Array
  heldCount: number
  /** Where in `held` a pair stands. */
  places: Uint32Array
}

/** One id moved; a holder of -1 is the zero address. */
export interface Move {
  from: number
  to: number
  id: number
  amount: number
}

const PAIRS = HOLDERS * IDS
const LARGEST_MINT = 1_000_000
const MINT_SHARE = 0.15
const BURN_SHARE = 0.05

/** An empty ledger, or one with what another one held. */
export function createLedger(amounts = new Float64Array(PAIRS), heldPairs = new Uint32Array()): Ledger {
  const held = new Uint32Array(PAIRS)
  const places = new Uint32Array(PAIRS)
  held.set(heldPairs)
  heldPairs.forEach((pair, place) => {
    places[pair] = place
  })
  return { amounts, held, heldCount: heldPairs.length, places }
}

/** A mint, a transfer or a burn; never moves more than there is. */
export function moveOne(ledger: Ledger, random: Random): Move {
  if (ledger.heldCount === 0 || random.share() < MINT_SHARE) return mint(ledger, random, pickHolder(random), pickId(random))
  const pair = ledger.held[random.below(ledger.heldCount)]!
  const available = ledger.amounts[pair]!
  const amount = Math.min(available, 1 + Math.floor((available * random.below(1_000)) / 1_000))
  const [from, id] = [Math.floor(pair / IDS), pair % IDS]
  const to = random.share() < BURN_SHARE ? -1 : pickHolder(random)
  give(ledger, pair, amount)
  if (to >= 0) receive(ledger, to * IDS + id, amount)
  return { from, to, id, amount }
}

/** Mints some of each of `count` different ids to one holder. */
export function mintSeveral(ledger: Ledger, random: Random, count: number): Move[] {
  const to = pickHolder(random)
  const ids = new Set<number>()
  while (ids.size < count) ids.add(pickId(random))
  return [...ids].map((id) => mint(ledger, random, to, id))
}

function mint(ledger: Ledger, random: Random, to: number, id: number): Move {
  const amount = 1 + random.below(LARGEST_MINT)
  receive(ledger, to * IDS + id, amount)
  return { from: -1, to, id, amount }
}

function receive(ledger: Ledger, pair: number, amount: number): void {
  if (ledger.amounts[pair] === 0) {
    ledger.places[pair] = ledger.heldCount
    ledger.held[ledger.heldCount++] = pair
  }
  ledger.amounts[pair]! += amount
}

function give(ledger: Ledger, pair: number, amount: number): void {
  ledger.amounts[pair]! -= amount
  if (ledger.amounts[pair]! > 0) return
  // The last pair takes the place of the one that has nothing left.
  const last = ledger.held[--ledger.heldCount]!
  const place = ledger.places[pair]!
  ledger.held[place] = last
  ledger.places[last] = place
}

/** Few large holders, few busy ids. */
function pickHolder(random: Random): number {
  return Math.floor(HOLDERS * random.share() ** 3)
}

function pickId(random: Random): number {
  return Math.floor(IDS * random.share() ** 2)
}
