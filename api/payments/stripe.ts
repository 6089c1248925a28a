import Stripe from 'stripe'
import { type Breaker, guardFetch } from '../../common/node/breaker.ts'

/** The API version this code was written against; Stripe renders objects in it. */
const API_VERSION = '2026-10-28.endive'
const TIMEOUT_MS = 10_000

/** Opens Stripe's own SDK at `apiUrl`, e.g. https://api.stripe.com. It retries under the same idempotency key, each time by the guard. */
export function openStripe(apiUrl: string, secretKey: string, guard?: Breaker): Stripe {
  const { hostname, port, protocol } = new URL(apiUrl)
  return new Stripe(secretKey, {
    apiVersion: API_VERSION,
    host: hostname,
    protocol: protocol === 'http:' ? 'http' : 'https',
    ...(port !== '' && { port: Number(port) }),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 2,
    telemetry: false,
    ...(guard && { httpClient: Stripe.createFetchHttpClient(guardFetch(guard)) }),
  })
}

/** Whether a secret key belongs to live mode, where money moves. */
export function isLiveKey(secretKey: string): boolean {
  return /^(sk|rk)_live_/.test(secretKey)
}
