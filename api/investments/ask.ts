import type { ErrorCode } from '../../common/errors.ts'
import { formatMinor } from '../../common/money.ts'
import type { Exemption } from '../../common/wire.ts'

/** What an investor said of income and net worth; cents. */
export interface Finances {
  annualIncomeCents: bigint
  netWorthCents: bigint
  /** Committed under Regulation Crowdfunding on other platforms, in the twelve months before. */
  outsideCents: bigint
  /** The figures are those of a couple, and what the other of them committed, here and elsewhere. */
  isJoint?: boolean
  spouseCents?: bigint | null
  statedAt: Date
}

/** What the European crowdfunding regulation looks at besides. */
export interface EcspFacts {
  /** The newest entry knowledge test, and whether the warning that follows a failed one was confirmed. */
  test: { isPassed: boolean; isWarned: boolean; takenAt: Date } | null
  /** The newest simulation of the ability to bear loss, and whether its result was confirmed. */
  simulation: { netWorthCents: bigint; isAcknowledged: boolean; simulatedAt: Date } | null
  /** Until when the investor is approved as a sophisticated one. */
  sophisticatedUntil: Date | null
  /** What the investor wrote that this order may lose; that is the consent and the proof of having understood. */
  acceptedLossCents: bigint | null
}

/** What Rule 506(b) looks at besides. */
export interface PrivateOffer {
  /** When the issuer recorded that it knows the investor, and when it submitted the offering. */
  recordedAt: Date | null
  offeredAt: Date | null
  judgement: 'alone' | 'representative' | null
  /** Of everybody else who isn't accredited: the last commitment to the issuer under the same rule. */
  otherPurchases: readonly { at: Date }[]
}

export interface Commitment {
  amountCents: bigint
  at: Date
}

/** What is known about who wants what. A project that is null is unknown to the asker. */
export interface Facts {
  kycApproved: boolean
  /** Why the account may not commit or receive; see app.account_hold. Missing in what was kept before there was such a thing. */
  hold?: 'frozen' | 'review' | 'unscreened' | null
  country: string | null
  /** The account's active wallet, and whether the chain lets it receive units now. */
  wallet: string | null
  walletRegistered: boolean
  /** 0 retail, 1 accredited, 2 institution: what the review desk found, in force at the moment; the chain's record of the wallet where it never looked. */
  investorClass: number
  /** The smallest order for which the investor counts as verified under Rule 506(c) by its size alone. Missing in what was kept before there was such a thing. */
  verifiedFromCents?: bigint | null
  /** The newest statement. */
  finances: Finances | null
  project: {
    state: string
    /** Missing in what was kept before there was another than USD. */
    currency?: string
    unitPriceCents: bigint
    minInvestmentCents: bigint
    unitsRemaining: bigint
    exemption: Exemption | null
    /** What the account committed to this offering. */
    ownCents: bigint
    /** What everybody committed to the issuer under the same exemption in twelve months, and what it raised elsewhere. */
    issuerCents: bigint
    /** When the offering ends by its own terms. */
    closesAt?: Date | null
  } | null
  /** What the account committed under Regulation Crowdfunding here, whatever the issuer. */
  regCfCommitments: readonly Commitment[]
  amountCents: bigint
  /** Set for offerings under the European crowdfunding regulation. */
  ecsp?: EcspFacts
  /** Set for offerings under Rule 506(b). */
  privateOffer?: PrivateOffer
}

/** What a rule demands in one case, what was seen, and what that means for people. */
export interface Answer {
  seen: unknown
  passed: boolean
  message: string
  /** The error an order is refused with when this is the first rule not passed. */
  errorCode: ErrorCode
  details?: Record<string, unknown>
}

/** A rule's question: pure, so that the same value, facts and time always give the same answer. */
export type Ask = (value: unknown, facts: Facts, at: Date) => Answer

export function dollars(cents: bigint): string {
  return amountIn('USD', cents)
}

/** "$1,234.50" or "€1,234.50". */
export function amountIn(currency: string | undefined, cents: bigint): string {
  return `${currency === 'EUR' ? '€' : '$'}${formatMinor(cents, 2).replace(/\B(?=(\d{3})+\.)/g, ',')}`
}

/** The last second before a moment, as people read it: "2026-12-05 23:59:59 UTC". */
export function lastSecondBefore(moment: Date): string {
  return `${new Date(moment.getTime() - 1).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** A part of an amount, rounded down: a limit is never a cent too high. */
export function share(cents: bigint, bps: number): bigint {
  return (cents * BigInt(bps)) / 10_000n
}

export function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

export function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

/** The same day and time of day so many months earlier, or the last day of a month that is shorter; UTC. */
export function monthsBefore(at: Date, months: number): Date {
  const then = new Date(at)
  then.setUTCDate(1)
  then.setUTCMonth(then.getUTCMonth() - months)
  const lastDay = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate()
  then.setUTCDate(Math.min(at.getUTCDate(), lastDay))
  return then
}
