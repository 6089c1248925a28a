import { AppError, type ErrorCode } from '../../common/errors.ts'
import type { Answer, Facts } from './ask.ts'
import { EXEMPTION_ASKS, EXEMPTION_RULES } from './exemption-rules.ts'
import { PLATFORM_ASKS } from './platform-rules.ts'

/** A rule in force: a dated row with its source. */
export interface Rule {
  code: string
  effectiveFrom: Date
  value: unknown
  citation: string
}

/** One rule that was asked: what it demands, what was seen, and what that means for people. */
export interface Finding extends Rule, Required<Answer> {
  errorCode: ErrorCode
}

const ASKS = { ...PLATFORM_ASKS, ...EXEMPTION_ASKS }

/** What is asked again before units are minted for money. */
export const SETTLE_RULES = ['KYC_REQUIRED', 'SANCTIONS', 'WALLET_REQUIRED', 'PROJECT_OPEN', 'BLOCKED_COUNTRIES']

/** What is asked before money is taken: the platform's own rules, then those of the offering's exemption. */
export function investRules({ project }: Pick<Facts, 'project'>): string[] {
  const exemption = project?.exemption ?? null
  return [...Object.keys(PLATFORM_ASKS), ...(exemption === null ? [] : EXEMPTION_RULES[exemption])]
}

/**
 * Asks the rules `codes` in the versions in force at `at`. Pure: the same rules, facts and time always give the same findings,
 * so a stored decision can be explained and replayed.
 * @throws Error when a rule has no version in force: a platform without its rules must not decide
 */
export function decide(rules: readonly Rule[], facts: Facts, at: Date, codes: readonly string[] = investRules(facts)): Finding[] {
  const newest = newestByCode(rules, at)
  return codes.map((code) => {
    const rule = newest.get(code)
    const ask = ASKS[code]
    if (!rule || !ask) throw new Error(`No rule ${code} is in force`)
    const { seen, passed, message, errorCode, details = {} } = ask(rule.value, facts, at)
    return {
      code,
      effectiveFrom: rule.effectiveFrom,
      value: rule.value,
      citation: rule.citation,
      seen,
      passed,
      message,
      errorCode,
      details,
    }
  })
}

function newestByCode(rules: readonly Rule[], at: Date): Map<string, Rule> {
  const [newest, now] = [new Map<string, Rule>(), at.getTime()]
  for (const rule of rules) {
    const from = rule.effectiveFrom.getTime()
    if (from > now) continue
    const known = newest.get(rule.code)
    if (known === undefined || from > known.effectiveFrom.getTime()) newest.set(rule.code, rule)
  }
  return newest
}

/** Before which moment the order may be taken back without a reason, where a rule gives such a right. */
export function cancelUntilOf(findings: readonly Finding[]): Date | null {
  const told = findings.map(({ details }) => details.cancelUntil).find((until) => typeof until === 'string')
  return told === undefined ? null : new Date(told as string)
}

/** @throws AppError with the code of the first rule not passed */
export function assertAllowed(findings: readonly Finding[]): void {
  const refused = findings.find(({ passed }) => !passed)
  if (refused) throw new AppError(refused.errorCode, refused.message, { details: refused.details })
}
