import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { LocalError } from './local-error.ts'

/** How to start a Postgres program: Postgres refuses to run as root. */
export interface PostgresUser {
  uid?: number
  gid?: number
  /** The command line that starts `program` as the right user. */
  commandFor(program: string, args: string[]): { command: string; args: string[]; uid?: number; gid?: number }
}

/**
 * An ordinary user runs Postgres as itself. Root runs it as `postgres`, or `nobody` where there is none; where that user may not
 * enter the folders above (a clone in /root), it is let through them, and nothing else, by a capability.
 * @throws LocalError when root's folders are closed and the system has no `setpriv`
 */
export function postgresUser(folders: string[]): PostgresUser {
  if (process.getuid?.() !== 0) return { commandFor: (command, args) => ({ command, args }) }
  const ids = idsOf('postgres') ?? idsOf('nobody')
  if (ids === undefined)
    throw new LocalError('Postgres does not run as root, and this system has no user "postgres" or "nobody" to run it as.')
  const closed = folders.find((folder) => !isOpen(folder))
  if (closed === undefined) return { ...ids, commandFor: (command, args) => ({ command, args, ...ids }) }
  if (!has('setpriv')) {
    throw new LocalError(
      `Postgres does not run as root, and only root may enter ${closed}: move this folder to a place everybody may enter, or run as an ordinary user.`,
    )
  }
  const through = [
    `--reuid=${ids.uid}`,
    `--regid=${ids.gid}`,
    '--clear-groups',
    '--inh-caps=-all,+dac_override',
    '--ambient-caps=+dac_override',
    // access(2) looks at the real user; without this it would not see the capability.
    '--securebits=+no_setuid_fixup',
  ]
  return { ...ids, commandFor: (program, args) => ({ command: 'setpriv', args: [...through, program, ...args] }) }
}

function idsOf(user: string): { uid: number; gid: number } | undefined {
  try {
    const id = (option: string) => Number(execFileSync('id', [option, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}

/** Whether everybody may enter a folder and all above it. */
function isOpen(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    const found = statSync(at, { throwIfNoEntry: false })
    if (found !== undefined && (found.mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}

function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
