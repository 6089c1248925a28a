import { readFile, writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { chainOf } from '../../../common/node/chain.ts'
import { contractsOf } from '../../../indexer/settings.ts'
import { checkReport, type SignedReport, signReport } from '../../../indexer/signed-report.ts'
import { type VerifyReport, verifyMirror } from '../../../indexer/verify.ts'
import { parseBlock } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, need, openDatabase, openStage, type Stage } from '../context.ts'
import { openKey } from '../key.ts'
import { repairMirror } from '../repair-mirror.ts'
import { formatTable } from '../table.ts'
import type { Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  minBlock?: bigint
  verifyRpc?: string
  logs?: boolean
  repair?: boolean
  indexerDatabase?: string
  report?: string
  sign?: boolean
  check?: string
}

/** `terra verify`: proves that the mirror equals the chain, and mends it. */
export function addVerifyCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'verify',
    summary: 'prove that the mirror equals the chain',
    details:
      'Reads every holder’s balance and dues and every project’s supply from the contract at one final block and compares them with the mirror at ' +
      'that block. When something differs, all logs are read again to say which rows are wrong. Exit code 0 only when nothing differs. ' +
      'Without --repair it reads only.',
    examples: [
      'verify',
      'verify --verify-rpc https://another-provider.example --report proof.json --sign',
      'verify --check proof.json',
      'verify --repair',
    ],
  })
    .option('--min-block <number>', 'wait until this block is mirrored and final', parseBlock)
    .addOption(new Option('--verify-rpc <url>', 'a node of another provider than the indexer’s').env('VERIFY_RPC_URL'))
    .option('--logs', 'compare every row with its log, whether or not something differs')
    .option('--repair', 'put what the chain says in the place of rows that differ, then verify again')
    .addOption(new Option('--indexer-database <url>', 'for --repair: the database as terra_indexer').env('INDEXER_DATABASE_URL'))
    .option('--report <file>', 'write the report to a file')
    .option('--sign', 'sign the report with the operator’s key')
    .option('--check <file>', 'say who signed a report and whether it was altered; asks neither chain nor database')
    .action(run(terminal, verify))
}

async function verify(context: Context, options: Options): Promise<Outcome> {
  if (options.check !== undefined) return checkFile(options.check)
  const stage = await openStage(context)
  let report = await prove(context, stage, options)
  let text = describe(report, options)
  if (options.repair && report.damage.length > 0) {
    await repairMirror(context, stage, report, options.indexerDatabase)
    const before = text
    report = await prove(context, stage, options)
    text = `${before}\nRepaired.\n${describe(report, options)}`
  }
  const signed = await signReport(report, context.clock(), options.sign ? await openSigner(context) : undefined)
  if (options.report !== undefined) await writeFile(options.report, `${JSON.stringify(signed, null, 2)}\n`)
  const signature = signed.signer === null ? 'The report is not signed (--sign).' : `Signed by ${signed.signer}.`
  return {
    data: { ...signed.report, digest: signed.digest, signature: signed.signature, signer: signed.signer },
    text: options.report === undefined && !options.sign ? text : `${text}\n${signature}`,
    isBad: report.differences > 0,
  }
}

async function prove(context: Context, stage: Stage, options: Options): Promise<VerifyReport> {
  const pool = await openDatabase(context)
  const client = options.verifyRpc === undefined ? stage.client : chainOf(options.verifyRpc).client
  if (options.verifyRpc !== undefined && (await client.getChainId()) !== stage.chainId)
    throw new CliError('WRONG_CHAIN', 'The other provider answers for another chain', { hint: 'check --verify-rpc' })
  const report = await verifyMirror(
    { pool, client },
    {
      contracts: contractsOf(stage.deployment),
      logs: options.logs ? 'always' : 'when something differs',
      ...(options.minBlock === undefined ? {} : { minBlock: options.minBlock }),
      onProgress: (done, total, what) => context.progress.advance(done, total, what),
    },
  ).catch((cause: Error) => {
    if (!/^Gave up verifying/.test(cause.message)) throw cause
    throw new CliError('MIRROR_BEHIND', cause.message, { hint: 'see that the indexer runs: terra status', cause })
  })
  if (report.chainId !== stage.chainId || report.contract !== stage.deployment.ownership.toLowerCase()) {
    throw new CliError('CONTRACT_MISMATCH', `The mirror follows ${report.contract} on chain ${report.chainId}, not this deployment`, {
      hint: 'check --database and --deployment',
    })
  }
  return report
}

function openSigner(context: Context) {
  const keystore = need(context.settings.operatorKeystore, "the operator's keystore", '--keystore or OPERATOR_KEYSTORE')
  return openKey(context.terminal, keystore, context.settings.keystorePassword)
}

async function checkFile(file: string): Promise<Outcome> {
  const read = async () => JSON.parse(await readFile(file, 'utf8')) as SignedReport
  const found = await read().catch((cause) => {
    throw new CliError('FILE_MISSING', `${file} is no report`, { hint: 'name a file that --report wrote', cause })
  })
  const said = await checkReport(found)
  const sentence = {
    altered: 'The report was altered: it, its digest and its signature do not belong together.',
    unsigned: 'The report is whole, and nobody signed it.',
  }
  return {
    data: { signer: said },
    text: said === 'altered' || said === 'unsigned' ? sentence[said] : `The report is whole and was signed by ${said}.`,
    isBad: said === 'altered',
  }
}

function describe({ block, hash, pairs, projects, logs, differences, mismatches }: VerifyReport, { verifyRpc }: Options): string {
  const where = `block ${block} (${hash})`
  const read = logs === null ? '' : ` and ${logs} logs`
  const provider = verifyRpc === undefined ? '\nAsked was the node of --rpc; another provider proves more (--verify-rpc).' : ''
  if (differences === 0) return `The mirror equals the chain: ${pairs} holdings of ${projects} projects${read} at ${where}.${provider}`
  return [
    `${differences} differences at ${where}:`,
    formatTable(
      ['What', 'Block', 'Log', 'Project', 'Holder', 'Chain', 'Mirror'],
      mismatches.map(({ check, projectId, holder, chain, mirror, at }) => [
        at === undefined ? check : `${at.table} ${check}`,
        at?.block ?? '',
        at === undefined ? '' : String(at.logIndex),
        String(projectId ?? ''),
        holder ?? '',
        chain,
        mirror,
      ]),
      50,
    ),
    'The chain is right. Stop minting, find the cause, then mend the mirror: terra verify --repair (docs/operators.md).',
  ].join('\n')
}
