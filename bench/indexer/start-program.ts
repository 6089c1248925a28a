import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import type { Cleanup } from './cleanup.ts'

export interface Program {
  pid: number
  /** Resolves when it ends by itself or is stopped: its exit code, or the signal's name. */
  ended: Promise<number | string>
  /** Ends it and everything it started. */
  stop(): Promise<void>
  /** The end of what it printed. */
  lastWords(): string
}

export interface Command {
  /** Undefined for a script of Node. */
  program?: string
  args: string[]
  cwd: string
  env: Record<string, string>
}

const STOP_WITHIN_MS = 10_000

/** Starts a program in a process group of its own; what it prints goes to a file. */
export function startProgram({ program = process.execPath, args, cwd, env }: Command, logFile: string, cleanup: Cleanup): Program {
  const log = openSync(logFile, 'w')
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  const ended = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'))
    child.once('error', (error) => resolve(error.message))
  })
  const stop = cleanup.add(async () => {
    signalGroup(child, 'SIGTERM')
    const last = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_WITHIN_MS)
    await ended
    clearTimeout(last)
    // What it started may have outlived it.
    signalGroup(child, 'SIGKILL')
  })
  return {
    pid: child.pid ?? 0,
    ended,
    stop,
    lastWords: () => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-8).join('\n').slice(-1_500),
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // All of them have ended.
  }
}
