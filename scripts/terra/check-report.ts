import { readFile } from 'node:fs/promises'
import { compareWithReport, type TableFinding } from '../../indexer/report-tables.ts'
import { checkReport, type SignedReport } from '../../indexer/signed-report.ts'
import { CliError } from './cli-error.ts'
import type { Outcome } from './command.ts'
import { type Context, openDatabase } from './context.ts'

/** Says who signed a report; with `schema`, also whether that mirror still holds what the report vouches for. Asks no chain. */
export async function checkReportFile(context: Context, file: string, schema: string | undefined): Promise<Outcome> {
  const signed = await readReport(file)
  const signer = await checkReport(signed)
  const who = {
    altered: 'The report was altered: it, its digest and its signature do not belong together.',
    unsigned: 'The report is whole, and nobody signed it.',
  }
  const text = signer === 'altered' || signer === 'unsigned' ? who[signer] : `The report is whole and was signed by ${signer}.`
  // What somebody altered vouches for nothing.
  if (signer === 'altered' || schema === undefined) return { data: { signer }, text, isBad: signer === 'altered' }
  const found = await compareWithReport(await openDatabase(context), signed, schema, (done, total) =>
    context.progress.advance(done, total, 'Hashing tables'),
  )
  if (found.status === 'incomparable')
    throw new CliError('STATE', `The database can’t be held against the report: ${found.reason}`, {
      hint: 'check --database and --schema, or make a new report: terra verify --report',
    })
  return { data: { signer, tables: found }, text: `${text}\n${describe(found, signed)}`, isBad: found.status === 'differs' }
}

async function readReport(file: string): Promise<SignedReport> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as SignedReport
  } catch (cause) {
    throw new CliError('FILE_MISSING', `${file} is no report`, { hint: 'name a file that --report wrote', cause })
  }
}

function describe(found: Exclude<TableFinding, { status: 'incomparable' }>, { report }: SignedReport): string {
  if (found.status === 'same') return `The database holds the same rows in all ${found.tables} tables up to block ${report.block}.`
  if (found.table === 'holding') return `All rows are the same, but ${found.holdings} holdings are not the sum of their transfers.`
  const { table, reported } = found
  return [
    `The table ${table} is the first that is not what it was up to block ${report.block}:`,
    `  reported: ${reported.rows} rows, SHA-256 ${reported.sha256}`,
    `  found:    ${found.found.rows} rows, SHA-256 ${found.found.sha256}`,
    'terra verify --logs says which rows are wrong.',
  ].join('\n')
}
