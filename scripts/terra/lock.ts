import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { CliError } from './cli-error.ts'

/**
 * Lets one writing command at a time work on a deployment: two that sign with the same key would take each other's nonces.
 * A lock left by a killed run is taken over. Returns the release; the lock also goes when the process exits.
 * @throws CliError LOCKED, naming the command that holds it
 */
export function takeLock(path: string, command: string): () => void {
  const own = `${path}.${process.pid}`
  writeFileSync(own, JSON.stringify({ pid: process.pid, command, since: new Date().toISOString() }), { mode: 0o600 })
  try {
    // A link appears with its whole content or not at all.
    if (!link(own, path)) {
      const holder = readHolder(path)
      if (holder && isRunning(holder.pid)) throw locked(path, holder)
      removeStale(path, holder?.pid)
      if (!link(own, path)) throw locked(path, readHolder(path))
    }
  } finally {
    rmSync(own, { force: true })
  }
  const release = () => {
    process.off('exit', release)
    if (readHolder(path)?.pid === process.pid) rmSync(path, { force: true })
  }
  process.on('exit', release)
  return release
}

interface Holder {
  pid: number
  command: string
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Moves a dead run's lock away; of two that try, the one that caught a living lock puts it back. */
function removeStale(path: string, deadPid: number | undefined): void {
  const away = `${path}.stale.${process.pid}`
  try {
    renameSync(path, away)
  } catch {
    return
  }
  if (readHolder(away)?.pid !== deadPid) link(away, path)
  rmSync(away, { force: true })
}

function locked(path: string, holder: Holder | undefined): CliError {
  return new CliError(
    'LOCKED',
    `${holder?.command ?? 'Another command'} is working on this deployment (process ${holder?.pid ?? 'unknown'})`,
    {
      hint: `wait until it ends; if it surely isn't running, remove ${path}`,
    },
  )
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
