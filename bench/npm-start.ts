import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Ports } from '../scripts/local/ports.ts'

const root = join(import.meta.dirname, '..')
const READY_WITHIN_MS = 300_000

export interface Started {
  pid: number
  readyMs: number
  stop(): Promise<void>
}

/** Runs what npm start runs, as a process of its own, and measures until it says where everything is. */
export async function runNpmStart(folder: string, ports: Ports): Promise<Started> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.ts'), '--json'], {
    cwd: root,
    env: {
      ...process.env,
      TERRA_FOLDER: folder,
      WEB_PORT: String(ports.web),
      RPC_PORT: String(ports.rpc),
      DB_PORT: String(ports.db),
      SANDBOX_PORT: String(ports.sandbox),
      SMTP_PORT: String(ports.smtp),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (part) => {
    said += part
  })
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`npm start was not ready within ${READY_WITHIN_MS / 1000} s:\n${said}`)),
      READY_WITHIN_MS,
    )
    let out = ''
    child.stdout.on('data', (part) => {
      out += part
      if (!out.trimEnd().endsWith('}')) return
      clearTimeout(timer)
      resolve()
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`npm start ended with code ${code}:\n${said}`))
    })
  })
  return { pid: child.pid!, readyMs: performance.now() - startedAt, stop: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await ended
}
