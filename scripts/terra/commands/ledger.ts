import { type Command, InvalidArgumentError, Option } from 'commander'
import { ACCOUNTING_FORMATS, type AccountingFormat, amountOf } from '../../../api/ledger/accounting-formats.ts'
import { type Balance, type Range, readBalances, readLines } from '../../../api/ledger/read-ledger.ts'
import { inTransaction } from '../../../common/node/db.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, openDatabase } from '../context.ts'
import { explainWriting, openOut } from '../open-out.ts'
import { formatTable } from '../table.ts'
import type { Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  asOf?: Date
  from?: Date
  to?: Date
  format: AccountingFormat
  out?: string
}

const KINDS = ['provider', 'disputes', 'conversion', 'vendor_fees', 'escrow', 'investor', 'issuer', 'fees', 'payouts', 'suspense'] as const
const TIMES = 'Times are UTC: a day ("2026-11-01") begins at midnight.'

/** `terra ledger`: where every cent is and whom it belongs to. */
export function addLedgerCommands(program: Command, terminal: Terminal): void {
  const parent = program
    .command('ledger')
    .summary('show where every cent is and whom it belongs to')
    .description('Show where every cent is and whom it belongs to. Positive is money that is there, negative is money that is owed.')
  addCommand(parent, {
    usage: 'balances',
    summary: 'what every account holds, now or at any time',
    details:
      'Lists every account that is not empty and checks that all of them sum to zero, and that everything known of payments is booked. ' +
      `Exit code 1 when they do not. ${TIMES} Reads only.`,
    examples: ['ledger balances', 'ledger balances --as-of 2026-11-01 --json'],
  })
    .option('--as-of <time>', 'as things stood before this time', parseTime)
    .action(run(terminal, showBalances))
  addCommand(parent, {
    usage: 'statement',
    summary: 'what was booked on one account',
    details: `Opening balance, every entry, closing balance, by currency. ${TIMES} Reads only.`,
    examples: [
      'ledger statement escrow 7',
      'ledger statement suspense',
      'ledger statement provider stripe --from 2026-10-01 --to 2026-11-01',
    ],
  })
    .argument('<account>', `what it is for: ${KINDS.join(', ')}`, parseKind)
    .argument('[owner]', 'whose: a project, an account, an issuer or a provider; empty for the platform’s own', '')
    .option('--from <time>', 'entries from this time on', parseTime)
    .option('--to <time>', 'entries before this time', parseTime)
    .action(run(terminal, showStatement))
  addCommand(parent, {
    usage: 'export',
    summary: 'write all entries for an accounting program',
    details: `Streams all entries in order, from one snapshot, as Beancount or CSV. ${TIMES} Reads only.`,
    examples: ['ledger export --out books.beancount', 'ledger export --format csv --from 2026-01-01 --to 2027-01-01 --out 2026.csv'],
  })
    .addOption(new Option('--format <format>', 'how entries are written').choices(Object.keys(ACCOUNTING_FORMATS)).default('beancount'))
    .option('--from <time>', 'entries from this time on', parseTime)
    .option('--to <time>', 'entries before this time', parseTime)
    .option('--out <file>', 'where to; standard output if left out')
    .action(run(terminal, exportEntries))
}

async function showBalances(context: Context, { asOf }: Options): Promise<Outcome> {
  const pool = await openDatabase(context)
  const balances = await readBalances(pool, asOf && { before: asOf })
  const { rows } = await pool.query<{ payments: number }>('select count(distinct payment_id)::int as payments from app.payment_unbooked')
  const unbooked = asOf === undefined ? rows[0]!.payments : 0
  const sums = new Map<string, bigint>()
  for (const { currency, amountMinor } of balances) sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor)
  const uneven = [...sums].filter(([, sum]) => sum !== 0n).map(([currency]) => currency)
  const verdict = [
    uneven.length === 0 ? 'All accounts sum to zero.' : `The accounts in ${uneven.join(', ')} do not sum to zero.`,
    unbooked === 0 ? '' : ` Payments not booked yet: ${unbooked}.`,
  ].join('')
  const table = balances.length === 0 ? 'No money was booked.' : tableOf(balances)
  return {
    data: { asOf: asOf?.toISOString() ?? null, balances, sumsToZero: uneven.length === 0, unbookedPayments: unbooked },
    text: `${table}\n${verdict}`,
    isBad: uneven.length > 0 || unbooked > 0,
  }
}

