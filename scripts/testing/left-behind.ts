import { readdirSync, readFileSync } from 'node:fs'

/** Set in the environment of a test run and so of everything it starts. */
export const RUN_VARIABLE = 'TERRA_TEST_RUN'

/**
 * Ends what a test run left behind, such as the chain of a test that was cut off: the processes whose environment carries the
 * run's own mark, this one excepted. Only Linux shows another process's environment; elsewhere nothing is done.
 */
export function endLeftBehind(run: string): number {
  const found = processesOf(run)
  for (const pid of found) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself meanwhile.
    }
  }
  return found.length
}

/** The processes of a test run that still live. */
export function processesOf(run: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${RUN_VARIABLE}=${run}`)
      } catch {
        // Another user's, or gone.
        return false
      }
    })
    .map(Number)
}
