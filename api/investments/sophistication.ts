/** What a person or a company says of itself to be treated as sophisticated; amounts as decimal strings of euro cents. */
export type Evidence =
  | {
      kind: 'person'
      grossIncomeCents: string
      portfolioCents: string
      /** Trades of significant size in the quarter with the fewest of the last four. */
      fewestTrades: number
      financeMonths: number
      executiveMonths: number
    }
  | { kind: 'entity'; ownFundsCents: string; turnoverCents: string; balanceSheetCents: string }

/** A row of ECSP_SOPHISTICATED. */
export interface SophisticationValue {
  months: number
  person: {
    needed: number
    incomeCents: string
    portfolioAboveCents: string
    tradesPerQuarter: number
    financeMonths: number
    executiveMonths: number
  }
  entity: { needed: number; ownFundsCents: string; turnoverCents: string; balanceSheetCents: string }
}

/** Which criteria of Annex II are met, and how many would be needed. Pure. */
export function meetCriteria(rule: SophisticationValue, evidence: Evidence): { criteria: string[]; needed: number } {
  if (evidence.kind === 'entity') {
    const names = ['ownFundsCents', 'turnoverCents', 'balanceSheetCents'] as const
    const criteria = names.filter((name) => BigInt(evidence[name]) >= BigInt(rule.entity[name]))
    return { criteria: [...criteria], needed: rule.entity.needed }
  }
  const { person } = rule
  const met: Record<string, boolean> = {
    incomeOrPortfolio:
      BigInt(evidence.grossIncomeCents) >= BigInt(person.incomeCents) ||
      BigInt(evidence.portfolioCents) > BigInt(person.portfolioAboveCents),
    trades: evidence.fewestTrades >= person.tradesPerQuarter,
    profession: evidence.financeMonths >= person.financeMonths || evidence.executiveMonths >= person.executiveMonths,
  }
  return { criteria: Object.keys(met).filter((name) => met[name]), needed: person.needed }
}
