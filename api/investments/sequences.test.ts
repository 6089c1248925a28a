import { test } from 'node:test'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Exemption } from '../../common/wire.ts'
import type { Facts } from './ask.ts'
import { decide, investRules } from './decide.ts'
import { ALLOWED, inForce, readSeededRules } from './testing-rules.ts'

const RULES = inForce(await readSeededRules(), new Date('2026-11-28T00:00:00Z'))
const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31)
const [DAY, START] = [86_400_000, Date.parse('2026-11-28T00:00:00Z')]

/** Six offerings of two issuers. */
const OFFERINGS: { issuer: number; law: Exemption }[] = [
  { issuer: 0, law: 'reg_cf' },
  { issuer: 0, law: 'reg_cf' },
  { issuer: 1, law: 'reg_cf' },
  { issuer: 1, law: 'reg_a_tier_2' },
  { issuer: 0, law: 'reg_d_506b' },
  { issuer: 1, law: 'ecsp' },
]
const PEOPLE = 45

interface Order {
  person: number
  offering: number
  cents: bigint
  at: number
  isLive: boolean
}

const person = fc.integer({ min: 0, max: PEOPLE - 1 })
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      // Half of the orders are two people's, so that one person's limits are reached too.
      person: fc.oneof(person, fc.constantFrom(0, 1)),
      offering: fc.integer({ min: 0, max: OFFERINGS.length - 1 }),
      cents: fc.oneof(fc.bigInt(1n, 400_000n), fc.bigInt(1n, 400_000_000n)),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cancel' as const), pick: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('declare' as const), person, portals: fc.array(fc.bigInt(0n, 200_000n), { maxLength: 4 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 2_000 }) }) },
)
const people = fc.array(fc.record({ income: fc.bigInt(0n, 30_000_000n), worth: fc.bigInt(0n, 30_000_000n), isAccredited: fc.boolean() }), {
  minLength: PEOPLE,
  maxLength: PEOPLE,
})

/** What the law lets a person commit, written down a second time, in cents as numbers. */
function lawfulRegCf(income: number, worth: number): number {
  const more = Math.max(income, worth)
  const limit = Math.min(income, worth) < 12_400_000 ? Math.max(250_000, Math.floor(more / 20)) : Math.floor(more / 10)
  return Math.min(limit, 12_400_000)
}

test(`no sequence of orders, cancellations and declared amounts goes over a limit of any law (seed ${SEED})`, () => {
  let taken = 0
  let refused = 0
  fc.assert(
    fc.property(people, fc.array(step, { minLength: 30, maxLength: 150 }), (folk, steps) => {
      const orders: Order[] = []
      const outside = folk.map(() => 0n)
      let now = START
      for (const one of steps) {
        if (one.kind === 'wait') now += one.hours * 3_600_000
        if (one.kind === 'cancel' && orders.length > 0) orders[one.pick % orders.length]!.isLive = false
        // Several portals' amounts, added up by the person.
        if (one.kind === 'declare') outside[one.person] = one.portals.reduce((sum, cents) => sum + cents, 0n)
        if (one.kind !== 'order') continue
        const { income, worth, isAccredited } = folk[one.person]!
        const { issuer, law } = OFFERINGS[one.offering]!
        const yearAgo = new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() - 1)
        const live = orders.filter(({ isLive }) => isLive)
        const inLaw = live.filter(({ offering }) => OFFERINGS[offering]!.law === law)
        const ofIssuer = inLaw.filter(({ offering, at }) => OFFERINGS[offering]!.issuer === issuer && at >= yearAgo)
        const mine = inLaw.filter((order) => order.person === one.person)
        const facts: Facts = {
          ...ALLOWED,
          country: 'DE',
          investorClass: isAccredited ? 1 : 0,
          finances: { annualIncomeCents: income, netWorthCents: worth, outsideCents: outside[one.person]!, statedAt: new Date(now) },
          regCfCommitments: mine.map(({ cents, at }) => ({ amountCents: cents, at: new Date(at) })),
          amountCents: one.cents,
          project: {
            ...ALLOWED.project!,
            exemption: law,
            ownCents: total(mine.filter(({ offering }) => offering === one.offering)),
            issuerCents: total(ofIssuer),
          },
          ecsp: { test: null, simulation: null, sophisticatedUntil: new Date(now + DAY), acceptedLossCents: null },
          privateOffer: {
            recordedAt: new Date(START),
            offeredAt: new Date(START),
            judgement: 'alone',
            otherPurchases: [...lastByPerson(inLaw, folk, one.person).values()].map((at) => ({ at: new Date(at) })),
          },
        }
        if (!decide(RULES, facts, new Date(now), investRules(facts)).every(({ passed }) => passed)) {
          refused++
          continue
        }
        taken++
        orders.push({ person: one.person, offering: one.offering, cents: one.cents, at: now, isLive: true })
        const after = [...inLaw, orders.at(-1)!]
        const own = after.filter((order) => order.person === one.person)
        if (law === 'reg_cf' && !isAccredited)
          expect(Number(total(own.filter(({ at }) => at >= yearAgo)) + outside[one.person]!)).to.be.at.most(
            lawfulRegCf(Number(income), Number(worth)),
          )
        if (law === 'reg_a_tier_2' && !isAccredited)
          expect(Number(total(own))).to.be.at.most(Math.floor(Math.max(Number(income), Number(worth)) / 10))
        if (law === 'reg_cf' || law === 'ecsp') expect(Number(total([...ofIssuer, orders.at(-1)!]))).to.be.at.most(500_000_000)
        if (law === 'reg_d_506b') {
          const recent = after.filter(({ at }) => at >= now - 90 * DAY)
          expect(new Set(recent.map((order) => order.person).filter((who) => !folk[who]!.isAccredited)).size).to.be.at.most(35)
        }
      }
    }),
    { seed: SEED, numRuns: 400 },
  )
  // A test that refuses everything, or nothing, would show nothing.
  expect(taken).to.be.greaterThan(1_000)
  expect(refused).to.be.greaterThan(1_000)
})

function total(orders: readonly Order[]): bigint {
  return orders.reduce((sum, { cents }) => sum + cents, 0n)
}

/** When each person who isn't accredited last committed, but for one. */
function lastByPerson(orders: readonly Order[], folk: readonly { isAccredited: boolean }[], but: number): Map<number, number> {
  const last = new Map<number, number>()
  for (const { person, at } of orders)
    if (person !== but && !folk[person]!.isAccredited) last.set(person, Math.max(at, last.get(person) ?? 0))
  return last
}
