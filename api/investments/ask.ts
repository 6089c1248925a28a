import type { ErrorCode } from '../../common/errors.ts'
import { formatMinor } from '../../common/money.ts'
import type { Exemption } from '../../common/wire.ts'

/** What an investor said of income and net worth; cents. */
export interface Finances {
  annualIncomeCents: bigint
  netWorthCents: bigint
  /** Committed under Regulation Crowdfunding on other platforms, in the twelve months before. */
  outsideCents: bigint
  statedAt: Date
}

export interface Commitment {
  amountCents: bigint
  at: Date
}

/** What is known about who wants what. A project that is null is unknown to the asker. */
export interface Facts {
  kycApproved: boolean
  country: string | null
  /** The account's active wallet, and whether the chain lets it receive units now. */
  wallet: string | null
  walletRegistered: boolean
  /** The chain's own record of the wallet: 0 retail, 1 accredited, 2 institution. */
  investorClass: number
  /** The newest statement. */
  finances: Finances | null
  project: {
    state: string
    unitPriceCents: bigint
    minInvestmentCents: bigint
    unitsRemaining: bigint
    exemption: Exemption | null
    /** What the account committed to this offering. */
    ownCents: bigint
    /** What everybody committed to the issuer under Regulation Crowdfunding in twelve months. */
    issuerCents: bigint
  } | null
  /** What the account committed under Regulation Crowdfunding here, whatever the issuer. */
  regCfCommitments: readonly Commitment[]
  amountCents: bigint
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
  return `$${formatMinor(cents, 2).replace(/\B(?=(\d{3})+\.)/g, ',')}`
}
