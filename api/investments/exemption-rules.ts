import type { Exemption } from '../../common/wire.ts'
import { type Ask, dollars, type Facts, larger, lastSecondBefore, monthsBefore, share, smaller } from './ask.ts'
import { ECSP_ASKS } from './ecsp-rules.ts'
import { issuerLimit } from './issuer-limit.ts'
import { PRIVATE_ASKS } from './private-rules.ts'

/** What an offering under an exemption asks besides the platform's own rules, in this order. */
export const EXEMPTION_RULES: Record<Exemption, readonly string[]> = {
  reg_cf: ['FINANCES_STATED', 'REG_CF_INVESTOR', 'REG_CF_ISSUER', 'REG_CF_CANCEL'],
  reg_d_506b: ['REG_D_506B_RELATIONSHIP', 'REG_D_506B_JUDGEMENT', 'REG_D_506B_PURCHASERS'],
  reg_d_506c: ['REG_D_506C'],
  reg_a_tier_2: ['FINANCES_STATED', 'REG_A_INVESTOR', 'REG_A_ISSUER'],
  reg_s: ['REG_S_OUTSIDE_US'],
  ecsp: ['ECSP_SOPHISTICATED', 'ECSP_KNOWLEDGE', 'ECSP_LOSS', 'ECSP_WARNING', 'ECSP_REFLECTION', 'ECSP_ISSUER'],
}

/** Limits over time count what was committed in so many months. */
export const LIMIT_MONTHS = 12

/** A row of REG_CF_INVESTOR; cents as text. */
export interface RegCfValue {
  thresholdCents: string
  floorCents: string
  belowBps: number
  aboveBps: number
  ceilingCents: string
  /** Which of income and net worth counts. */
  measure: 'lesser' | 'greater'
  capsBelowThreshold: boolean
  accreditedAreFree: boolean
}

export const EXEMPTION_ASKS: Record<string, Ask> = {
  ...ECSP_ASKS,
  ...PRIVATE_ASKS,
  FINANCES_STATED: (value, { finances, investorClass }, at) => {
    if (isAccredited(investorClass)) return free('Accredited investors need not state income and net worth')
    const { months } = value as { months: number }
    const isRecent = finances !== null && finances.statedAt >= monthsBefore(at, months)
    return {
      seen: finances?.statedAt.toISOString() ?? null,
      passed: isRecent,
      message: isRecent
        ? 'You have told us your income and net worth'
        : finances === null
          ? 'Tell us your income and net worth: this offering limits what you may invest by them'
          : `Tell us your income and net worth again: what you said is more than ${months} months old`,
      errorCode: 'FINANCES_REQUIRED',
    }
  },
  REG_CF_INVESTOR: (value, facts, at) => {
    const rule = value as RegCfValue
    if (rule.accreditedAreFree && isAccredited(facts.investorClass))
      return free('Accredited investors have no limit under Regulation Crowdfunding')
    const { finances, regCfCommitments, amountCents } = facts
    if (finances?.isJoint && (finances.spouseCents ?? null) === null) return SPOUSE_UNKNOWN
    const limitCents = regCfLimitCents(rule, finances?.annualIncomeCents ?? 0n, finances?.netWorthCents ?? 0n)
    const since = monthsBefore(at, LIMIT_MONTHS)
    const here = regCfCommitments.filter((one) => one.at >= since).reduce((sum, one) => sum + one.amountCents, 0n)
    // A couple that states its figures together has one limit for both.
    const usedCents = here + (finances?.outsideCents ?? 0n) + (finances?.spouseCents ?? 0n)
    const within = finances?.isJoint
      ? 'in 12 months together with your spouse, whoever the issuer is'
      : 'in 12 months, whoever the issuer is'
    return withinLimit('Regulation Crowdfunding', within, 'LIMIT_REG_CF', {
      limitCents,
      usedCents,
      amountCents,
    })
  },
  REG_CF_ISSUER: issuerLimit,
  REG_A_ISSUER: issuerLimit,
  REG_CF_CANCEL: (value, { project }, at) => {
    const closesAt = project?.closesAt ?? null
    const seen = closesAt?.toISOString() ?? null
    const errorCode = 'NOT_OPEN'
    if (closesAt === null)
      return { seen, passed: true, message: 'The offering names no closing day: you may cancel until you have paid', errorCode }
    if (at >= closesAt) return { seen, passed: false, message: 'The offering is over', errorCode, details: { closedAt: seen } }
    const cancelUntil = new Date(closesAt.getTime() - (value as { hours: number }).hours * 3_600_000)
    if (at >= cancelUntil)
      return { seen, passed: true, message: 'The offering closes soon: from now on you may cancel only until you have paid', errorCode }
    return {
      seen,
      passed: true,
      message: `You may cancel for any reason until ${lastSecondBefore(cancelUntil)}; no units are minted before`,
      errorCode,
      details: { cancelUntil: cancelUntil.toISOString() },
    }
  },
  REG_D_506C: (value, { investorClass, verifiedFromCents = null, amountCents, project }) => {
    const { classes, takesMinimum = false } = value as { classes: number[]; takesMinimum?: boolean }
    const errorCode = 'ACCREDITED_ONLY'
    if (classes.includes(investorClass))
      return { seen: investorClass, passed: true, message: 'You are verified as an accredited investor', errorCode }
    // The minimum is a figure in dollars, and nothing is converted.
    const fromCents = takesMinimum && (project?.currency ?? 'USD') === 'USD' ? verifiedFromCents : null
    if (fromCents === null)
      return {
        seen: investorClass,
        passed: false,
        message: 'Only accredited investors may invest in this offering. Show on your account page that you are one',
        errorCode,
      }
    const passed = amountCents >= fromCents
    return {
      seen: { verifiedFromCents: fromCents.toString() },
      passed,
      message: passed
        ? 'The size of the investment and what you stated verify you as an accredited investor'
        : `You are verified for investments of ${dollars(fromCents)} and more. For a smaller one show in another way that you are accredited`,
      errorCode,
      details: { minimumCents: fromCents.toString() },
    }
  },
  REG_S_OUTSIDE_US: (value, { country }) => {
    const passed = country !== null && !(value as { countries: string[] }).countries.includes(country)
    return {
      seen: country,
      passed,
      message: passed ? 'You live outside the United States' : 'This offering is only for people who live outside the United States',
      errorCode: 'COUNTRY_BLOCKED',
    }
  },
  REG_A_INVESTOR: (value, { finances, investorClass, project, amountCents }) => {
    if (isAccredited(investorClass)) return free('Accredited investors have no limit under Regulation A')
    const greater = larger(finances?.annualIncomeCents ?? 0n, finances?.netWorthCents ?? 0n)
    const limitCents = share(greater, (value as { bps: number }).bps)
    return withinLimit('Regulation A', 'in this offering', 'LIMIT_REG_A', { limitCents, usedCents: project?.ownCents ?? 0n, amountCents })
  },
}

