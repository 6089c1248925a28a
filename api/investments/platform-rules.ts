import { unitsFor } from '../../common/money.ts'
import { type Answer, type Ask, amountIn } from './ask.ts'

/** Asked in this order; the first refusal is the answer to an order. */
export const PLATFORM_ASKS: Record<string, Ask> = {
  KYC_REQUIRED: (_, { kycApproved }) => ({
    seen: kycApproved ? 'approved' : 'not approved',
    passed: kycApproved,
    message: kycApproved ? 'Your identity is verified' : 'Verify your identity before you invest',
    errorCode: 'KYC_REQUIRED',
  }),
  // Says no more than it must: whom a list names isn't told by us.
  SANCTIONS: (value, { hold = null }) => ({
    seen: hold ?? 'none',
    passed: hold === null || !(value as { refuse: string[] }).refuse.includes(hold),
    message:
      hold === null
        ? 'Nothing holds your account'
        : hold === 'frozen'
          ? 'Your account is closed to investing. Write to us if you think that this is a mistake'
          : 'We are still checking your details. This takes a minute as a rule, and two working days where a person has to look',
    errorCode: hold === 'frozen' ? 'ACCOUNT_FROZEN' : 'ACCOUNT_IN_REVIEW',
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
  PLATFORM_MINIMUM: (value, { amountCents, project }) =>
    atLeast(BigInt((value as { cents: string }).cents), amountCents, project?.currency),
  PLATFORM_MAXIMUM: (value, { amountCents, project }) => {
    const maximumCents = BigInt((value as { cents: string }).cents)
    return {
      seen: amountCents.toString(),
      passed: amountCents <= maximumCents,
      message: `At most ${amountIn(project?.currency, maximumCents)} in one payment`,
      errorCode: 'LIMIT_MAX',
      details: { maximumCents: maximumCents.toString() },
    }
  },
  PROJECT_MINIMUM: (_, { amountCents, project }) => atLeast(project?.minInvestmentCents ?? 0n, amountCents, project?.currency),
  WHOLE_UNITS: (_, { amountCents, project }) => {
    const unitPriceCents = project?.unitPriceCents ?? 0n
    const units = unitsFor(amountCents, unitPriceCents)
    return {
      seen: amountCents.toString(),
      passed: units !== null,
      message:
        units !== null
          ? `That is ${units} units`
          : `Units cost ${amountIn(project?.currency, unitPriceCents)} each; invest a multiple of that`,
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

function atLeast(minimumCents: bigint, amountCents: bigint, currency: string | undefined): Answer {
  const passed = amountCents >= minimumCents
  return {
    seen: amountCents.toString(),
    passed,
    message: passed ? `At least ${amountIn(currency, minimumCents)}` : `The smallest investment is ${amountIn(currency, minimumCents)}`,
    errorCode: 'LIMIT_MIN',
    details: { minimumCents: minimumCents.toString() },
  }
}
