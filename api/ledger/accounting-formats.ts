import { formatMinor } from '../../common/money.ts'
import type { LedgerKind } from './post-journal.ts'
import type { Balance, Line } from './read-ledger.ts'

/** Writes entries as text, those of one journal together: whole journals are passed at a time. */
export interface Writer {
  head: string
  write(lines: readonly Line[]): string
}

export const ACCOUNTING_FORMATS = { beancount: writeBeancount, csv: writeCsv } as const
export type AccountingFormat = keyof typeof ACCOUNTING_FORMATS

/** Of the currencies that are taken. */
const DECIMALS = 2
const GROUPS: Record<LedgerKind, string> = {
  provider: 'Assets:Provider',
  disputes: 'Assets:Disputes',
  conversion: 'Equity:Conversion',
  vendor_fees: 'Expenses:VendorFees',
  escrow: 'Liabilities:Escrow',
  investor: 'Liabilities:Investor',
  issuer: 'Liabilities:Issuer',
  fees: 'Income:Fees',
  payouts: 'Liabilities:Payouts',
  suspense: 'Liabilities:Suspense',
}

/** Amount in the currency's main unit, as in "-120.00". */
export function amountOf({ amountMinor }: Pick<Balance, 'amountMinor'>): string {
  return formatMinor(amountMinor, DECIMALS)
}

/** https://beancount.github.io/docs/beancount_language_syntax.html: accounts are opened on the day of their first entry. */
function writeBeancount(): Writer {
  const opened = new Set<string>()
  return {
    head: 'option "title" "Terra Lumina"\n',
    write(lines) {
      let text = ''
      for (const journal of Map.groupBy(lines, ({ journalId }) => journalId).values()) {
        const { postedAt, journal: kind, causeType, causeId, journalId } = journal[0]!
        const day = postedAt.toISOString().slice(0, 10)
        for (const line of journal) {
          const key = `${accountName(line)} ${line.currency}`
          if (opened.has(key)) continue
          opened.add(key)
          text += `${day} open ${key}\n`
        }
        text += `\n${day} * "${kind}" ^${causeType}-${causeId}\n  journal: ${journalId}\n  time: "${postedAt.toISOString()}"\n`
        for (const line of journal) text += `  ${accountName(line)}  ${amountOf(line)} ${line.currency}\n`
      }
      return text
    },
  }
}

function writeCsv(): Writer {
  return {
    head: 'journal,posted_at,kind,cause_type,cause_id,account,owner,currency,amount\n',
    write: (lines) =>
      lines
        .map((line) => {
          const { journalId, postedAt, journal, causeType, causeId, account, owner, currency } = line
          return `${journalId},${postedAt.toISOString()},${journal},${causeType},${causeId},${account},${owner},${currency},${amountOf(line)}\n`
        })
        .join(''),
  }
}

/** Each part begins with a capital or a digit. Currencies are told apart: one account holds one. */
function accountName({ account, owner, currency }: Line): string {
  const part = owner === '' ? '' : `:${/^[A-Z0-9]/.test(owner) ? owner : `${owner[0]!.toUpperCase()}${owner.slice(1)}`}`
  return `${GROUPS[account]}${part}:${currency}`
}
