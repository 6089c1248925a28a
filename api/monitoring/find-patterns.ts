/** Money of one account that came in, and went back where it did. */
export interface Movement {
  paymentId: string
  amountCents: bigint
  currency: string
  paidAt: Date
  refundedAt: Date | null
}

/** A rule in force, as far as a pattern needs it. */
export interface PatternRule {
  code: string
  value: unknown
}

/** Something that a person has to look at. */
export interface Pattern {
  code: string
  currency: string
  sumCents: bigint
  /** In the order in which they came. */
  paymentIds: string[]
  from: Date
  to: Date
}

const HOUR_MS = 3_600_000

/** Codes of the rules that are asked, and how. Amounts of different currencies are never added. */
const FINDERS: Record<string, (value: never, movements: readonly Movement[]) => Movement[]> = {
  /** Payments just below a threshold, so many within so many days that together they are above it. */
  MONITOR_STRUCTURING(value: { belowCents: string; fromCents: string; count: number; days: number }, movements) {
    const below = BigInt(value.belowCents)
    const near = movements.filter(({ amountCents }) => amountCents >= BigInt(value.fromCents) && amountCents < below)
    return firstWithin(near, value.days * 24, (inside) => inside.length >= value.count && sumOf(inside) >= below)
  },
  /** Many payments, or much money, within so many hours. */
  MONITOR_VELOCITY(value: { hours: number; count: number; sumCents: string }, movements) {
    return firstWithin(movements, value.hours, (inside) => inside.length >= value.count || sumOf(inside) >= BigInt(value.sumCents))
  },
  /** Most of what came in within so many days went back within them. */
  MONITOR_ROUND_TRIP(value: { days: number; sumCents: string; bps: number }, movements) {
    const windowMs = value.days * 24 * HOUR_MS
    return firstWithin(movements, value.days * 24, (inside) => {
      const from = inside[0]!.paidAt.getTime()
      const back = sumOf(inside.filter(({ refundedAt }) => refundedAt !== null && refundedAt.getTime() - from <= windowMs))
      return back >= BigInt(value.sumCents) && back * 10_000n >= sumOf(inside) * BigInt(value.bps)
    })
  },
}

export const MONITOR_RULES = Object.keys(FINDERS)

/** The first run of movements that each rule calls unusual, by currency. Pure. @throws Error for a code that no pattern has */
export function findPatterns(rules: readonly PatternRule[], movements: readonly Movement[]): Pattern[] {
  const currencies = [...new Set(movements.map(({ currency }) => currency))]
  return rules.flatMap(({ code, value }) =>
    currencies.flatMap((currency) => {
      const find = FINDERS[code]
      if (!find) throw new Error(`No pattern is known by ${code}`)
      const own = movements.filter((one) => one.currency === currency).sort((a, b) => a.paidAt.getTime() - b.paidAt.getTime())
      const found = find(value as never, own)
      if (found.length === 0) return []
      const paymentIds = found.map(({ paymentId }) => paymentId)
      return { code, currency, sumCents: sumOf(found), paymentIds, from: found[0]!.paidAt, to: found.at(-1)!.paidAt }
    }),
  )
}

/** The longest run that begins at a movement and ends within the window, the first one that is unusual; both ends of the window count. */
function firstWithin(movements: readonly Movement[], hours: number, isUnusual: (inside: Movement[]) => boolean): Movement[] {
  for (const [index, first] of movements.entries()) {
    const inside = movements.slice(index).filter(({ paidAt }) => paidAt.getTime() - first.paidAt.getTime() <= hours * HOUR_MS)
    if (isUnusual(inside)) return inside
  }
  return []
}

function sumOf(movements: readonly Movement[]): bigint {
  return movements.reduce((sum, { amountCents }) => sum + amountCents, 0n)
}
