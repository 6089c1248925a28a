import { type Destination, openFile, openStream } from '../../indexer/export/destination.ts'
import { CliError } from './cli-error.ts'
import type { Terminal } from './terminal.ts'

/** Where rows go: a file that has its name only when it is whole, or standard output. @throws CliError FILE_MISSING */
export function openOut({ out }: Terminal, file: string | undefined): Promise<Destination> {
  if (file === undefined) return Promise.resolve(openStream(out))
  return openFile(file).catch((cause: Error) => {
    throw new CliError('FILE_MISSING', `The file of --out can't be written: ${cause.message}`, { hint: 'name another by --out', cause })
  })
}

/** Words what writing failed with. @throws CliError INTERRUPTED, or what it was */
export function explainWriting(error: unknown): never {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE')
    throw new CliError('INTERRUPTED', 'Whoever read the rows went away', { cause: error })
  throw error
}
