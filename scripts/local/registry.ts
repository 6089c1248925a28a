import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processIdentity } from './identity.ts'
import { LocalError } from './local-error.ts'

export interface Registered {
  name: string
  pid: number
  identity: string
}

interface RegistryFile {
  /** The process that looks after the others. */
  keeper: Registered
  processes: Registered[]
}

/** Who runs on a data folder, on disk: so that nobody else starts there, and a killed run's processes are known again. */
export interface Registry {
  /** Processes of an earlier, killed run that still live, in the order they were started. */
  orphans: Registered[]
  add(name: string, pid: number): void
  remove(pid: number): void
  release(): void
}

/**
 * Takes a data folder for this process.
 * @throws LocalError when a living process has it
 */
export function openRegistry(folder: string): Registry {
  const path = pathOf(folder)
  const before = readRegistry(folder)
  if (before !== undefined && before.keeper.pid !== process.pid && isAlive(before.keeper)) throw runningError(folder, before.keeper.pid)
  const orphans = before?.processes.filter(isAlive) ?? []
  const file: RegistryFile = { keeper: register('keeper', process.pid), processes: [...orphans] }
  save()

  function save() {
    writeFileSync(`${path}.new`, JSON.stringify(file, null, 2))
    renameSync(`${path}.new`, path)
  }
  return {
    orphans,
    add(name, pid) {
      file.processes.push(register(name, pid))
      save()
    },
    remove(pid) {
      file.processes = file.processes.filter((process) => process.pid !== pid)
      save()
    },
    release() {
      rmSync(path, { force: true })
    },
  }
}

/** The process that looks after a stack on this folder right now, if any. */
export function keeperOf(folder: string): number | undefined {
  const file = readRegistry(folder)
  return file !== undefined && isAlive(file.keeper) ? file.keeper.pid : undefined
}

/** Processes of a killed run that still live on this folder. */
export function orphansOf(folder: string): Registered[] {
  return readRegistry(folder)?.processes.filter(isAlive) ?? []
}

export function runningError(folder: string, pid: number): LocalError {
  return new LocalError(`A stack already runs on ${folder} (process ${pid}): stop it with Ctrl-C first.`)
}

export function isAlive({ pid, identity }: Registered): boolean {
  return processIdentity(pid) === identity
}

function register(name: string, pid: number): Registered {
  return { name, pid, identity: processIdentity(pid) ?? '' }
}

function readRegistry(folder: string): RegistryFile | undefined {
  try {
    return JSON.parse(readFileSync(pathOf(folder), 'utf8'))
  } catch {
    // Absent, or cut off while it was first written: then nothing was started yet.
    return undefined
  }
}

function pathOf(folder: string): string {
  return join(folder, 'processes.json')
}
