import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { chainOf } from '../../../common/node/chain.ts'
import { programVersion } from '../../../common/node/version.ts'
import { hostOf } from '../../../indexer/nodes.ts'
import { type Provenance, signReport } from '../../../indexer/signed-report.ts'
import { type VerifyReport, verifyMirror } from '../../../indexer/verify.ts'
import { parseBlock } from '../arguments.ts'
import { checkReportFile } from '../check-report.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, need, openDatabase } from '../context.ts'
import { openKey } from '../key.ts'
import { addMirrorOptions, type MirrorOptions, type MirrorStage, openMirrorStage } from '../mirror-stage.ts'
import { repairMirror } from '../repair-mirror.ts'
import { formatTable } from '../table.ts'
import type { Terminal } from '../terminal.ts'

interface Options extends CommonOptions, MirrorOptions {
  minBlock?: bigint
  verifyRpc?: string
  logs?: boolean
  repair?: boolean
  indexerDatabase?: string
  report?: string
  sign?: boolean
  check?: string
  recompute?: boolean
}

/** `terra verify`: proves that the mirror equals the chain, and mends it. */
export function addVerifyCommand(program: Command, terminal: Terminal): void {
  const command = addCommand(program, {
    usage: 'verify',
    summary: 'prove that the mirror equals the chain',
    details:
      'Reads every holder’s balance and dues and every project’s supply from the contract at one final block and compares them with the mirror at ' +
      'that block. When something differs, all logs are read again to say which rows are wrong. Exit code 0 only when nothing differs. ' +
      'With --contract the mirror is of any ERC-1155 contract; one that does not tell its supply has its logs read again always. ' +
      'Without --repair it reads only.',
    examples: [
      'verify',
      'verify --verify-rpc https://another-provider.example --report proof.json --sign',
      'verify --check proof.json --recompute',
      'verify --repair',
      'verify --contract 0x… --schema other',
    ],
  })
  addMirrorOptions(command)
    .option('--min-block <number>', 'wait until this block is mirrored and final', parseBlock)
    .addOption(new Option('--verify-rpc <url>', 'a node of another provider than the indexer’s').env('VERIFY_RPC_URL'))
    .option('--logs', 'compare every row with its log, whether or not something differs')
    .option('--repair', 'put what the chain says in the place of rows that differ, then verify again')
    .addOption(new Option('--indexer-database <url>', 'for --repair: the database as terra_indexer').env('INDEXER_DATABASE_URL'))
    .option('--report <file>', 'write the report to a file, with the hash of every table’s rows up to that block')
    .option('--sign', 'sign the report with the operator’s key')
    .option('--check <file>', 'say who signed a report and whether it was altered; asks neither chain nor database')
    .option('--recompute', 'with --check: hash the database’s tables up to the report’s block anew and name the first that differs')
    .action(run(terminal, verify))
}

async function verify(context: Context, options: Options): Promise<Outcome> {
  if (options.recompute && options.check === undefined)
    throw new CliError('USAGE', '--recompute needs a report', { hint: 'name it by --check' })
  if (options.check !== undefined) return checkReportFile(context, options.check, options.recompute ? options.schema : undefined)
  const stage = await openMirrorStage(context, options)
  let report = await prove(context, stage, options)
  let text = describe(report, options)
  if (options.repair && isMendable(report)) {
    await repairMirror(context, stage, report, options.indexerDatabase)
    const before = text
    report = await prove(context, stage, options)
    text = `${before}\nRepaired.\n${describe(report, options)}`
  }
  const signed = await signReport(report, provenanceOf(context, stage, options), options.sign ? await openSigner(context) : undefined)
  if (options.report !== undefined) await writeFile(options.report, `${JSON.stringify(signed, null, 2)}\n`)
  const signature = signed.signer === null ? 'The report is not signed (--sign).' : `Signed by ${signed.signer}.`
  return {
    data: { ...signed.report, digest: signed.digest, signature: signed.signature, signer: signed.signer },
    text: options.report === undefined && !options.sign ? text : `${text}\n${signature}`,
    isBad: report.differences > 0,
  }
}

/** Rows are read again, and what is worked out from rows is worked out anew. */
function isMendable({ damage, mismatches }: VerifyReport): boolean {
  return damage.length > 0 || mismatches.some(({ check }) => check === 'holding' || check === 'snapshot')
}

async function prove(context: Context, stage: MirrorStage, options: Options): Promise<VerifyReport> {
  const pool = await openDatabase(context)
  const client = options.verifyRpc === undefined ? stage.client : chainOf(options.verifyRpc).client
  if (options.verifyRpc !== undefined && (await client.getChainId()) !== stage.chainId)
    throw new CliError('WRONG_CHAIN', 'The other provider answers for another chain', { hint: 'check --verify-rpc' })
  const { contracts, schema } = stage
  const report = await verifyMirror(
    { pool, client, schema },
    {
      contracts,
      checksClaims: contracts.vault !== undefined,
      logs: options.logs ? 'always' : 'when something differs',
      hashesTables: options.report !== undefined || options.sign === true,
      ...(options.minBlock === undefined ? {} : { minBlock: options.minBlock }),
      onProgress: (done, total, what) => context.progress.advance(done, total, what),
    },
  ).catch((cause: Error) => {
    if (!/^Gave up verifying/.test(cause.message)) throw cause
    throw new CliError('MIRROR_BEHIND', cause.message, { hint: 'see that the indexer runs: terra status', cause })
  })
  if (report.chainId !== stage.chainId || report.contract !== contracts.ownership) {
    throw new CliError(
      'CONTRACT_MISMATCH',
      `The mirror follows ${report.contract} on chain ${report.chainId}, not ${contracts.ownership}`,
      {
        hint: 'check --database and --schema, and --deployment or --contract',
      },
    )
  }
  return report
}

function provenanceOf(context: Context, { contracts, schema, rpcUrl }: MirrorStage, { verifyRpc = rpcUrl }: Options): Provenance {
  const hostsOf = (urls: string) => urls.split(',').map((url) => hostOf(url.trim()))
  const providers = { mirrored: hostsOf(rpcUrl), asked: hostsOf(verifyRpc) }
  return { madeAt: context.clock().toISOString(), program: programVersion(), schema, contracts, providers }
}

function openSigner(context: Context) {
  const keystore = need(context.settings.operatorKeystore, "the operator's keystore", '--keystore or OPERATOR_KEYSTORE')
  return openKey(context.terminal, keystore, context.settings.keystorePassword)
}

function describe(report: VerifyReport, { verifyRpc }: Options): string {
  const { block, hash, pairs, projects, supplies, logs, differences, mismatches } = report
  const where = `block ${block} (${hash})`
  const read = logs === null ? '' : ` and ${logs} logs`
  const provider = verifyRpc === undefined ? '\nAsked was the node of --rpc; another provider proves more (--verify-rpc).' : ''
  const isSummed = supplies.some(({ from }) => from === 'sum of balances')
  const supply = isSummed
    ? '\nThe contract tells no supply: it is the sum of all balances, and the logs prove that no holder is missing.'
    : ''
  if (differences === 0)
    return `The mirror equals the chain: ${pairs} holdings of ${projects} projects${read} at ${where}.${supply}${provider}`
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
