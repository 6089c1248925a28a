import { test } from 'node:test'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Facts } from './ask.ts'
import { assertAllowed, decide, investRules, type Rule, SETTLE_RULES } from './decide.ts'

const from = new Date('2026-01-01T00:00:00Z')
const at = new Date('2026-06-01T00:00:00Z')
const rule = (code: string, value: unknown, effectiveFrom = from): Rule => ({ code, value, effectiveFrom, citation: 'test' })
const RULES: Rule[] = [
  rule('KYC_REQUIRED', { required: true }),
  rule('SANCTIONS', { refuse: ['frozen', 'review', 'unscreened'] }),
  rule('WALLET_REQUIRED', { registered: true }),
  rule('PROJECT_OPEN', { states: ['active'] }),
  rule('PLATFORM_MINIMUM', { cents: '1000' }),
  rule('PLATFORM_MAXIMUM', { cents: '99999999' }),
  rule('PROJECT_MINIMUM', {}),
  rule('WHOLE_UNITS', {}),
  rule('SUPPLY', {}),
  rule('BLOCKED_COUNTRIES', ['IR']),
]
const GOOD: Facts = {
  kycApproved: true,
  country: 'DE',
  wallet: '0x1',
  walletRegistered: true,
  investorClass: 0,
  finances: null,
  project: {
    state: 'active',
    unitPriceCents: 1_000n,
    minInvestmentCents: 1_000n,
    unitsRemaining: 10n,
    exemption: null,
    ownCents: 0n,
    issuerCents: 0n,
  },
  regCfCommitments: [],
  amountCents: 5_000n,
}

function firstRefusal(facts: Partial<Facts>) {
  try {
    assertAllowed(decide(RULES, { ...GOOD, ...facts }, at))
    return 'allowed'
  } catch (error) {
    const { code, details } = error as { code: string; details: object }
    return Object.keys(details).length > 0 ? { code, ...details } : code
  }
}

test('an order that fits every rule is allowed', () => {
  expect(firstRefusal({})).to.equal('allowed')
})

test('each rule refuses with its own code', () => {
  const project = GOOD.project!
  expect(firstRefusal({ kycApproved: false })).to.equal('KYC_REQUIRED')
  expect(firstRefusal({ hold: 'frozen' })).to.equal('ACCOUNT_FROZEN')
  expect(firstRefusal({ hold: 'review' })).to.equal('ACCOUNT_IN_REVIEW')
  expect(firstRefusal({ hold: 'unscreened' })).to.equal('ACCOUNT_IN_REVIEW')
  expect(firstRefusal({ hold: null })).to.equal('allowed')
  expect(firstRefusal({ wallet: null, walletRegistered: false })).to.equal('WALLET_REQUIRED')
  expect(firstRefusal({ walletRegistered: false })).to.equal('WALLET_REQUIRED')
  expect(firstRefusal({ project: null })).to.equal('PROJECT_NOT_FOUND')
  expect(firstRefusal({ project: { ...project, state: 'paused' } })).to.deep.equal({ code: 'NOT_OPEN', state: 'paused' })
  expect(firstRefusal({ amountCents: 999n })).to.deep.equal({ code: 'LIMIT_MIN', minimumCents: '1000' })
  expect(firstRefusal({ project: { ...project, minInvestmentCents: 6_000n } })).to.deep.equal({ code: 'LIMIT_MIN', minimumCents: '6000' })
  expect(firstRefusal({ amountCents: 100_000_000n })).to.deep.equal({ code: 'LIMIT_MAX', maximumCents: '99999999' })
  expect(firstRefusal({ amountCents: 5_001n })).to.deep.equal({ code: 'AMOUNT_NOT_WHOLE_UNITS', unitPriceCents: '1000' })
  expect(firstRefusal({ amountCents: 11_000n })).to.deep.equal({ code: 'SOLD_OUT', unitsRemaining: '10' })
  expect(firstRefusal({ country: 'IR' })).to.equal('COUNTRY_BLOCKED')
})

test('the first rule not passed is the answer, in a fixed order', () => {
  const worst: Partial<Facts> = { kycApproved: false, wallet: null, walletRegistered: false, project: null, amountCents: 0n, country: 'IR' }
  expect(firstRefusal(worst)).to.equal('KYC_REQUIRED')
  expect(firstRefusal({ ...worst, kycApproved: true })).to.equal('WALLET_REQUIRED')
})

test('the version of a rule in force at the time decides, not the newest', () => {
  const later = [...RULES, rule('PLATFORM_MINIMUM', { cents: '10000' }, new Date('2026-07-01T00:00:00Z'))]
  const minimumAt = (when: string) => decide(later, GOOD, new Date(when)).find(({ code }) => code === 'PLATFORM_MINIMUM')
  expect(minimumAt('2026-06-30T23:59:59Z')).to.deep.include({ passed: true, value: { cents: '1000' } })
  expect(minimumAt('2026-07-01T00:00:00Z')).to.deep.include({ passed: false, value: { cents: '10000' } })
})

test('a platform without one of its rules does not decide', () => {
  expect(() => decide(RULES.slice(1), GOOD, at)).to.throw('No rule KYC_REQUIRED is in force')
  expect(() => decide(RULES, GOOD, new Date('2020-01-01T00:00:00Z'))).to.throw('is in force')
})

test('settlement asks again what may have changed since the payment, and not what the payment settled', () => {
  expect(decide(RULES, GOOD, at, SETTLE_RULES).map(({ code }) => code)).to.deep.equal(SETTLE_RULES)
  expect(
    decide(RULES, { ...GOOD, project: { ...GOOD.project!, unitsRemaining: 0n } }, at, SETTLE_RULES).every(({ passed }) => passed),
  ).to.equal(true)
})

test('what is allowed is always a whole number of units that are left, at or above the minimum, whatever the facts', () => {
  const facts = fc.record({
    kycApproved: fc.boolean(),
    country: fc.constantFrom('DE', 'IR', null),
    wallet: fc.constantFrom('0x1', null),
    walletRegistered: fc.boolean(),
    investorClass: fc.constantFrom(0, 1),
    finances: fc.constant(null),
    regCfCommitments: fc.constant([]),
    project: fc.option(
      fc.record({
        state: fc.constantFrom('active', 'paused', 'exited'),
        unitPriceCents: fc.bigInt(1n, 5_000n),
        minInvestmentCents: fc.bigInt(1_000n, 20_000n),
        unitsRemaining: fc.bigInt(0n, 100n),
        exemption: fc.constant(null),
        ownCents: fc.constant(0n),
        issuerCents: fc.constant(0n),
      }),
    ),
    amountCents: fc.bigInt(0n, 200_000n),
  })
  fc.assert(
    fc.property(facts, (some) => {
      const findings = decide(RULES, some, at)
      expect(findings.map(({ code }) => code)).to.deep.equal(investRules(some))
      if (!findings.every(({ passed }) => passed)) return
      const { project, amountCents } = some
      expect(project!.state).to.equal('active')
      expect(amountCents % project!.unitPriceCents).to.equal(0n)
      expect(amountCents / project!.unitPriceCents <= project!.unitsRemaining).to.equal(true)
      expect(amountCents >= 1_000n && amountCents >= project!.minInvestmentCents).to.equal(true)
      expect(some.kycApproved && some.walletRegistered && some.country !== 'IR').to.equal(true)
    }),
    { numRuns: 2_000 },
  )
})
