import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LocalError } from './local-error.ts'
import type { Registry } from './registry.ts'

export interface ChildOptions {
  name: string
  command: string
  /** A function when they are to be worked out anew at every start. */
  args: string[] | (() => string[])
  cwd: string
  env: Record<string, string | undefined>
  logFile: string
  registry: Registry
  /** Told when it ended by itself and was started again. */
  onRestart(sentence: string): void
  /** Signal that asks it to end in order. */
  signal?: NodeJS.Signals
  uid?: number
  gid?: number
}

export interface Child {
  name: string
  /** Waits until `probe` says true; @throws LocalError when the process gives up first, with the end of its log */
  ready(probe: () => Promise<boolean>, timeoutMs: number): Promise<void>
  stop(): Promise<void>
  /** Ends it at once, as the very last resort. */
  kill(): void
}

const LARGEST_LOG_BYTES = 50_000_000
const LONGEST_PAUSE_MS = 30_000
/** A process that ran this long was up; its next end starts the pauses anew. */
const SETTLED_MS = 60_000
const STOP_WITHIN_MS = 15_000

/**
 * Keeps a process running: what it prints goes to its log file, and when it ends by itself it is started again, ever later.
 * It runs in a group of its own, so that Ctrl-C at the terminal reaches only its keeper.
 */
export function keepChild(options: ChildOptions): Child {
  const { name, registry } = options
  let child: ChildProcess | undefined
  let isStopping = false
  let isUp = false
  let failures = 0
  let lastEnd = ''
  let timer: NodeJS.Timeout | undefined

  function start() {
    const startedAt = Date.now()
    const log = openLog(options.logFile)
    child = spawn(options.command, typeof options.args === 'function' ? options.args() : options.args, {
      cwd: options.cwd,
      // The mark of a test run, by which what it leaves behind is found.
      env: { TERRA_TEST_RUN: process.env.TERRA_TEST_RUN, ...options.env } as NodeJS.ProcessEnv,
      stdio: ['ignore', log, log],
      detached: true,
      ...(options.uid !== undefined && { uid: options.uid }),
      ...(options.gid !== undefined && { gid: options.gid }),
    })
    closeSync(log)
    const { pid } = child
    if (pid !== undefined) registry.add(name, pid)
    child.once('error', (error) => ended(`could not be started: ${error.message}`, startedAt))
    child.once('exit', (code, signal) => {
      if (pid !== undefined) registry.remove(pid)
      ended(signal === null ? `ended with code ${code}` : `was ended by ${signal}`, startedAt)
    })
  }

  function ended(how: string, startedAt: number) {
    child = undefined
    lastEnd = how
    if (isStopping) return
    failures = Date.now() - startedAt > SETTLED_MS ? 1 : failures + 1
    const pauseMs = Math.min(500 * 2 ** (failures - 1), LONGEST_PAUSE_MS)
    if (isUp) options.onRestart(`${name} ${how}; starting it again in ${pauseMs / 1000} s (log: ${options.logFile}).`)
    timer = setTimeout(start, pauseMs)
  }

  function signal(which: NodeJS.Signals) {
    // The group, so that its own children go too.
    if (child?.pid === undefined) return
    try {
      process.kill(-child.pid, which)
    } catch {
      child.kill(which)
    }
  }

  start()
  return {
    name,
    async ready(probe, timeoutMs) {
      const deadline = Date.now() + timeoutMs
      while (!(await probe().catch(passOn))) {
        // Twice may be a neighbour that was not up yet; three times is a fault of its own.
        if (failures >= 3 || Date.now() > deadline) {
          const how = failures >= 3 ? lastEnd : `was not ready after ${timeoutMs / 1000} s`
          throw new LocalError(`${name} ${how}; the end of ${options.logFile} says: ${tail(options.logFile)}`)
        }
        await sleep(100)
      }
      isUp = true
    },
    async stop() {
      isStopping = true
      clearTimeout(timer)
      if (child === undefined) return
      const gone = new Promise<void>((resolve) => child?.once('exit', () => resolve()))
      child.kill(options.signal ?? 'SIGTERM')
      const last = setTimeout(() => signal('SIGKILL'), STOP_WITHIN_MS)
      await gone
      clearTimeout(last)
    },
    kill() {
      isStopping = true
      clearTimeout(timer)
      signal('SIGKILL')
    },
  }
}

/** Opens a log for appending; a large one is put aside first, and the one before it forgotten. */
function openLog(path: string): number {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG_BYTES) renameSync(path, `${path}.old`)
  return openSync(path, 'a')
}

function tail(path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-6).join('\n').slice(-1_500)
  } catch {
    return `(no ${basename(path)})`
  }
}

/** Whatever goes wrong while asking means "not yet", except what a person must put right. */
function passOn(error: unknown): false {
  if (error instanceof LocalError) throw error
  return false
}
