import { formatMinor } from '../../common/money.ts'
import type { AccreditationClaim, AccreditationStanding, EvidenceKind } from '../../common/wire-accreditation.ts'

export type Path = AccreditationClaim['path']

/** The paths in the order they are offered, in the words of who takes them. */
export const PATHS: readonly { id: Path; text: string }[] = [
  { id: 'income', text: 'Income: more than $200,000 in each of the last two years, or $300,000 with a spouse' },
  { id: 'net_worth', text: 'Net worth: more than $1,000,000 without the home I live in, alone or with a spouse' },
  { id: 'licence', text: 'Licence: Series 7, 65 or 82 in good standing' },
  { id: 'letter', text: 'Letter: a broker-dealer, investment adviser, attorney or accountant says so' },
  { id: 'entity', text: 'Entity: a company, trust or family office' },
  { id: 'minimum_investment', text: 'Size: I invest at least $200,000 (an entity $1,000,000) at once, not financed by others' },
]

export const EVIDENCE: Record<EvidenceKind, string> = {
  tax_forms: 'Tax forms of the last two years',
  asset_statements: 'Statements of bank and brokerage accounts',
  credit_report: 'A credit report',
  spouse_statement: 'The same of your spouse, with a signed statement',
  licence_record: 'The record of your licence (BrokerCheck)',
  entity_papers: 'Accounts, or papers that show what the entity is',
  letter: 'The letter',
}

/** Where the investor stands, in a sentence; "" before the first claim. */
export function standingSentence({ newest, accreditedUntil, verifiedFromCents }: AccreditationStanding): string {
  const day = (time: string) => time.slice(0, 10)
  if (accreditedUntil !== null) return `You are verified as an accredited investor until ${day(accreditedUntil)}.`
  if (verifiedFromCents !== null && newest !== null)
    return `You are verified for investments of ${dollars(verifiedFromCents)} and more under Rule 506(c) until ${day(newest.expiresAt)}.`
  switch (newest?.state) {
    case 'submitted':
      return 'We have everything. Two people look at it, as a rule within three working days; we write to you then.'
    case 'rejected':
      return 'What you sent last did not show it. Other evidence, or another path, may.'
    case 'expired':
      return 'Your verification has run out. Send newer evidence to renew it.'
    default:
      return ''
  }
}

const FIELDS: Record<string, string> = {
  lastYearCents: 'Income last year',
  yearBeforeCents: 'Income the year before',
  expectsThisYear: 'Expects as much this year',
  isJoint: 'With a spouse',
  assetsCents: 'Assets without the home',
  liabilitiesCents: 'Liabilities',
  series: 'Series',
  crdNumber: 'CRD number',
  basis: 'Basis',
  amountCents: 'Amount',
  isFormedForThis: 'Formed for this purchase',
  writer: 'Writer',
  writerName: 'Name of the writer',
  as: 'Invests as',
  ownerCount: 'Owners',
  isAccredited: 'Says to be accredited',
  isNotFinanced: 'Not financed by others',
}

/** What was claimed, as lines of name and value. */
export function claimLines(claim: AccreditationClaim): { name: string; value: string }[] {
  return Object.entries(claim)
    .filter(([key]) => key !== 'path')
    .map(([key, value]) => ({ name: FIELDS[key] ?? key, value: shown(key, value) }))
}

function shown(key: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return key.endsWith('Cents') ? dollars(String(value)) : String(value).replaceAll('_', ' ')
}

function dollars(cents: string): string {
  return `$${formatMinor(BigInt(cents), 2).replace(/\B(?=(\d{3})+\.)/g, ',')}`
}
