import { describe, it } from 'node:test'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Facts } from './ask.ts'
import { decide, type Rule } from './decide.ts'
import { factsFromJson, factsToJson, replay } from './decision.ts'
import { PLATFORM_ASKS } from './platform-rules.ts'

const FROM = new Date('2026-01-01T00:00:00Z')
const AT = new Date('2026-06-01T00:00:00Z')
const VALUES: Record<string, unknown> = {
  PROJECT_OPEN: { states: ['active'] },
  PLATFORM_MINIMUM: { cents: '1000' },
  PLATFORM_MAXIMUM: { cents: '99999999' },
  BLOCKED_COUNTRIES: ['IR'],
  FINANCES_STATED: { months: 12 },
  REG_CF_INVESTOR: {
    thresholdCents: '12400000',
    floorCents: '250000',
    belowBps: 500,
    aboveBps: 1_000,
    ceilingCents: '12400000',
    measure: 'greater',
    capsBelowThreshold: true,
    accreditedAreFree: true,
  },
  REG_CF_ISSUER: { cents: '500000000' },
  REG_CF_CANCEL: { hours: 48 },
}
const rule = (code: string): Rule & { effectiveTo: Date | null } => ({
  code,
  effectiveFrom: FROM,
  effectiveTo: null,
  value: VALUES[code] ?? {},
  citation: 'test',
})
const RULES = [...Object.keys(PLATFORM_ASKS), 'FINANCES_STATED', 'REG_CF_INVESTOR', 'REG_CF_ISSUER', 'REG_CF_CANCEL'].map(rule)
const IN_FORCE = RULES.map(({ effectiveTo: _, ...one }) => one)

const cents = fc.bigInt(0n, 10n ** 15n)
const time = fc.date({ min: new Date('2020-01-01'), max: AT, noInvalidDate: true })
const anyFacts: fc.Arbitrary<Facts> = fc.record({
  kycApproved: fc.boolean(),
  country: fc.constantFrom('DE', 'IR', null),
  wallet: fc.constantFrom('0x1', null),
  walletRegistered: fc.boolean(),
  investorClass: fc.constantFrom(0, 1, 2),
  finances: fc.option(
    fc.record({
      annualIncomeCents: cents,
      netWorthCents: cents,
      outsideCents: cents,
      isJoint: fc.boolean(),
      spouseCents: fc.option(cents, { nil: null }),
      statedAt: time,
    }),
  ),
  project: fc.option(
    fc.record({
      state: fc.constantFrom('active', 'paused'),
      unitPriceCents: fc.bigInt(1n, 5_000n),
      minInvestmentCents: cents,
      unitsRemaining: cents,
      exemption: fc.constantFrom('reg_cf' as const, null),
      ownCents: cents,
      issuerCents: cents,
      closesAt: fc.option(time, { nil: null }),
    }),
  ),
  regCfCommitments: fc.array(fc.record({ amountCents: cents, at: time }), { maxLength: 3 }),
  amountCents: cents,
})

describe('a decision that is kept', () => {
  it('keeps its facts to the last cent and millisecond', () => {
    fc.assert(fc.property(anyFacts, (facts) => void expect(factsFromJson(factsToJson(facts))).to.deep.equal(facts)))
  })

  it('is answered the same when it is made again, and otherwise once a rule was edited', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        // As Postgres gives it back: other order of members, no classes.
        const stored = {
          facts: JSON.parse(factsToJson(facts)),
          findings: JSON.parse(JSON.stringify(decide(IN_FORCE, facts, AT))),
          decidedAt: AT,
        }
        expect(replay(stored, RULES)).to.equal(undefined)
        const edited = RULES.map((one) => (one.code === 'PLATFORM_MINIMUM' ? { ...one, value: { cents: '1001' } } : one))
        expect(replay(stored, edited)).to.deep.equal({ reason: 'PLATFORM_MINIMUM answers otherwise' })
        const later = [...RULES, { ...rule('PLATFORM_MINIMUM'), value: { cents: '1001' }, effectiveFrom: new Date(AT.getTime() + 1) }]
        expect(replay(stored, later)).to.equal(undefined)
      }),
    )
  })

  it('says so when an older version kept no facts', () => {
    expect(replay({ facts: null, findings: [], decidedAt: AT }, RULES)).to.deep.equal({ reason: 'no facts were kept' })
  })
})
