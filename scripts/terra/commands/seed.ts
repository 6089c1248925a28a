import type { Command } from 'commander'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type Context, lockDeployment, need, openDatabase, openDocuments, openSender, openStage } from '../context.ts'
import { confirm, type Terminal } from '../terminal.ts'

/** `terra seed`: fills a local stack with a small world. */
export function addSeedCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'seed',
    summary: 'fill a local stack with a small world',
    details:
      'Three issuers, twelve projects, forty investors, their payments and one distribution, all through the public api, the vendors’ pages and the ' +
      'other commands. `npm start` does it by itself. Goes on where it was cut off; run again, it changes nothing. Refused on any chain but the local one.',
    examples: ['seed', 'seed --yes --json'],
  }).action(run(terminal, seed))
}

async function seed(context: Context): Promise<Outcome> {
  const { seedWorld } = await import('../../world/seed.ts')
  const stage = await openStage(context)
  if (!context.settings.isLocal)
    throw new CliError('STATE', 'The local world is for the local stack only', {
      hint: 'npm start, then this command without --rpc and --deployment',
    })
  const webUrl = need(context.settings.webUrl, "the platform's address", 'a running local stack')
  const [db, ipfs, sender] = [await openDatabase(context), await openDocuments(context), await openSender(context, stage)]
  if (context.options.dryRun)
    return { data: { status: 'planned' }, text: 'The local world would be put there or completed. Nothing was sent.' }
  await confirm(context.terminal, `Fill the platform at ${webUrl} with the local world?`, context.options.yes ?? false)
  lockDeployment(context)
  const summary = await seedWorld({ webUrl, db, ipfs, sender, deployment: stage.deployment, progress: context.progress })
  return {
    data: { status: 'seeded', ...summary },
    text: `${summary.issuers} issuers, ${summary.projects} projects, ${summary.investors} investors, ${summary.investments} investments, ${summary.distributions} distribution.`,
  }
}
