import type { AmountView } from './amount.ts'
import { money } from './format.ts'

/** What is wrong with an amount and which one near it would do. */
export function amountProblem(amount: Extract<AmountView, { ok: false }>, currency: string, locale?: string): string | null {
  const { lower, upper } = amount
  const name = (cents: bigint) => money(cents, currency, locale)
  switch (amount.problem) {
    case 'empty':
      return null
    case 'not_a_number':
      return 'Write an amount with at most two decimals, for example 250 or 250.50.'
    case 'below_minimum':
      return upper === null ? 'That is too little.' : `The smallest order here is ${name(upper)}.`
    case 'above_remaining':
      return lower === null ? 'Nothing is left to buy.' : `At most ${name(lower)} is left.`
    case 'not_whole_units':
      return `That doesn’t buy whole units. ${[lower, upper]
        .filter((cents) => cents !== null)
        .map(name)
        .join(' or ')} would.`
  }
}
