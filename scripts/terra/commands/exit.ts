import type { Command } from 'commander'
import type { Address } from 'viem'
import { formatMinor } from '../../../common/money.ts'
import type { Db } from '../../../common/node/db.ts'
import { parseAddress, parseCount, parseProjectId, parseSeconds } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, lockDeployment, openDatabase, openSender, openStage } from '../context.ts'
import { announceExit, beginExit, type ExitStep, type ExitView, holdersOutside, moveHolders, readExit, requireTarget } from '../exit.ts'
import { listHolders, waitMirror } from '../mirror.ts'
import { formatTable } from '../table.ts'
import { confirm, confirmName, type Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  dao?: Address
  notice?: number
  batchSize: number
  confirmName?: string
}

/** `terra exit`: hands a project over to its community DAO. */
export function addExitCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'exit',
    summary: 'move every unit of a project to the community DAO',
    details:
      'Four stages: announce (the notice starts; can be cancelled), begin (transfers stop for ever), batches (holders are moved), finalise (the ' +
      'contract accepts it only when no unit is left out). Each run goes as far as it can and stops where it must wait; interrupted at any point, ' +
      'run it again. Holders keep what they have earned and can claim it at any time.',
    examples: [
      'exit 2 --dry-run',
      'exit 2 --notice 30d',
      'exit 2 --yes --confirm-name "Loiyangalani Extension Wind"',
      'exit 2 --dao 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --batch-size 50',
    ],
  })
    .argument('<projectId>', "the project's number", parseProjectId)
    .option('--dao <address>', 'who receives the units; by default the deployment’s community DAO', parseAddress)
    .option('--notice <time>', 'how long holders are told in advance, e.g. 30d; never shorter than the contract allows', parseSeconds)
    .option('--batch-size <count>', 'holders moved in one transaction', parseCount(300), 100)
    .option('--confirm-name <name>', "the project's name in full, instead of typing it")
    .action(run(terminal, exitProject))
}

async function exitProject(context: Context, options: Options, projectId: number): Promise<Outcome> {
  const stage = await openStage(context)
  const { client, deployment } = stage
  const db = await openDatabase(context)
  lockDeployment(context)
  const name = await nameOf(db, projectId)
  const read = () => readExit(client, deployment, projectId, options.dao ?? (deployment.communityDao as Address))
  let view = await read()
  const steps: ExitStep[] = []
  const report = (step: ExitStep) => {
    steps.push(step)
    context.progress.step(
      `${step.step}: ${step.sent.hash}, block ${step.sent.blockNumber}${step.remaining === undefined ? '' : `, ${step.remaining} units left`}`,
    )
  }
  const finish = (status: string, text: string): Outcome => ({
    data: {
      status,
      projectId,
      name,
      dao: view.dao,
      notBefore: view.notBefore,
      supply: view.supply,
      atDao: view.atDao,
      steps: steps.map(factsOf),
    },
    text,
  })
  if (options.dao && options.dao.toLowerCase() !== view.dao.toLowerCase()) {
    throw new CliError('STATE', `The exit was announced to ${view.dao}, not to ${options.dao}`, {
      hint: 'cancel it on chain first, or leave --dao out',
    })
  }
  if (view.state === 'exited')
    return finish(
      'already_done',
      `Project ${projectId} (${name}) has exited; all ${view.supply} units are at ${view.dao}. Nothing was sent.`,
    )
  if (!['active', 'exit_announced', 'exiting'].includes(view.state))
    throw new CliError('STATE', `Project ${projectId} is ${view.state}`, { hint: 'only an active project can exit' })
  await requireReceiver(client, view.dao)

  await waitMirror(db, await client.getBlockNumber({ cacheTime: 0 }), context.progress)
  const preview = describe(view, name, holdersOutside(await listHolders(db, projectId), view.dao))
  if (options.dryRun) return finish('planned', `${preview}\n\nNothing was sent.`)
  context.terminal.err.write(`${preview}\n\n`)
  const sender = await openSender(context, stage)

  if (view.state === 'active') {
    await confirm(context.terminal, `Announce the exit of ${name} to its holders?`, options.yes ?? false)
    report(await announceExit(sender, deployment, view, options.notice ?? view.minNoticeSeconds, context.clock()))
    view = await read()
  }
  if (view.state === 'exit_announced') {
    const { timestamp } = await client.getBlock({ blockTag: 'latest' })
    if (Number(timestamp) < view.notBefore) {
      const when = new Date(view.notBefore * 1000).toISOString()
      return finish('notice_running', `The exit of ${name} is announced. The notice runs until ${when}; run this command again then.`)
    }
    requireTarget(view)
    await confirmName(
      context.terminal,
      `This stops transfers of ${name} for ever and moves every unit to ${view.dao}.`,
      name,
      options.confirmName,
    )
    report(await beginExit(sender, deployment, projectId))
    view = await read()
  }
  await moveHolders(db, sender, deployment, view, options.batchSize, context.progress, report)
  view = await read()
  await waitMirror(db, steps.at(-1)!.sent.blockNumber, context.progress)
  return finish('exited', `Project ${projectId} (${name}) has exited: all ${view.supply} units are at ${view.dao}.`)
}

/** @throws CliError DAO_CANNOT_RECEIVE: found out here, before anybody is told about an exit that can't be done */
async function requireReceiver(client: { getCode(args: { address: Address }): Promise<string | undefined> }, dao: Address): Promise<void> {
  if ((await client.getCode({ address: dao })) !== undefined) return
  throw new CliError('DAO_CANNOT_RECEIVE', `${dao} is not a contract, so it can't be a community`, {
    hint: 'name a timelock or a Safe by --dao',
  })
}

async function nameOf(db: Db, projectId: number): Promise<string> {
  const { rows } = await db.query<{ name: string }>('select name from app.project where project_id = $1', [projectId])
  if (!rows[0]) throw new CliError('NOT_FOUND', `There is no project ${projectId}`, { hint: 'npm run terra -- status' })
  return rows[0].name
}

function factsOf({ step, sent, holders, remaining }: ExitStep) {
  return {
    step,
    txHash: sent.hash,
    blockNumber: sent.blockNumber,
    ...(holders === undefined ? {} : { holders }),
    ...(remaining === undefined ? {} : { remaining }),
  }
}

const PREVIEW_ROWS = 50

function describe(view: ExitView, name: string, holders: { holder: string; units: bigint }[]): string {
  return [
    `Project      ${view.projectId}  ${name}`,
    `State        ${view.state.replace('_', ' ')}`,
    `Community    ${view.dao}`,
    `Earned       ${formatMinor(view.earnedPerUnit, 6)} of ${formatMinor(view.targetPerUnit, 6)} per unit`,
    `Units        ${view.supply}, of which ${view.atDao} at the DAO`,
    ...(view.earnedPerUnit < view.targetPerUnit
      ? ['Not yet       the exit can be announced, but not begun before the rest is paid out']
      : []),
    '',
    formatTable(
      ['Holder', 'Units'],
      holders.map(({ holder, units }) => [holder, units.toString()]),
      PREVIEW_ROWS,
    ),
  ].join('\n')
}
