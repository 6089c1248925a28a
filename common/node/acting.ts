import { AsyncLocalStorage } from 'node:async_hooks'

/** Who acts, by which right, and what for: what the audit says of every row that is changed meanwhile. */
export interface Acting {
  /** `account:<id>`, `worker`, `operator` or `nobody`. */
  actor: string
  issuerId?: string | undefined
  /** Route, job or command. */
  permission: string
  correlation: string
}

// The one ambient value of the program: a change that somebody forgot to pass its author to would be a change without one.
const storage = new AsyncLocalStorage<() => Acting>()

/** Runs `work` in the name of whom `acting` returns when it is asked: a request knows its viewer only after a while. */
export function actAs<T>(acting: () => Acting, work: () => T): T {
  return storage.run(acting, work)
}

/** A statement with its author at its head, as app.acting() reads it; unchanged where nobody is known to act. */
export function inTheNameOf(sql: string): string {
  const acting = storage.getStore()
  return acting === undefined ? sql : `/*acting ${Buffer.from(JSON.stringify(acting())).toString('base64')}*/ ${sql}`
}

/** The correlation of what is under way, or a new one. */
export function correlationOf(): string {
  return storage.getStore()?.().correlation ?? crypto.randomUUID()
}
