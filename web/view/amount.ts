import { parseMinor, unitsFor } from '../../common/money.ts'

export type AmountView =
  | { ok: true; cents: bigint; units: bigint }
  | {
      ok: false
      problem: 'empty' | 'not_a_number' | 'below_minimum' | 'not_whole_units' | 'above_remaining'
      lower: bigint | null
      upper: bigint | null
    }

/**
 * What an amount typed by hand would buy. Grouping marks and a sign of dollar or euro are forgiven.
 * For a remainder it names the nearest amounts that buy whole units (null where there is none).
 */
export function readAmount(
  text: string,
  project: { unitPriceCents: string; minInvestmentCents: string; unitsRemaining: string },
): AmountView {
  const none = { ok: false, lower: null, upper: null } as const
  if (bareOf(text) === '') return { ...none, problem: 'empty' }
  const cents = readCents(text)
  if (cents === null) return { ...none, problem: 'not_a_number' }
  const price = BigInt(project.unitPriceCents)
  const least = smallestOrder(project)
  const most = BigInt(project.unitsRemaining) * price
  if (cents < BigInt(project.minInvestmentCents)) return { ok: false, problem: 'below_minimum', lower: null, upper: least }
  if (cents > most) return { ok: false, problem: 'above_remaining', lower: most >= least ? most : null, upper: null }
  const units = unitsFor(cents, price)
  if (units === null) {
    const lower = cents - (cents % price)
    return {
      ok: false,
      problem: 'not_whole_units',
      lower: lower >= least ? lower : null,
      upper: lower + price <= most ? lower + price : null,
    }
  }
  return { ok: true, cents, units }
}

/** Cents of an amount in dollars or euro typed by hand, or null. */
export function readCents(text: string): bigint | null {
  return parseMinor(bareOf(text), 2)
}

function bareOf(text: string): string {
  return text.replace(/[\s$€,]/g, '')
}

/** The smallest amount that is a whole number of units and not below the minimum. */
export function smallestOrder(project: { unitPriceCents: string; minInvestmentCents: string }): bigint {
  const price = BigInt(project.unitPriceCents)
  const minimum = BigInt(project.minInvestmentCents)
  return ((minimum + price - 1n) / price) * price
}

/** A few amounts to choose from: the smallest order and round ones above it that are whole units and still available. */
export function suggestedAmounts(project: { unitPriceCents: string; minInvestmentCents: string; unitsRemaining: string }): bigint[] {
  const price = BigInt(project.unitPriceCents)
  const least = smallestOrder(project)
  const most = BigInt(project.unitsRemaining) * price
  const round = [10_000n, 50_000n, 100_000n, 500_000n].map((cents) => ((cents + price - 1n) / price) * price)
  return [...new Set([least, ...round])].filter((cents) => cents >= least && cents <= most).slice(0, 4)
}
