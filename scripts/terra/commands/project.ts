import type { Command } from 'commander'
import { type Address, zeroAddress } from 'viem'
import { formatMinor, parseMinor } from '../../../common/money.ts'
import { parseAddress, parseCount, parseProjectId } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, lockDeployment, openDatabase, openSender, openStage } from '../context.ts'
import { createProject, type OperatorTerms, type PlannedProject, planProject, tryProject } from '../create-project.ts'
import { waitMirror } from '../mirror.ts'
import { newestOf } from '../send.ts'
import { confirm, type Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  maxHolders?: number
  maxHolderBps?: number
  dailyMintCap?: number
  treasury?: Address
  buyOut?: string
  draft?: boolean
}

/** `terra project create`: puts a submitted project on chain. */
export function addProjectCommands(program: Command, terminal: Terminal): void {
  const parent = program.command('project').summary('put projects on chain').description('Put projects on chain.')
  addCommand(parent, {
    usage: 'create',
    summary: 'create a submitted project on chain and open it',
    details:
      'Takes the terms the issuer submitted and pinned: units, lock-up, exit target, metadata hash; the options below add the operator’s. They can ' +
      'never be changed afterwards. A second transaction opens the project, and investors see it as soon as that is mirrored. Run again, it finds ' +
      'what is on chain and sends only what is missing.',
    examples: [
      'project create 7',
      'project create 7 --dry-run',
      'project create 7 --max-holders 1999 --max-holder-bps 2500 --daily-mint-cap 500 --yes --json',
      'project create 7 --treasury 0x… --draft',
    ],
  })
    .argument('<projectId>', "the project's number", parseProjectId)
    .option('--max-holders <count>', 'most addresses that may hold units at one time; left out: no limit', parseCount(4_294_967_295))
    .option(
      '--max-holder-bps <bps>',
      'most that one holder may have, in hundredths of a percent of all units; left out: no limit',
      parseCount(10_000),
    )
    .option('--daily-mint-cap <units>', 'most units minted in one UTC day; left out: all of them', parseCount(Number.MAX_SAFE_INTEGER))
    .option('--treasury <address>', 'where the proceeds of a sale on chain go; left out: there will be none', parseAddress)
    .option('--buy-out <decimal>', 'payout tokens per unit that buy holders out below the exit target; left out: never')
    .option('--draft', 'leave it a draft, for a sale on chain to open')
    .action(run(terminal, createOnChain))
}

async function createOnChain(context: Context, options: Options, projectId: number): Promise<Outcome> {
  const stage = await openStage(context)
  const { deployment } = stage
  const asked = termsOf(options, deployment.payoutTokenDecimals)
  const db = await openDatabase(context)
  lockDeployment(context)
  const plan = await planProject(db, stage.client, deployment, projectId, asked)
  const isDraft = options.draft ?? false
  if (plan.state !== 'none' && (isDraft || plan.state !== 'draft')) {
    return {
      data: { status: 'already_done', projectId, name: plan.name, state: plan.state },
      text: `Project ${projectId} (${plan.name}) is already on chain with these terms (${plan.state.replaceAll('_', ' ')}). Nothing was sent.`,
    }
  }
  const sender = await openSender(context, stage)
  const gas = await tryProject(sender, deployment, plan)
  const text = describe(plan, isDraft, deployment.payoutTokenDecimals)
  if (context.options.dryRun)
    return { data: { status: 'planned', gas, ...plan }, text: `${text}\n\nThe contract would take it (${gas} gas). Nothing was sent.` }
  context.terminal.err.write(`${text}\n\n`)
  const question =
    plan.state === 'none' ? 'Create it on chain? Its terms can never be changed.' : 'It is on chain as a draft. Open it to investors?'
  await confirm(context.terminal, question, options.yes ?? false)
  const { created, activated } = await createProject(sender, deployment, plan, {
    isDraft,
    onCreated: ({ hash, blockNumber }) => context.progress.step(`Created: ${hash}, block ${blockNumber}`),
  })
  const blockNumber = newestOf([created, activated])
  if (activated) context.progress.step(`Opened: ${activated.hash}, block ${activated.blockNumber}`)
  await waitMirror(db, blockNumber, context.progress)
  const { hash } = (created ?? activated)!
  return {
    data: {
      status: created ? 'created' : 'opened',
      projectId,
      name: plan.name,
      state: isDraft ? 'draft' : 'active',
      txHash: hash,
      ...(activated ? { openedTxHash: activated.hash } : {}),
      blockNumber,
    },
    text: `Project ${projectId} (${plan.name}) is on chain${isDraft ? ' as a draft' : ' and open'}: ${hash}, block ${blockNumber}.`,
  }
}

function termsOf(options: Options, decimals: number): OperatorTerms {
  const buyOutPerUnit = options.buyOut === undefined ? undefined : parseMinor(options.buyOut, decimals)
  if (buyOutPerUnit === null || buyOutPerUnit === 0n) {
    throw new CliError('USAGE', `"${options.buyOut}" is not an amount`, {
      hint: `a number above zero with at most ${decimals} decimals and no thousands separator, e.g. 12.50`,
    })
  }
  return {
    ...(options.maxHolders === undefined ? {} : { maxHolders: options.maxHolders }),
    ...(options.maxHolderBps === undefined ? {} : { maxHolderBps: options.maxHolderBps }),
    ...(options.dailyMintCap === undefined ? {} : { dailyMintCap: BigInt(options.dailyMintCap) }),
    ...(options.treasury === undefined ? {} : { treasury: options.treasury }),
    ...(buyOutPerUnit === undefined ? {} : { buyOutPerUnit }),
  }
}

function describe({ projectId, name, issuer, terms }: PlannedProject, isDraft: boolean, decimals: number): string {
  const limit = (value: number, words: string) => (value === 0 ? 'no limit' : words)
  return [
    `Project      ${projectId}  ${name}`,
    `Issuer       ${issuer}`,
    `Units        ${terms.cap}, at most ${terms.dailyMintCap} minted in a day`,
    `Holders      ${limit(terms.maxHolders, `at most ${terms.maxHolders}`)}; of one holder ${limit(terms.maxHolderBps, `at most ${terms.maxHolderBps / 100} %`)}`,
    `Lock-up      ${terms.lockDays} days`,
    `Exit target  ${formatMinor(terms.exitTargetPerUnit, decimals)} earned per unit, or ${
      terms.buyOutPerUnit === 0n ? 'no buy-out' : `${formatMinor(terms.buyOutPerUnit, decimals)} paid at once`
    }`,
    `Treasury     ${terms.treasury === zeroAddress ? 'none: not sold on chain' : terms.treasury}`,
    `Opens        ${isDraft ? 'by a sale on chain' : 'at once'}`,
    `Metadata     ${terms.uri}`,
    `             sha256 ${terms.metadataHash}`,
  ].join('\n')
}
