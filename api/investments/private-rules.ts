import type { Ask } from './ask.ts'

const DAY_MS = 24 * 3_600_000

/** What Rule 506(b) asks: known before the offer, able to judge it, and not the 36th who isn't accredited. */
export const PRIVATE_ASKS: Record<string, Ask> = {
  REG_D_506B_RELATIONSHIP: (_, { privateOffer }) => {
    const { recordedAt = null, offeredAt = null } = privateOffer ?? {}
    const passed = recordedAt !== null && offeredAt !== null && recordedAt <= offeredAt
    return {
      seen: { recordedAt: recordedAt?.toISOString() ?? null, offeredAt: offeredAt?.toISOString() ?? null },
      passed,
      message: passed
        ? 'The issuer knew you before it made this offering'
        : 'This offering is only for people whom the issuer knew before it was made',
      errorCode: 'RELATIONSHIP_REQUIRED',
    }
  },
  REG_D_506B_JUDGEMENT: (value, { privateOffer, investorClass }) => {
    const judgement = privateOffer?.judgement ?? null
    const isAccredited = investorClass > 0
    const passed = isAccredited || (judgement !== null && (value as { accepted: string[] }).accepted.includes(judgement))
    return {
      seen: isAccredited ? 'accredited' : judgement,
      passed,
      message: isAccredited
        ? 'Not asked of accredited investors'
        : passed
          ? `The issuer believes that you can judge the offering ${judgement === 'alone' ? 'yourself' : 'with your representative'}`
          : 'The issuer has not said that you can judge the offering, alone or with a representative. Ask the issuer',
      errorCode: 'JUDGEMENT_REQUIRED',
    }
  },
  REG_D_506B_PURCHASERS: (value, { privateOffer, investorClass }, at) => {
    const { purchasers, days } = value as { purchasers: number; days: number | null }
    // Ninety times 24 hours reach into a ninety-first calendar day: the stricter count.
    const since = days === null ? null : new Date(at.getTime() - days * DAY_MS)
    const others = (privateOffer?.otherPurchases ?? []).filter((one) => since === null || one.at >= since).length
    const isAccredited = investorClass > 0
    const passed = isAccredited || others < purchasers
    return {
      seen: isAccredited ? 'accredited' : others,
      passed,
      message: isAccredited
        ? 'Accredited investors are not counted'
        : passed
          ? `You are one of at most ${purchasers} investors who are not accredited`
          : `${purchasers} investors who are not accredited have committed already; more are not allowed`,
      errorCode: 'LIMIT_PURCHASERS',
      details: { purchasers, days },
    }
  },
}
