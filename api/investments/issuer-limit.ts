import { type Ask, amountIn, larger } from './ask.ts'

/** What an issuer may take under an exemption in twelve months, whoever invests. */
export const issuerLimit: Ask = (value, { project, amountCents }) => {
  const limitCents = BigInt((value as { cents: string }).cents)
  const usedCents = project?.issuerCents ?? 0n
  const remainingCents = larger(limitCents - usedCents, 0n)
  const passed = amountCents <= remainingCents
  const amount = (cents: bigint) => amountIn(project?.currency, cents)
  return {
    seen: usedCents.toString(),
    passed,
    message: passed
      ? `The issuer may take ${amount(limitCents)} in 12 months; ${amount(usedCents)} is committed`
      : `The issuer may take ${amount(remainingCents)} more within 12 months`,
    errorCode: 'LIMIT_ISSUER',
    details: { limitCents: limitCents.toString(), remainingCents: remainingCents.toString() },
  }
}
