import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { noteAudit } from '../../api/audit/note.ts'
import { actAs } from '../../common/node/acting.ts'
import { CliError } from './cli-error.ts'
import type { CommonOptions, Context } from './context.ts'
import { openProgress } from './progress.ts'
import { readSettings, type Where } from './settings.ts'
import type { Terminal } from './terminal.ts'

/** What a command found or did: `data` for --json, `text` for people (none when empty). `isBad` makes the exit code 1. */
export interface Outcome {
  data: Record<string, unknown>
  text: string
  isBad?: boolean
}

export interface Description {
  /** As typed: `project create <projectId>` is added to its parent by its last word. */
  usage: string
  summary: string
  /** When to use it and what it never does. */
  details: string
  examples: string[]
}

/** Adds a command with what all commands have: where-options, --json, --dry-run, --yes, and examples in its help. */
export function addCommand(parent: Command, description: Description): Command {
  const { usage, summary, details, examples } = description
  return parent
    .command(usage)
    .summary(summary)
    .description(`${summary}\n\n${details}`)
    .option('--rpc <url>', "the chain's node; several with commas [env RPC_URL]")
    .option('--deployment <file>', 'where the contracts are [env DEPLOYMENT_FILE]')
    .option('--database <url>', 'the database, as terra_worker [env DATABASE_URL]')
    .option(
      '--keystore <file>',
      'encrypted key, or hardhat:<network> [env OPERATOR_KEYSTORE]; password from KEYSTORE_PASSWORD or asked for',
    )
    .option('--json', 'print one JSON object and nothing else on standard output')
    .option('--dry-run', 'show what would be done, send nothing')
    .addOption(new Option('-y, --yes', 'do not ask before what cannot be taken back'))
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ npm run terra -- ${example}`).join('\n')}`)
}

/** Runs `work` in a context of its own, prints its outcome, and closes what it opened. */
export function run<Options extends CommonOptions & Where>(
  terminal: Terminal,
  work: (context: Context, options: Options, ...args: never[]) => Promise<Outcome>,
) {
  return async (...all: unknown[]): Promise<void> => {
    const command = all.at(-1) as Command
    const options = all.at(-2) as Options
    const progress = openProgress(terminal.err, { steps: true })
    const closers: (() => unknown)[] = []
    const context: Context = {
      command: pathOf(command),
      terminal,
      options,
      settings: await readSettings(options),
      progress,
      clock: () => new Date(),
      onClose: (close) => closers.unshift(close),
    }
    try {
      const acting = { actor: 'operator', permission: `terra ${context.command}`, correlation: randomUUID() }
      const outcome = await actAs(
        () => acting,
        () => workNoted(context, all.slice(0, -2), () => work(context, options, ...(all.slice(0, -2) as never[]))),
      )
      progress.stop()
      const isOk = !outcome.isBad
      if (options.json)
        terminal.out.write(
          `${toJson({ ok: isOk, command: context.command, ...(options.dryRun ? { dryRun: true } : {}), ...outcome.data })}\n`,
        )
      else if (outcome.text !== '') terminal.out.write(`${outcome.text}\n`)
      if (!isOk) process.exitCode = 1
    } finally {
      progress.stop()
      for (const close of closers) await close()
    }
  }
}

/** What a command sends to the chain changes no row of its own: that it ran, or broke off, is noted. */
async function workNoted(context: Context, args: unknown[], work: () => Promise<Outcome>): Promise<Outcome> {
  const note = async (verb: string) => {
    if (!context.isWriting || !context.database) return
    await noteAudit(context.database, {
      decision: 'allowed',
      action: `${verb} terra ${context.command}`,
      subject: `arguments ${args.join(' ')}`,
    })
  }
  try {
    const outcome = await work()
    await note('run')
    return outcome
  } catch (error) {
    await note('break off').catch(() => {})
    throw error
  }
}

/** One line of JSON; integers of any size as decimal strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? item.toString() : item))
}

/** Any error as one with a code: what is not known is INTERNAL, with its own words. */
export function asCliError(error: unknown): CliError {
  if (error instanceof CliError) return error
  return new CliError('INTERNAL', error instanceof Error ? error.message.split('\n')[0]! : String(error), {
    hint: 'run it again with TERRA_TRACE=1 for the whole story',
    cause: error,
  })
}

function pathOf(command: Command): string {
  const names: string[] = []
  for (let at: Command | null = command; at?.parent; at = at.parent) names.unshift(at.name())
  return names.join(' ')
}
