import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

const running = new Set<ChildProcess>()

export interface Ran {
  code: number
  output: string
}

/** Runs a program of node_modules, or of ours, under this Node and collects what it prints. */
export function runNode(script: string, args: string[], options: { show?: boolean; env?: NodeJS.ProcessEnv } = {}): Promise<Ran> {
  return runProgram(process.execPath, [join(root, script), ...args], options)
}

/** Runs any program in the checkout's root; with `show` its output also appears as it comes. */
export function runProgram(command: string, args: string[], options: { show?: boolean; env?: NodeJS.ProcessEnv } = {}): Promise<Ran> {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (options.show) process.stdout.write(chunk)
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      running.delete(child)
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() })
    })
  })
}

/** Ends what still runs. */
export function endPrograms(): void {
  for (const child of running) child.kill('SIGTERM')
}
