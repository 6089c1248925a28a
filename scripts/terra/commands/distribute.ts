import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { formatMinor, parseMinor } from '../../../common/money.ts'
import { parseProjectId } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, lockDeployment, openDatabase, openDocuments, openSender, openStage } from '../context.ts'
import { type DistributionPlan, distribute, epochOf, planDistribution, requireFunds } from '../distribute.ts'
import { waitMirror } from '../mirror.ts'
import { formatTable } from '../table.ts'
import { confirm, type Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  amount: string
  report: string
  period: string
}

/** `terra distribute`: pays returns out to a project's holders. */
export function addDistributeCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'distribute',
    summary: "pay returns out to a project's holders",
    details:
      'Takes the amount from the operator’s account and shares it among today’s holders in one transaction; each claims from the own wallet. The ' +
      'report behind the payout is pinned to IPFS and its hash written on chain. The same report for the same project pays once: a repeat is ' +
      'recognised and sends nothing. Two payouts that share a report are told apart by --period.',
    examples: [
      'distribute 2 --amount 1250.00 --report q3-2026.pdf --dry-run',
      'distribute 2 --amount 1250.00 --report q3-2026.pdf',
      'distribute 2 --amount 400 --report 2026.pdf --period 2026-12 --yes --json',
    ],
  })
    .argument('<projectId>', "the project's number", parseProjectId)
    .requiredOption('--amount <decimal>', 'how much, in whole payout tokens, e.g. 1250.00')
    .requiredOption('--report <file>', 'what was generated, sold and deducted')
    .option('--period <text>', 'tells two payouts with one report apart', '')
    .action(run(terminal, distributeReturns))
}

async function distributeReturns(context: Context, options: Options, projectId: number): Promise<Outcome> {
  const report = await readFile(options.report).catch((cause) => {
    throw new CliError('FILE_MISSING', `The report ${options.report} can't be read`, { hint: 'name an existing file by --report', cause })
  })
  if (report.length === 0) throw new CliError('USAGE', `The report ${options.report} is empty`)
  const stage = await openStage(context)
  const { deployment } = stage
  const amount = parseMinor(options.amount, deployment.payoutTokenDecimals)
  if (amount === null || amount === 0n) {
    throw new CliError('USAGE', `"${options.amount}" is not an amount of ${deployment.payoutTokenSymbol}`, {
      hint: `a number above zero with at most ${deployment.payoutTokenDecimals} decimals and no thousands separator, e.g. 1250.00`,
    })
  }
  const [db, ipfs, sender] = [await openDatabase(context), await openDocuments(context), await openSender(context, stage)]
  lockDeployment(context)
  const plan = await planDistribution(db, ipfs, sender, deployment, { projectId, amount, report, period: options.period }, context.progress)
  const epoch = await epochOf(stage.client, deployment, plan.distributionId)
  const facts = { projectId, distributionId: plan.distributionId, reportCid: plan.report.cid, reportSha256: plan.report.sha256 }
  if (epoch !== 0) {
    return {
      data: { status: 'already_done', epoch, ...facts },
      text: `This report was already paid out to project ${projectId}, as epoch ${epoch}. Nothing was sent.\nA second payout with the same report needs its own --period.`,
    }
  }
  const show = (value: bigint) => formatMinor(value, deployment.payoutTokenDecimals)
  const preview = describe(plan, deployment.payoutTokenSymbol, show)
  if (context.options.dryRun) {
    return {
      data: { status: 'planned', ...facts, amount, supply: plan.supply, balance: plan.balance, shares: plan.shares },
      text: `${preview}\n\nNothing was sent.`,
    }
  }
  requireFunds(sender, deployment, plan)
  context.terminal.err.write(`${preview}\n\n`)
  await confirm(
    context.terminal,
    `Pay out ${show(amount)} ${deployment.payoutTokenSymbol}? It can't be taken back.`,
    context.options.yes ?? false,
  )
  const { paid } = await distribute(sender, deployment, plan)
  context.progress.step(`Mined in block ${paid.blockNumber}`)
  await waitMirror(db, paid.blockNumber, context.progress)
  return {
    data: {
      status: 'paid',
      ...facts,
      epoch: await epochOf(stage.client, deployment, plan.distributionId),
      amount,
      holders: plan.shares.length,
      txHash: paid.hash,
      blockNumber: paid.blockNumber,
    },
    text: `${show(amount)} ${deployment.payoutTokenSymbol} wait for ${plan.shares.length} holders: ${paid.hash}, block ${paid.blockNumber}.`,
  }
}

/** How many holders a preview lists before it only counts them. */
const PREVIEW_ROWS = 50

function describe(plan: DistributionPlan, symbol: string, show: (value: bigint) => string): string {
  const shares = formatTable(
    ['Holder', 'Units', `Share (${symbol})`],
    plan.shares.map(({ holder, units, amount }) => [holder, units.toString(), show(amount)]),
    PREVIEW_ROWS,
  )
  const shared = plan.shares.reduce((sum, share) => sum + share.amount, 0n)
  return [
    `Project      ${plan.projectId}`,
    `Amount       ${show(plan.amount)} ${symbol} from an account that has ${show(plan.balance)}`,
    `Report       ipfs://${plan.report.cid} (${plan.report.bytes} bytes)`,
    `             sha256 ${plan.report.sha256}`,
    '',
    shares,
    `${plan.shares.length} holders get ${show(shared)}; ${show(plan.amount - shared)} of rounding stays in the vault.`,
  ].join('\n')
}
