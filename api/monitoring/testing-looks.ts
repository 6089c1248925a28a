import { after, DAY, HOUR, type Looks, SECOND } from '../investments/testing-looks.ts'
import type { DatedRule } from '../investments/testing-rules.ts'
import { findPatterns, type Movement } from './find-patterns.ts'

/** Payments one after the other, so far apart; taken back so long after the first where that is given. */
const run = (at: Date, amounts: bigint[], apartMs: number, backAfterMs?: number): Movement[] =>
  amounts.map((amountCents, index) => ({
    paymentId: `${index}`,
    amountCents,
    currency: 'USD',
    paidAt: after(at, index * apartMs),
    refundedAt: backAfterMs === undefined ? null : after(at, backAfterMs),
  }))
const isPattern = (rule: DatedRule, movements: Movement[]) => findPatterns([rule], movements).length > 0

/** What the figures of the monitoring's rules deserve. */
export const MONITORING_LOOKS: Record<string, Looks> = {
  'MONITOR_STRUCTURING 2026-01-01': (_, at, rule) => {
    const near = (cents: bigint, count: number, apartMs = 0) => isPattern(rule, run(at, Array(count).fill(cents), apartMs))
    return [
      ['two of $9,999.99', near(999_999n, 2), false],
      ['three of $9,999.99', near(999_999n, 3), true],
      ['three of $10,000', near(1_000_000n, 3), false],
      ['three of $8,000', near(800_000n, 3), true],
      ['three a cent below $8,000', near(799_999n, 3), false],
      ['the third after seven days', near(800_000n, 3, 3.5 * DAY), true],
      ['a second later', near(800_000n, 3, 3.5 * DAY + SECOND), false],
    ]
  },
  'MONITOR_VELOCITY 2026-01-01': (_, at, rule) => {
    const paid = (amounts: bigint[], apartMs = 0) => isPattern(rule, run(at, amounts, apartMs))
    return [
      ['nine payments', paid(Array(9).fill(1n)), false],
      ['ten payments', paid(Array(10).fill(1n)), true],
      ['ten within 24 hours', paid(Array(10).fill(1n), (24 * HOUR) / 9), true],
      ['ten in a second more', paid(Array(10).fill(1n), (24 * HOUR) / 9 + SECOND), false],
      ['$99,999.99', paid([9_999_999n]), false],
      ['$100,000', paid([10_000_000n]), true],
      ['half of it 24 hours later', paid([5_000_000n, 5_000_000n], 24 * HOUR), true],
      ['half of it a second after that', paid([5_000_000n, 5_000_000n], 24 * HOUR + SECOND), false],
    ]
  },
  'MONITOR_ROUND_TRIP 2026-01-01': (_, at, rule) => {
    const back = (amounts: bigint[], afterMs: number, kept: bigint[] = []) =>
      isPattern(rule, [...run(at, amounts, 0, afterMs), ...run(at, kept, 0)])
    return [
      ['$4,999.99 taken back', back([499_999n], HOUR), false],
      ['$5,000 taken back', back([500_000n], HOUR), true],
      ['after 30 days', back([500_000n], 30 * DAY), true],
      ['a second later', back([500_000n], 30 * DAY + SECOND), false],
      ['four fifths of it', back([800_000n], HOUR, [200_000n]), true],
      ['a cent less of it', back([800_000n], HOUR, [200_001n]), false],
      ['nothing of it', isPattern(rule, run(at, [800_000n], 0)), false],
    ]
  },
}
