import { randomUUID } from 'node:crypto'
import type { Delivery, Store, Vendor } from './state.ts'

/** How deliveries misbehave until the next setting. Everything at its default is a well-behaved vendor. */
export interface Misbehaviour {
  /** Copies sent besides the first. */
  duplicate: number
  /** Holds events until so many are waiting, then sends them newest first. */
  reorder: number
  /** Waits so long before the first attempt. */
  delaySeconds: number
  /** Added to the signed timestamp: negative is stale, positive comes from the future. Onfido signs no timestamp, Sumsub the one in the body. */
  skewSeconds: number
  /** Signs with this secret too, as Stripe does while a secret is being rolled. */
  rotatedSecret: string | null
  /** Signs with this secret only. */
  forgedSecret: string | null
  /** The next so many events are never sent. */
  drop: number
}

export const WELL_BEHAVED: Misbehaviour = {
  duplicate: 0,
  reorder: 0,
  delaySeconds: 0,
  skewSeconds: 0,
  rotatedSecret: null,
  forgedSecret: null,
  drop: 0,
}

export interface Endpoint {
  url: string | undefined
  secret: string
  /** The signature header for a body, for one or more secrets. */
  sign(body: string, secrets: string[], atSeconds: number): Record<string, string>
}

export interface Deliverer {
  send(vendor: Vendor, eventId: string, type: string, body: string): void
  misbehave(vendor: Vendor, how: Misbehaviour): void
  misbehaviour(vendor: Vendor): Misbehaviour
  /** Sends what is due, in order. Called by a timer and whenever something was added. */
  run(): Promise<void>
}

const USER_AGENTS: Record<Vendor, string> = {
  stripe: 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
  onfido: 'Onfido',
  sumsub: 'Sumsub',
}
/** Three days, as Stripe does in live mode. */
const GIVE_UP_AFTER_ATTEMPTS = 4_400
const LONGEST_WAIT_MS = 60_000
const ANSWER_WITHIN_MS = 10_000
const KEPT_DELIVERIES = 2_000

/** Posts webhooks in the order they were made; one that is not answered with 2xx is tried again, ever later, without holding up the others. */
export function openDeliverer(store: Store, endpoints: Record<Vendor, Endpoint>, now: () => number): Deliverer {
  const how: Record<Vendor, Misbehaviour> = { stripe: WELL_BEHAVED, onfido: WELL_BEHAVED, sumsub: WELL_BEHAVED }
  let running: Promise<void> | undefined
  let again = false

  function due(): Delivery[] {
    const waiting = store.state.deliveries.filter((delivery) => delivery.state === 'waiting' && delivery.nextAt <= now())
    return (['stripe', 'onfido', 'sumsub'] as const).flatMap((vendor) => {
      const own = waiting.filter((delivery) => delivery.vendor === vendor)
      const { reorder } = how[vendor]
      if (reorder < 2) return own
      const fresh = own.filter((delivery) => delivery.attempts === 0)
      const tried = own.filter((delivery) => delivery.attempts > 0)
      return fresh.length < reorder ? tried : [...tried, ...fresh.reverse()]
    })
  }

  async function attempt(delivery: Delivery) {
    const endpoint = endpoints[delivery.vendor]
    const { forgedSecret, rotatedSecret, skewSeconds } = how[delivery.vendor]
    const secrets = forgedSecret === null ? [...(rotatedSecret === null ? [] : [rotatedSecret]), endpoint.secret] : [forgedSecret]
    delivery.attempts++
    let ok = false
    try {
      const response = await fetch(endpoint.url!, {
        method: 'POST',
        body: delivery.body,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': USER_AGENTS[delivery.vendor],
          ...endpoint.sign(delivery.body, secrets, Math.floor(now() / 1000) + skewSeconds),
        },
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      ok = response.ok
      delivery.lastAnswer = `${response.status} ${(await response.text()).slice(0, 500)}`
    } catch (error) {
      delivery.lastAnswer =
        error instanceof Error ? `${error.message}${error.cause instanceof Error ? `: ${error.cause.message}` : ''}` : String(error)
    }
    if (ok) delivery.state = 'delivered'
    else if (delivery.attempts >= GIVE_UP_AFTER_ATTEMPTS) delivery.state = 'given_up'
    else delivery.nextAt = now() + Math.min(250 * 2 ** (delivery.attempts - 1), LONGEST_WAIT_MS)
    store.changed()
  }

  async function loop() {
    do {
      again = false
      for (const delivery of due()) await attempt(delivery)
    } while (again)
  }

  return {
    send(vendor, eventId, type, body) {
      if (endpoints[vendor].url === undefined) return
      const { drop, duplicate, delaySeconds } = how[vendor]
      const isDropped = drop > 0
      if (isDropped) how[vendor] = { ...how[vendor], drop: drop - 1 }
      for (let copy = 0; copy <= (isDropped ? 0 : duplicate); copy++) {
        store.state.deliveries.push({
          id: randomUUID(),
          vendor,
          eventId,
          type,
          body,
          attempts: 0,
          nextAt: now() + delaySeconds * 1000,
          state: isDropped ? 'dropped' : 'waiting',
          lastAnswer: null,
        })
      }
      forgetOldest(store)
      store.changed()
      void this.run()
    },
    misbehave(vendor, next) {
      how[vendor] = next
      void this.run()
    },
    misbehaviour: (vendor) => how[vendor],
    run() {
      again = true
      running ??= loop().finally(() => {
        running = undefined
      })
      return running
    },
  }
}

function forgetOldest(store: Store) {
  const { deliveries } = store.state
  let excess = deliveries.length - KEPT_DELIVERIES
  if (excess > 0) store.state.deliveries = deliveries.filter((delivery) => delivery.state === 'waiting' || excess-- <= 0)
}
