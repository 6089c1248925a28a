import { AppError, type ErrorCode } from '../../common/errors.ts'
import { formatMinor, unitsFor } from '../../common/money.ts'

/** A rule in force: a dated row with its source. */
export interface Rule {
  code: string
  effectiveFrom: Date
  value: unknown
  citation: string
}

/** What is known about who wants what. A project that is null is unknown to the asker. */
export interface Facts {
  kycApproved: boolean
  country: string | null
  /** The account's active wallet, and whether the chain lets it receive units now. */
  wallet: string | null
  walletRegistered: boolean
  project: {
    state: string
    unitPriceCents: bigint
    minInvestmentCents: bigint
    unitsRemaining: bigint
  } | null
  amountCents: bigint
}

/** One rule that was asked: what it demands, what was seen, and what that means for people. */
export interface Finding {
  code: string
  effectiveFrom: Date
  value: unknown
  citation: string
  seen: unknown
  passed: boolean
  message: string
  /** The error an order is refused with when this is the first rule not passed. */
  errorCode: ErrorCode
  details: Record<string, unknown>
}

type Answer = Pick<Finding, 'seen' | 'passed' | 'message' | 'errorCode'> & { details?: Record<string, unknown> }
type Ask = (value: unknown, facts: Facts) => Answer

/** Asked in this order; the first refusal is the answer to an order. */
const ASK: Record<string, Ask> = {
  KYC_REQUIRED: (_, { kycApproved }) => ({
    seen: kycApproved ? 'approved' : 'not approved',
    passed: kycApproved,
    message: kycApproved ? 'Your identity is verified' : 'Verify your identity before you invest',
    errorCode: 'KYC_REQUIRED',
  }),
  WALLET_REQUIRED: (_, { wallet, walletRegistered }) => ({
    seen: wallet === null ? 'no wallet' : walletRegistered ? 'registered' : 'not registered',
    passed: wallet !== null && walletRegistered,
    message:
      wallet === null
        ? 'Link a wallet: units are minted into it'
        : walletRegistered
          ? 'Your wallet is registered on chain'
          : 'Your wallet is not registered on chain yet. This takes about a minute after your identity was verified',
    errorCode: 'WALLET_REQUIRED',
  }),
  PROJECT_OPEN: (value, { project }) => {
    if (!project) return { seen: 'unknown', passed: false, message: 'There is no such project', errorCode: 'PROJECT_NOT_FOUND' }
    const passed = (value as { states: string[] }).states.includes(project.state)
    return {
      seen: project.state,
      passed,
      message: passed ? 'The project takes investments' : 'The project does not take investments now',
      errorCode: 'NOT_OPEN',
      details: { state: project.state },
    }
  },
  PLATFORM_MINIMUM: (value, { amountCents }) => atLeast(BigInt((value as { cents: string }).cents), amountCents),
  PLATFORM_MAXIMUM: (value, { amountCents }) => {
    const maximumCents = BigInt((value as { cents: string }).cents)
    return {
      seen: amountCents.toString(),
      passed: amountCents <= maximumCents,
      message: `At most ${dollars(maximumCents)} in one payment`,
      errorCode: 'LIMIT_MAX',
      details: { maximumCents: maximumCents.toString() },
    }
  },
  PROJECT_MINIMUM: (_, { amountCents, project }) => atLeast(project?.minInvestmentCents ?? 0n, amountCents),
  WHOLE_UNITS: (_, { amountCents, project }) => {
    const unitPriceCents = project?.unitPriceCents ?? 0n
    const units = unitsFor(amountCents, unitPriceCents)
    return {
      seen: amountCents.toString(),
      passed: units !== null,
      message: units !== null ? `That is ${units} units` : `Units cost ${dollars(unitPriceCents)} each; invest a multiple of that`,
      errorCode: 'AMOUNT_NOT_WHOLE_UNITS',
      details: { unitPriceCents: unitPriceCents.toString() },
    }
  },
  SUPPLY: (_, { amountCents, project }) => {
    const remaining = project?.unitsRemaining ?? 0n
    const units = unitsFor(amountCents, project?.unitPriceCents ?? 0n) ?? 0n
    const passed = units <= remaining
    return {
      seen: remaining.toString(),
      passed,
      message: passed ? `${remaining} units are left` : remaining === 0n ? 'No units are left' : `Only ${remaining} units are left`,
      errorCode: 'SOLD_OUT',
      details: { unitsRemaining: remaining.toString() },
    }
  },
  BLOCKED_COUNTRIES: (value, { country }) => {
    const passed = country === null || !(value as string[]).includes(country)
    return {
      seen: country,
      passed,
      message: passed ? 'Your country is open to investors' : 'Investing is not open to residents of your country',
      errorCode: 'COUNTRY_BLOCKED',
    }
  },
}

/** What is asked before money is taken, and again before units are minted for it. */
export const INVEST_RULES = Object.keys(ASK)
export const SETTLE_RULES = ['KYC_REQUIRED', 'WALLET_REQUIRED', 'PROJECT_OPEN', 'BLOCKED_COUNTRIES']

/**
 * Asks the rules `codes` in the versions in force at `at`. Pure: the same rules, facts and time always give the same findings,
 * so a stored decision can be explained and replayed.
 * @throws Error when a rule has no version in force: a platform without its rules must not decide
 */
export function decide(rules: readonly Rule[], facts: Facts, at: Date, codes: readonly string[] = INVEST_RULES): Finding[] {
  return codes.map((code) => {
    const rule = rules
      .filter((one) => one.code === code && one.effectiveFrom <= at)
      .reduce<Rule | undefined>((newest, one) => (!newest || one.effectiveFrom > newest.effectiveFrom ? one : newest), undefined)
    const ask = ASK[code]
    if (!rule || !ask) throw new Error(`No rule ${code} is in force`)
    const { details = {}, ...answer } = ask(rule.value, facts)
    return { ...rule, ...answer, details }
  })
}

/** @throws AppError with the code of the first rule not passed */
export function assertAllowed(findings: readonly Finding[]): void {
  const refused = findings.find(({ passed }) => !passed)
  if (refused) throw new AppError(refused.errorCode, refused.message, { details: refused.details })
}

function atLeast(minimumCents: bigint, amountCents: bigint): Answer {
  const passed = amountCents >= minimumCents
  return {
    seen: amountCents.toString(),
    passed,
    message: passed ? `At least ${dollars(minimumCents)}` : `The smallest investment is ${dollars(minimumCents)}`,
    errorCode: 'LIMIT_MIN',
    details: { minimumCents: minimumCents.toString() },
  }
}

function dollars(cents: bigint): string {
  return `$${formatMinor(cents, 2)}`
}
