import { spawn } from 'node:child_process'

export interface Ran {
  code: number
  output: string
  /** It took longer than it was given and was ended. */
  isTimedOut: boolean
}

/** Runs a program under this Node, with everything it starts in a group that ends with it. */
export function runTool(
  script: string,
  args: string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv; timeoutMs?: number },
): Promise<Ran> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  let isTimedOut = false
  const end = () => {
    if (process.platform === 'win32' || child.pid === undefined) child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  }
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          isTimedOut = true
          end()
        }, options.timeoutMs)
  process.once('exit', end)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      process.off('exit', end)
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString(), isTimedOut })
    })
  })
}
