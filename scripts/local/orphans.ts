import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, type Registered } from './registry.ts'

const END_WITHIN_MS = 20_000

/**
 * Ends what a killed run left behind, the newest first, each in its own orderly way: so the chain's state and the database are
 * closed after everything that writes to them. `beforeChain` runs while the chain still answers.
 */
export async function endOrphans(orphans: Registered[], beforeChain: () => Promise<void>): Promise<void> {
  for (const orphan of [...orphans].reverse()) {
    if (orphan.name === 'chain') await beforeChain()
    await end(orphan, orphan.name === 'database' ? 'SIGINT' : 'SIGTERM')
  }
}

async function end(orphan: Registered, signal: NodeJS.Signals) {
  const deadline = Date.now() + END_WITHIN_MS
  if (!send(orphan, signal)) return
  while (isAlive(orphan)) {
    // Postgres answers SIGQUIT by an immediate stop and repairs itself at the next start.
    if (Date.now() > deadline) send(orphan, orphan.name === 'database' ? 'SIGQUIT' : 'SIGKILL')
    if (Date.now() > deadline + END_WITHIN_MS) return
    await sleep(50)
  }
}

function send(orphan: Registered, signal: NodeJS.Signals): boolean {
  // Asked at the last moment: the number may have gone to somebody else meanwhile.
  if (!isAlive(orphan)) return false
  try {
    process.kill(orphan.pid, signal)
    return true
  } catch {
    return false
  }
}
