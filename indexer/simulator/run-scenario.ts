import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Exit code of a scenario that found what must not be. */
export const RED = 10
/** A scenario that takes longer hangs, which no honest indexer does. */
const WITHIN_MS = 300_000

/** Plays a scenario in a process of its own, with the indexer in `folder`; one that hangs counts as red. */
export function runScenario(folder: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [join(folder, 'simulator', 'scenario.ts'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      output += String(data)
    })
  const timer = setTimeout(() => child.kill('SIGKILL'), WITHIN_MS)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code: signal === 'SIGKILL' ? RED : (code ?? 1), output })
    })
  })
}