async function showStatement(context: Context, { from, to }: Options, account: string, owner: string): Promise<Outcome> {
  checkOrder(from, to)
  const pool = await openDatabase(context)
  return inTransaction(pool, async (db) => {
    await db.query('set transaction isolation level repeatable read, read only')
    const whose = { account, owner }
    const opening = from === undefined ? [] : await readBalances(db, { ...whose, before: from })
    const lines = []
    for await (const part of readLines(db, { ...whose, ...(from && { from }), ...(to && { before: to }) })) lines.push(...part)
    const closing = await readBalances(db, { ...whose, ...(to && { before: to }) })
    const table = formatTable(
      ['Journal', 'Booked', 'What', 'Cause', 'Amount', 'Currency'],
      lines.map((line) => [
        String(line.journalId),
        line.postedAt.toISOString(),
        line.journal,
        `${line.causeType} ${line.causeId}`,
        amountOf(line),
        line.currency,
      ]),
    )
    const sums = (name: string, list: Balance[]) => `${name}: ${list.map((one) => `${amountOf(one)} ${one.currency}`).join(', ') || '0.00'}`
    return {
      data: { account, owner, from: from?.toISOString() ?? null, to: to?.toISOString() ?? null, opening, lines, closing },
      text: [sums('Opening', opening), ...(lines.length === 0 ? ['Nothing was booked.'] : [table]), sums('Closing', closing)].join('\n'),
    }
  })
}

async function exportEntries(context: Context, { format, from, to, out, json }: Options): Promise<Outcome> {
  checkOrder(from, to)
  if (json && out === undefined)
    throw new CliError('USAGE', '--json needs --out: entries and outcome can’t both go to standard output', {
      hint: 'name a file by --out',
    })
  const pool = await openDatabase(context)
  return inTransaction(pool, async (db) => {
    await db.query('set transaction isolation level repeatable read, read only')
    const range: Range = { ...(from && { from }), ...(to && { before: to }) }
    const { rows } = await db.query<{ total: number }>('select count(*)::int as total from app.ledger_entry')
    const writer = ACCOUNTING_FORMATS[format]()
    const destination = await openOut(context.terminal, out)
    try {
      let entries = 0
      await destination.write(Buffer.from(writer.head)).catch(explainWriting)
      for await (const lines of readLines(db, range)) {
        await destination.write(Buffer.from(writer.write(lines))).catch(explainWriting)
        entries += lines.length
        context.progress.advance(entries, rows[0]!.total, 'Writing entries')
      }
      await destination.commit()
      const text = `Wrote ${entries} entries${out === undefined ? '' : ` to ${out}`}.`
      if (out === undefined) context.progress.step(text)
      return { data: { format, entries, bytes: destination.bytes, file: out ?? null }, text: out === undefined ? '' : text }
    } finally {
      await destination.abort()
    }
  })
}

function tableOf(balances: readonly Balance[]): string {
  return formatTable(
    ['Account', 'Owner', 'Amount', 'Currency'],
    balances.map((balance) => [balance.account, balance.owner, amountOf(balance), balance.currency]),
  )
}

function parseKind(text: string): string {
  if (!KINDS.includes(text as never)) throw new InvalidArgumentError(`There is ${KINDS.join(', ')}.`)
  return text
}

/** ISO 8601; without a zone it is UTC. */
function parseTime(text: string): Date {
  const match = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text)
  const time = new Date(match?.[1] && !match[4] ? `${text}Z` : text)
  if (!match || Number.isNaN(time.getTime())) throw new InvalidArgumentError('Give a day or a time, like 2026-11-01 or 2026-11-01T12:00Z.')
  return time
}

function checkOrder(from: Date | undefined, to: Date | undefined): void {
  if (from && to && from >= to) throw new CliError('USAGE', '--from must be before --to', { hint: 'entries before --to are shown' })
}
