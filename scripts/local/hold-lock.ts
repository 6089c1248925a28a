import { readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { processIdentity } from './identity.ts'

/** Waits until no other living process holds the lock file at `path`, then holds it. Answers how to let go. */
export async function holdLock(path: string): Promise<() => Promise<void>> {
  const own = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) })
  for (;;) {
    try {
      await writeFile(path, own, { flag: 'wx' })
      return () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const held = await readFile(path, 'utf8').catch(() => '')
    // Left by a process that was killed. One that is still being written is tried again.
    if (held !== '' && !isAlive(held)) await rm(path, { force: true })
    await sleep(200)
  }
}

function isAlive(held: string): boolean {
  try {
    const { pid, identity } = JSON.parse(held)
    return processIdentity(pid) === identity
  } catch {
    return true
  }
}