/** The most that who is not accredited may commit in twelve months under Regulation Crowdfunding: 17 CFR 227.100(a)(2). */
export function regCfLimitCents(rule: RegCfValue, annualIncomeCents: bigint, netWorthCents: bigint): bigint {
  const [lesser, greater] = annualIncomeCents < netWorthCents ? [annualIncomeCents, netWorthCents] : [netWorthCents, annualIncomeCents]
  const measure = rule.measure === 'greater' ? greater : lesser
  const ceiling = BigInt(rule.ceilingCents)
  if (lesser >= BigInt(rule.thresholdCents)) return smaller(share(measure, rule.aboveBps), ceiling)
  const limit = larger(share(measure, rule.belowBps), BigInt(rule.floorCents))
  return rule.capsBelowThreshold ? smaller(limit, ceiling) : limit
}

function withinLimit(
  law: string,
  within: string,
  errorCode: 'LIMIT_REG_CF' | 'LIMIT_REG_A',
  { limitCents, usedCents, amountCents }: { limitCents: bigint; usedCents: bigint; amountCents: bigint },
): ReturnType<Ask> {
  const remainingCents = larger(limitCents - usedCents, 0n)
  const passed = amountCents <= remainingCents
  return {
    seen: { limitCents: limitCents.toString(), usedCents: usedCents.toString() },
    passed,
    message: passed
      ? `You may invest ${dollars(limitCents)} under ${law} ${within}; with this it is ${dollars(usedCents + amountCents)}`
      : `Investment exceeds ${law} limits. You may invest ${dollars(limitCents)} ${within}, and ${dollars(remainingCents)} of that is left`,
    errorCode,
    details: { limitCents: limitCents.toString(), usedCents: usedCents.toString(), remainingCents: remainingCents.toString() },
  }
}

const SPOUSE_UNKNOWN: ReturnType<Ask> = {
  seen: null,
  passed: false,
  message: 'Tell us what your spouse invested: you stated your figures together, so one limit holds for both of you',
  errorCode: 'FINANCES_REQUIRED',
}

/** `errorCode` is asked for by the type alone: what passes refuses nothing. */
function free(message: string): ReturnType<Ask> {
  return { seen: 'accredited', passed: true, message, errorCode: 'FINANCES_REQUIRED' }
}

function isAccredited(investorClass: Facts['investorClass']): boolean {
  return investorClass > 0
}
