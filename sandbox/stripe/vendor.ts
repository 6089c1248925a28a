import type Stripe from 'stripe'
import type { Deliverer } from '../deliver.ts'
import type { Store } from '../state.ts'
import { missing } from './errors.ts'
import { randomId } from './ids.ts'

/** What every Stripe handler works on. */
export interface StripeVendor {
  store: Store
  deliverer: Deliverer
  now: () => Date
  /** Address of the sandbox as a browser sees it. */
  baseUrl(): string
}

/** The API version the installed SDK is pinned to; events are rendered in it. */
export const API_VERSION = '2026-10-28.endive'

const KEPT_EVENTS = 5_000

export function secondsOf(now: Date): number {
  return Math.floor(now.getTime() / 1000)
}

/** Records an event with a snapshot of its object and sends it. */
export function emitEvent(vendor: StripeVendor, type: Stripe.Event['type'], object: object, idempotencyKey: string | null = null): void {
  const event = {
    id: randomId('evt_1'),
    object: 'event',
    api_version: API_VERSION,
    created: secondsOf(vendor.now()),
    data: { object: structuredClone(object) },
    livemode: false,
    pending_webhooks: 1,
    request: { id: idempotencyKey === null ? null : randomId('req_', 14), idempotency_key: idempotencyKey },
    type,
  } as unknown as Stripe.Event
  const { events } = vendor.store.state
  events[event.id] = event
  const ids = Object.keys(events)
  if (ids.length > KEPT_EVENTS) delete events[ids[0]!]
  vendor.store.changed()
  vendor.deliverer.send('stripe', event.id, type, JSON.stringify(event, null, 2))
}

/** @throws StripeProblem 404 resource_missing */
export function find<T>(table: Record<string, T>, object: string, id: string): T {
  const found = Object.hasOwn(table, id) ? table[id] : undefined
  if (found === undefined) throw missing(object, id)
  return found
}
