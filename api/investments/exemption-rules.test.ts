import { describe, it } from 'node:test'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Exemption } from '../../common/wire.ts'
import { type Commitment, type Facts, type Finances, monthsBefore } from './ask.ts'
import { decide, type Finding, investRules } from './decide.ts'
import { EXEMPTION_RULES } from './exemption-rules.ts'
import { ALLOWED, readSeededRules } from './testing-rules.ts'

const RULES = await readSeededRules()
const NOW = new Date('2026-11-28T12:00:00Z')

describe('the limits of Regulation Crowdfunding', () => {
  // Income, net worth, limit; dollars. Both sides of the threshold of $124,000, of the floor of $2,500 and of the ceiling.
  const figures: [number, number, number][] = [
    [0, 0, 2_500],
    [49_999, 0, 2_500],
    [50_000, 0, 2_500],
    [50_020, 0, 2_501],
    [150_000, 80_000, 7_500],
    [80_000, 900_000, 45_000],
    [123_999, 2_000_000, 100_000],
    [123_999, 2_480_000, 124_000],
    [123_999, 9_000_000, 124_000],
    [124_000, 123_999, 6_200],
    [124_000, 124_000, 12_400],
    [150_000, 900_000, 90_000],
    [1_240_000, 124_000, 124_000],
    [2_000_000, 2_000_000, 124_000],
  ]
  for (const [income, worth, limit] of figures)
    it(`are $${limit} for $${income} a year and $${worth}, to the cent`, () => {
      const finances = stated(income, worth)
      expect(refusal(asked('reg_cf', { finances, amountCents: cents(limit) }))).to.equal(undefined)
      const over = refusal(asked('reg_cf', { finances, amountCents: cents(limit) + 1n }))
      expect(over).to.deep.include({ code: 'REG_CF_INVESTOR', errorCode: 'LIMIT_REG_CF' })
      expect(over!.details).to.deep.equal({
        limitCents: String(cents(limit)),
        usedCents: '0',
        remainingCents: String(cents(limit)),
      })
      expect(over!.message).to.match(/^Investment exceeds Regulation Crowdfunding limits/)
    })

  it('were others before, and each day is measured by its own', () => {
    const finances = (at: string) => ({ ...stated(150_000, 120_000), statedAt: new Date(at) })
    const limitAt = (at: string) => {
      const found = asked('reg_cf', { finances: finances(at) }, new Date(at)).find(({ code }) => code === 'REG_CF_INVESTOR')!
      return (found.seen as { limitCents: string }).limitCents
    }
    // Until 2021 the lesser counts; $120,000 is above the threshold until September 2022.
    expect(limitAt('2017-04-12T03:59:59Z')).to.equal('1200000')
    expect(limitAt('2017-04-12T04:00:00Z')).to.equal('1200000')
    expect(limitAt('2021-03-15T03:59:59Z')).to.equal('1200000')
    expect(limitAt('2021-03-15T04:00:00Z')).to.equal('1500000')
    expect(limitAt('2022-09-20T03:59:59Z')).to.equal('1500000')
    expect(limitAt('2022-09-20T04:00:00Z')).to.equal('750000')
    expect(() => limitAt('2016-05-16T03:59:59Z')).to.throw('No rule FINANCES_STATED is in force')
  })

  it('count what was committed in the last twelve months, to the second, here and elsewhere', () => {
    const finances = { ...stated(0, 0), outsideCents: 50_000n }
    const before = (at: string): Commitment[] => [{ amountCents: 150_000n, at: new Date(at) }]
    const left = (regCfCommitments: Commitment[]) =>
      (asked('reg_cf', { finances, regCfCommitments, amountCents: 999_999n }).at(1)!.details as { remainingCents: string }).remainingCents
    expect(left([])).to.equal('200000')
    expect(left(before('2025-11-28T11:59:59Z'))).to.equal('200000')
    expect(left(before('2025-11-28T12:00:00Z'))).to.equal('50000')
    expect(left([...before('2026-01-01T00:00:00Z'), ...before('2026-02-01T00:00:00Z')])).to.equal('0')
  })

  it('need a statement that is not older than twelve months, and none of accredited investors', () => {
    const at = (iso: string) => ({ finances: { ...stated(0, 0), statedAt: new Date(iso) } })
    expect(refusal(asked('reg_cf', { finances: null }))).to.deep.include({ code: 'FINANCES_STATED', errorCode: 'FINANCES_REQUIRED' })
    expect(refusal(asked('reg_cf', at('2025-11-28T11:59:59Z')))).to.deep.include({ errorCode: 'FINANCES_REQUIRED' })
    expect(refusal(asked('reg_cf', at('2025-11-28T12:00:00Z')))).to.equal(undefined)
    for (const investorClass of [1, 2])
      expect(refusal(asked('reg_cf', { finances: null, investorClass, amountCents: 400_000_000n }))).to.equal(undefined)
  })

  it('let an issuer take $5,000,000 in twelve months, to the cent', () => {
    const with_ = (issuerCents: bigint) =>
      refusal(asked('reg_cf', { investorClass: 1, amountCents: 1_000n, project: { ...PROJECT, exemption: 'reg_cf', issuerCents } }))
    expect(with_(499_999_000n)).to.equal(undefined)
    expect(with_(499_999_001n)).to.deep.include({ code: 'REG_CF_ISSUER', errorCode: 'LIMIT_ISSUER' })
    expect(with_(600_000_000n)!.details).to.deep.include({ remainingCents: '0' })
  })

  it('are not exceeded by any sequence of orders', () => {
    const order = fc.record({ amountCents: fc.bigInt(1n, 400_000n), hoursLater: fc.integer({ min: 0, max: 4_000 }) })
    fc.assert(
      fc.property(fc.array(order, { maxLength: 30 }), fc.bigInt(0n, 30_000_000n), fc.bigInt(0n, 30_000_000n), (orders, income, worth) => {
        let at = new Date('2025-01-01T00:00:00Z')
        const taken: Commitment[] = []
        for (const { amountCents, hoursLater } of orders) {
          at = new Date(at.getTime() + hoursLater * 3_600_000)
          const finances = { annualIncomeCents: income, netWorthCents: worth, outsideCents: 0n, statedAt: at }
          const findings = asked('reg_cf', { finances, regCfCommitments: taken, amountCents }, at)
          if (refusal(findings) === undefined) taken.push({ amountCents, at })
          const since = monthsBefore(at, 12)
          const sum = taken.filter((one) => one.at >= since).reduce((total, one) => total + one.amountCents, 0n)
          expect(sum <= lawfulLimit(income, worth), `${sum} of ${income} and ${worth}`).to.equal(true)
        }
      }),
    )
  })
})

