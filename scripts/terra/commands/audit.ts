import { readFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import type { Hash } from 'viem'
import { exportAudit } from '../../../api/audit/export.ts'
import { sealAudit } from '../../../api/audit/seal.ts'
import { verifyAudit } from '../../../api/audit/verify.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, openDatabase, openStage } from '../context.ts'
import { listAnchors, readAnchor } from '../read-anchors.ts'
import type { Terminal } from '../terminal.ts'

interface VerifyOptions extends CommonOptions {
  anchors?: string
  chain: boolean
}

interface ExportOptions extends CommonOptions {
  since?: Date
}

/** `terra audit`: proves that the audit is whole, and writes it out. */
export function addAuditCommands(program: Command, terminal: Terminal): void {
  const parent = program
    .command('audit')
    .summary('prove or export the log of every change')
    .description('Prove or export the log of every change.')
  addCommand(parent, {
    usage: 'verify',
    summary: 'prove that no row of the audit was altered, taken out or put in',
    details:
      'Computes every hash of the chain anew and names the first row that is not what was sealed. Then holds the chain against the heads that were ' +
      'anchored on chain: a chain that was cut off or written anew as a whole is found by them. Anchors are found by the database; give those that you ' +
      'noted elsewhere by --anchors, and the database need not be believed at all. Exit code 1 when something is wrong. Seals what waits first.',
    examples: ['audit verify', 'audit verify --json', 'audit verify --anchors anchors.txt', 'audit verify --no-chain'],
  })
    .option('--anchors <file>', 'hold it against these transactions too: their hashes, one a line')
    .option('--no-chain', 'without a node: finds what was altered or taken out, not what was cut off at the end')
    .action(run(terminal, verify))
  addCommand(parent, {
    usage: 'export',
    summary: 'write the audit as NDJSON, for a SIEM',
    details:
      'One row a line on standard output, streamed in the order of the chain; rows that have no place in it yet are left for the next time. For a stream ' +
      'without gaps and repeats go on --since the "at" of the last line and pass over the ids that you have. Reads only.',
    examples: ['audit export > audit.ndjson', 'audit export --since 2026-05-01T00:00:00Z | jq .action'],
  })
    .option('--since <time>', 'rows of this moment and later, ISO 8601', parseTime)
    .action(run(terminal, exportRows))
}

async function verify(context: Context, { anchors, chain, dryRun }: VerifyOptions): Promise<Outcome> {
  const pool = await openDatabase(context)
  if (!dryRun) await sealAudit(pool)
  const stage = chain ? await openStage(context) : undefined
  const hashes = stage ? [...new Set([...(await listAnchors(pool)), ...(anchors === undefined ? [] : await readHashes(anchors))])] : []
  const known = await Promise.all(hashes.map((hash) => readAnchor(stage!, hash)))
  const startedAt = performance.now()
  const report = await verifyAudit(pool, known, (done, total) => context.progress.advance(done, total, 'Hashing the audit'))
  const seconds = Math.max((performance.now() - startedAt) / 1000, 0.001)
  const rowsPerSecond = Math.round(report.rows / seconds)
  const about = `${report.rows} rows in ${seconds.toFixed(1)} s (${rowsPerSecond} rows a second)`
  const against =
    report.anchors === 0 ? 'No anchor to hold it against: a cut-off end would not be seen.' : `Held against ${report.anchors} anchors.`
  return {
    data: { ...report, rowsPerSecond },
    text: report.flaw ? `${report.flaw.what}.\nChecked ${about}.` : `The audit is whole: ${about}. ${against}`,
    isBad: report.flaw !== null,
  }
}

async function exportRows(context: Context, { since, json }: ExportOptions): Promise<Outcome> {
  if (json) throw new CliError('USAGE', 'The rows are JSON already', { hint: 'leave --json out' })
  const pool = await openDatabase(context)
  const rows = await exportAudit(pool, since, context.terminal.out)
  context.progress.step(`Exported ${rows} rows.`)
  return { data: { rows }, text: '' }
}

/** From a file and not from the command line, where a transaction's hash looks like a key. @throws CliError FILE_MISSING, USAGE */
async function readHashes(file: string): Promise<Hash[]> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new CliError('FILE_MISSING', `There is no file ${file}`, { hint: 'write hashes of anchors into it, one a line', cause })
  })
  const lines = text.split(/\s+/).filter((line) => line !== '')
  if (lines.length === 0 || lines.some((line) => !/^0x[0-9a-f]{64}$/i.test(line)))
    throw new CliError('USAGE', `${file} holds something else than hashes of transactions`, {
      hint: '64 hexadecimal digits after 0x, one a line',
    })
  return lines.map((line) => line.toLowerCase() as Hash)
}

function parseTime(text: string): Date {
  const time = new Date(text)
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime())) throw new InvalidArgumentError('A time reads 2026-05-01T00:00:00Z.')
  return time
}
