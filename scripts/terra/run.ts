import { inspect } from 'node:util'
import { type Command, CommanderError } from 'commander'
import { Type } from 'typebox'
import { readEnv } from '../../common/node/env.ts'
import { refuseSecrets } from './arguments.ts'
import { CliError, EXIT_CODES } from './cli-error.ts'
import { asCliError, toJson } from './command.ts'
import { buildProgram } from './program.ts'
import type { Terminal } from './terminal.ts'

const TraceEnv = Type.Object({ TERRA_TRACE: Type.Boolean({ default: false }) })

/**
 * Runs one command line and returns its exit code. Problems go to standard error as `error CODE: sentence. Try: …`,
 * with --json also to standard output as an object.
 */
export async function runTerra(argv: string[], terminal: Terminal): Promise<number> {
  process.exitCode = 0
  const program = buildProgram(terminal)
  const onInterrupt = () => {
    report(
      terminal,
      argv,
      new CliError('INTERRUPTED', 'Stopped. What was sent stays sent', {
        hint: 'the same command again: it looks first and goes on where it was',
      }),
    )
    // Leaves at once: every command can be run again, and locks go with the process.
    process.exit(EXIT_CODES.INTERRUPTED)
  }
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onInterrupt)
  try {
    refuseSecrets(argv)
    await program.parseAsync(argv, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    return report(terminal, argv, error instanceof CommanderError ? asUsage(error, namesIn(program, argv)) : asCliError(error))
  } finally {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onInterrupt)
  }
}

function report(terminal: Terminal, argv: string[], error: CliError): number {
  const sentence = error.message.replace(/\.$/, '')
  terminal.err.write(`error ${error.code}: ${sentence}.${error.hint === undefined ? '' : ` Try: ${error.hint}`}\n`)
  if (argv.includes('--json')) {
    terminal.out.write(
      `${toJson({ ok: false, error: { code: error.code, message: sentence, ...(error.hint === undefined ? {} : { try: error.hint }), ...error.details } })}\n`,
    )
  }
  if (error.cause !== undefined && readEnv(TraceEnv).TERRA_TRACE) terminal.err.write(`${inspect(error.cause)}\n`)
  return EXIT_CODES[error.code]
}

/** Commander's own words, without its prefix: "Unknown option '--jsn' (Did you mean --json?)". */
function asUsage(error: CommanderError, names: string[]): CliError {
  const hint = ['npm run terra --', ...names, '--help'].join(' ')
  if (error.code === 'commander.help') return new CliError('USAGE', 'A command is missing', { hint })
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
  return new CliError('USAGE', message.charAt(0).toUpperCase() + message.slice(1), { hint })
}

/** The names of the commands that a command line begins with. */
function namesIn(program: Command, argv: string[]): string[] {
  const names: string[] = []
  let at: Command | undefined = program
  for (const arg of argv) {
    at = at?.commands.find((command) => command.name() === arg)
    if (!at) break
    names.push(arg)
  }
  return names
}