describe('Rule 506(c)', () => {
  it('is for accredited investors', () => {
    expect(refusal(asked('reg_d_506c', {}))).to.deep.include({ code: 'REG_D_506C', errorCode: 'ACCREDITED_ONLY' })
    for (const investorClass of [1, 2]) expect(refusal(asked('reg_d_506c', { investorClass }))).to.equal(undefined)
  })
})

describe('Regulation A, Tier 2', () => {
  it('lets a person invest a tenth of the greater of income and net worth in an offering, to the cent', () => {
    const finances = stated(80_000, 30_005)
    const with_ = (amountCents: bigint, ownCents = 0n) =>
      refusal(asked('reg_a_tier_2', { finances, amountCents, project: { ...PROJECT, exemption: 'reg_a_tier_2', ownCents } }))
    expect(with_(800_000n)).to.equal(undefined)
    expect(with_(800_001n)).to.deep.include({ code: 'REG_A_INVESTOR', errorCode: 'LIMIT_REG_A' })
    expect(with_(300_000n, 500_000n)).to.equal(undefined)
    expect(with_(300_001n, 500_000n)).to.deep.include({ errorCode: 'LIMIT_REG_A' })
  })
})

describe('Regulation S', () => {
  it('is for people who live outside the United States and its territories', () => {
    for (const country of ['US', 'PR', 'GU', null])
      expect(refusal(asked('reg_s', { country }))).to.deep.include({ code: 'REG_S_OUTSIDE_US', errorCode: 'COUNTRY_BLOCKED' })
    for (const country of ['DE', 'CA', 'MX']) expect(refusal(asked('reg_s', { country }))).to.equal(undefined)
  })
})

describe('months before', () => {
  it('are the same day of the month, or its last', () => {
    expect(monthsBefore(new Date('2026-03-31T10:00:00Z'), 1).toISOString()).to.equal('2026-02-28T10:00:00.000Z')
    expect(monthsBefore(new Date('2028-02-29T10:00:00Z'), 12).toISOString()).to.equal('2027-02-28T10:00:00.000Z')
    expect(monthsBefore(new Date('2026-11-28T12:00:00Z'), 12).toISOString()).to.equal('2025-11-28T12:00:00.000Z')
  })
})

const PROJECT = ALLOWED.project!

function asked(exemption: Exemption, facts: Partial<Facts>, at = NOW): Finding[] {
  const whole: Facts = { ...ALLOWED, project: { ...PROJECT, exemption }, ...facts }
  const codes = EXEMPTION_RULES[exemption]
  expect(investRules(whole)).to.include.members([...codes])
  return decide(RULES, whole, at, codes)
}

function refusal(findings: Finding[]): Finding | undefined {
  return findings.find(({ passed }) => !passed)
}

function stated(income: number, worth: number): Finances {
  return { annualIncomeCents: cents(income), netWorthCents: cents(worth), outsideCents: 0n, statedAt: NOW }
}

function cents(dollars: number): bigint {
  return BigInt(dollars) * 100n
}

/** 17 CFR 227.100(a)(2) written down a second time, in dollars and cents as numbers. */
function lawfulLimit(incomeCents: bigint, worthCents: bigint): bigint {
  const [income, worth] = [Number(incomeCents), Number(worthCents)]
  const more = Math.max(income, worth)
  const limit = Math.min(income, worth) < 12_400_000 ? Math.max(250_000, Math.floor(more / 20)) : Math.floor(more / 10)
  return BigInt(Math.min(limit, 12_400_000))
}
