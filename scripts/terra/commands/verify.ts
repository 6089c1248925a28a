import type { Command } from 'commander'
import { type VerifyReport, verifyMirror } from '../../../indexer/verify.ts'
import { parseBlock } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, openDatabase, openStage } from '../context.ts'
import { formatTable } from '../table.ts'
import type { Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  minBlock?: bigint
}

/** `terra verify`: proves that the mirror equals the chain. */
export function addVerifyCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'verify',
    summary: 'prove that the mirror equals the chain',
    details:
      'Reads every holder’s balance and dues and every project’s supply from the contract at one final block and compares them with the mirror at ' +
      'that block. Exit code 0 only when nothing differs. Reads only.',
    examples: ['verify', 'verify --json', 'verify --min-block 48211903'],
  })
    .option('--min-block <number>', 'wait until this block is mirrored and final', parseBlock)
    .action(run(terminal, verify))
}

async function verify(context: Context, options: Options): Promise<Outcome> {
  const stage = await openStage(context)
  const pool = await openDatabase(context)
  const report = await verifyMirror(
    { pool, client: stage.client },
    {
      ...(options.minBlock === undefined ? {} : { minBlock: options.minBlock }),
      onProgress: (done, total) => context.progress.advance(done, total, 'Comparing holders'),
    },
  ).catch((cause: Error) => {
    if (!/^Gave up verifying/.test(cause.message)) throw cause
    throw new CliError('MIRROR_BEHIND', cause.message, { hint: 'see that the indexer runs: terra status', cause })
  })
  if (report.chainId !== stage.chainId || report.contract !== stage.deployment.ownership) {
    throw new CliError('CONTRACT_MISMATCH', `The mirror follows ${report.contract} on chain ${report.chainId}, not this deployment`, {
      hint: 'check --database and --deployment',
    })
  }
  return { data: { ...report }, text: describe(report), isBad: report.mismatches.length > 0 }
}

function describe({ block, hash, pairs, projects, mismatches }: VerifyReport): string {
  const where = `block ${block} (${hash})`
  if (mismatches.length === 0) return `The mirror equals the chain: ${pairs} holdings of ${projects} projects at ${where}.`
  return [
    `${mismatches.length} differences at ${where}:`,
    formatTable(
      ['What', 'Project', 'Holder', 'Chain', 'Mirror'],
      mismatches.map(({ check, projectId, holder, chain, mirror }) => [check, String(projectId ?? ''), holder ?? '', chain, mirror]),
      50,
    ),
    'The chain is right. Stop minting, find the cause, then rebuild the mirror: docs/operators.md.',
  ].join('\n')
}
