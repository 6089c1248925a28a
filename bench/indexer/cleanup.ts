type Stop = () => Promise<void> | void

/** What must be undone at the end, however the end comes. */
export interface Cleanup {
  /** Remembers it; the answer undoes it early. What comes when the end has begun is undone at once. */
  add(stop: Stop): () => Promise<void>
  /** Whether the end has begun: nothing new should be started. */
  readonly isRunning: boolean
  /** Undoes everything, the newest first. */
  run(): Promise<void>
}

/** Ctrl-C and a plain kill undo everything too, and end this process. */
export function createCleanup(): Cleanup {
  const stops = new Set<Stop>()
  let running: Promise<void> | undefined

  async function undo() {
    for (const stop of [...stops].reverse()) {
      stops.delete(stop)
      await Promise.resolve(stop()).catch((error: Error) => process.stderr.write(`${error.message}\n`))
    }
  }
  const run = () => {
    running ??= undo()
    return running
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void run().then(() => process.exit(130)))
  return {
    run,
    get isRunning() {
      return running !== undefined
    },
    add(stop) {
      if (running !== undefined) void stop()
      else stops.add(stop)
      return async () => {
        if (stops.delete(stop)) await stop()
      }
    },
  }
}
