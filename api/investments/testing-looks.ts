import type { Facts } from './ask.ts'
import type { Finding } from './decide.ts'
import type { DatedRule } from './testing-rules.ts'

/** One look at one side of a figure: what it is, what the rule says, and what the law says. */
export type Look = [what: string, said: unknown, lawful: unknown]
export type Ask = (facts: Partial<Facts>, at?: Date) => Finding
/** All looks that the figures of one row deserve. Figures are written out here once more, not taken from the row. */
export type Looks = (ask: Ask, at: Date, rule: DatedRule) => Look[]

export const passes = (finding: Finding) => finding.passed
export const after = (at: Date, ms: number) => new Date(at.getTime() + ms)
export const [SECOND, HOUR, DAY] = [1_000, 3_600_000, 86_400_000]

/** The largest that passes, to the cent. */
export const most = (what: string, ask: Ask, limit: bigint, facts: (cents: bigint) => Partial<Facts>): Look[] => [
  [`${what}: a cent less`, passes(ask(facts(limit - 1n))), true],
  [`${what}: exactly`, passes(ask(facts(limit))), true],
  [`${what}: a cent more`, passes(ask(facts(limit + 1n))), false],
]
/** The smallest that passes. */
export const least = (what: string, ask: Ask, limit: bigint, facts: (cents: bigint) => Partial<Facts>): Look[] => [
  [`${what}: a cent less`, passes(ask(facts(limit - 1n))), false],
  [`${what}: exactly`, passes(ask(facts(limit))), true],
  [`${what}: a cent more`, passes(ask(facts(limit + 1n))), true],
]
/** Of something that happened: still good at `oldest`, not a second before. */
export const since = (what: string, ask: Ask, oldest: Date, facts: (at: Date) => Partial<Facts>, isGood = true): Look[] => [
  [`${what}: a second earlier`, passes(ask(facts(after(oldest, -SECOND)))), !isGood],
  [`${what}: to the second`, passes(ask(facts(oldest))), isGood],
  [`${what}: a second later`, passes(ask(facts(after(oldest, SECOND)))), isGood],
]
