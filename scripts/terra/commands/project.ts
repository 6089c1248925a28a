import type { Command } from 'commander'
import { formatMinor } from '../../../common/money.ts'
import { parseProjectId } from '../arguments.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type Context, lockDeployment, openDatabase, openSender, openStage } from '../context.ts'
import { createProject, type PlannedProject, planProject, tryProject } from '../create-project.ts'
import { waitMirror } from '../mirror.ts'
import { confirm, type Terminal } from '../terminal.ts'

/** `terra project create`: puts a submitted project on chain. */
export function addProjectCommands(program: Command, terminal: Terminal): void {
  const parent = program.command('project').summary('put projects on chain').description('Put projects on chain.')
  addCommand(parent, {
    usage: 'create',
    summary: 'create a submitted project on chain',
    details:
      'Takes the terms the issuer submitted and pinned: units, lock-up, exit target, metadata hash. They can never be changed afterwards, and the ' +
      'project is listed for investors as soon as the transaction is mirrored. Run again, it finds the project on chain and sends nothing.',
    examples: ['project create 7', 'project create 7 --dry-run', 'project create 7 --yes --json'],
  })
    .argument('<projectId>', "the project's number", parseProjectId)
    .action(run(terminal, createOnChain))
}

async function createOnChain(context: Context, _options: object, projectId: number): Promise<Outcome> {
  const stage = await openStage(context)
  const db = await openDatabase(context)
  lockDeployment(context)
  const plan = await planProject(db, stage.client, stage.deployment, projectId)
  if (plan.isOnChain) {
    return {
      data: { status: 'already_done', projectId, name: plan.name },
      text: `Project ${projectId} (${plan.name}) is already on chain with these terms. Nothing was sent.`,
    }
  }
  const sender = await openSender(context, stage)
  const gas = await tryProject(sender, stage.deployment, plan)
  if (context.options.dryRun)
    return {
      data: { status: 'planned', gas, ...plan },
      text: `${describe(plan)}\n\nThe contract would take it (${gas} gas). Nothing was sent.`,
    }
  context.terminal.err.write(`${describe(plan)}\n\n`)
  await confirm(context.terminal, 'Create it on chain? Its terms can never be changed.', context.options.yes ?? false)
  const sent = await createProject(sender, stage.deployment, plan)
  context.progress.step(`Mined in block ${sent.blockNumber}`)
  await waitMirror(db, sent.blockNumber, context.progress)
  return {
    data: { status: 'created', projectId, name: plan.name, txHash: sent.hash, blockNumber: sent.blockNumber },
    text: `Project ${projectId} (${plan.name}) is on chain: ${sent.hash}, block ${sent.blockNumber}.`,
  }
}

function describe({ projectId, name, issuer, terms }: PlannedProject): string {
  return [
    `Project      ${projectId}  ${name}`,
    `Issuer       ${issuer}`,
    `Units        ${terms.cap}`,
    `Lock-up      ${terms.lockDays} days`,
    `Exit target  ${formatMinor(terms.exitTargetPerUnit, 6)} earned per unit`,
    `Metadata     ${terms.uri}`,
    `             sha256 ${terms.metadataHash}`,
  ].join('\n')
}
