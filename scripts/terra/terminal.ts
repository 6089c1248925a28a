import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { CliError } from './cli-error.ts'

/** Where a command speaks. Results go to `out`; everything meant only for a person's eyes goes to `err`. */
export interface Terminal {
  out: NodeJS.WriteStream
  err: NodeJS.WriteStream
  input: NodeJS.ReadStream
}

/**
 * Asks before something that cannot be taken back; `--yes` is the answer given beforehand.
 * @throws CliError CONFIRM_REQUIRED when nobody is there to ask, NOT_CONFIRMED when the answer is no
 */
export async function confirm(terminal: Terminal, question: string, yes: boolean): Promise<void> {
  if (yes) return
  requirePerson(terminal, 'add --yes')
  const answer = await ask(terminal, `${question} [y/N] `)
  if (!/^y(es)?$/i.test(answer.trim())) throw notConfirmed()
}

/**
 * Asks for a name typed in full; `given` is the answer of --confirm-name, which --yes alone can't replace.
 * @throws CliError CONFIRM_REQUIRED when nobody is there to ask, NOT_CONFIRMED when the name is another
 */
export async function confirmName(terminal: Terminal, question: string, name: string, given: string | undefined): Promise<void> {
  if (given === undefined) requirePerson(terminal, `add --yes --confirm-name "${name}"`)
  const answer = given ?? (await ask(terminal, `${question}\nType the name in full to go on: `)).trim()
  if (answer !== name) throw notConfirmed(`"${answer}" is not "${name}"`)
}

/** Asks one line of text. */
export async function ask(terminal: Terminal, question: string, options: { hidden?: boolean } = {}): Promise<string> {
  terminal.err.write(question)
  const output = options.hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : terminal.err
  const lines = createInterface({ input: terminal.input, output, terminal: true })
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => {
      lines.close()
      reject(new CliError('INTERRUPTED', 'Stopped before anything was sent'))
    })
    lines.once('line', (line) => {
      lines.close()
      if (options.hidden) terminal.err.write('\n')
      resolve(line)
    })
  })
}

function requirePerson(terminal: Terminal, hint: string): void {
  if (terminal.input.isTTY && terminal.err.isTTY) return
  throw new CliError('CONFIRM_REQUIRED', 'This needs a yes, and nobody is at a terminal to give it', { hint })
}

function notConfirmed(detail = 'The answer was no'): CliError {
  return new CliError('NOT_CONFIRMED', `${detail}; nothing was sent`)
}
