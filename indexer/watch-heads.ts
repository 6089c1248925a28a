import { createPublicClient, webSocket } from 'viem'
import type { Log } from '../common/node/log.ts'
import { hostOf } from './nodes.ts'

/** Wakes the indexer when a node announces a block; polling goes on beside it, so a silent socket costs time and nothing else. */
export interface Heads {
  /** Resolves at the next announcement, after `timeoutMs`, or when `signal` aborts. */
  next(timeoutMs: number, signal: AbortSignal): Promise<void>
  close(): void
}

/** Subscribes to new heads at each address (ws:// or wss://), again and again when the connection is lost. */
export function watchHeads(urls: readonly string[], log: Log): Heads {
  let isNew = false
  let wake = () => {}
  const closing = urls.map((url) => {
    const client = createPublicClient({
      transport: webSocket(url, { keepAlive: true, reconnect: { attempts: Number.MAX_SAFE_INTEGER, delay: 2_000 } }),
    })
    return client.watchBlockNumber({
      emitOnBegin: false,
      onBlockNumber() {
        isNew = true
        wake()
      },
      // The node's own words may name an address with a key in it.
      onError: (error) => log.debug({ node: hostOf(url), reason: error.name }, 'A node announces no blocks'),
    })
  })
  return {
    async next(timeoutMs, signal) {
      if (!isNew && !signal.aborted)
        await new Promise<void>((resolve) => {
          const done = () => {
            clearTimeout(timer)
            // The signal outlives every wait: what stays on it stays in memory.
            signal.removeEventListener('abort', done)
            resolve()
          }
          const timer = setTimeout(done, timeoutMs)
          wake = done
          signal.addEventListener('abort', done)
        })
      isNew = false
      wake = () => {}
    },
    close() {
      for (const close of closing) close()
    },
  }
}
