import { createHash } from 'node:crypto'
import type { Remembered, Store } from '../state.ts'
import { StripeProblem } from './errors.ts'

/** Stripe forgets a key after at least 24 hours. */
const FORGET_AFTER_MS = 24 * 3_600_000

export function fingerprintOf(path: string, body: string): string {
  return createHash('sha256').update(`${path}\n${body}`).digest('hex')
}

/**
 * The answer given earlier under the same key, or undefined for a new one.
 * @throws StripeProblem 400 idempotency_error when the key came with another request
 */
export function recall(store: Store, key: string, fingerprint: string, now: number): Remembered | undefined {
  const { idempotency } = store.state
  for (const [old, { at }] of Object.entries(idempotency)) {
    if (now - at <= FORGET_AFTER_MS) break
    delete idempotency[old]
  }
  const found = Object.hasOwn(idempotency, key) ? idempotency[key] : undefined
  if (found !== undefined && found.fingerprint !== fingerprint) {
    throw new StripeProblem(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    })
  }
  return found
}

export function remember(store: Store, key: string, answer: Remembered): void {
  store.state.idempotency[key] = answer
  store.changed()
}
