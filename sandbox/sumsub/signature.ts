import { createHmac } from 'node:crypto'

/** `X-Payload-Digest`: hex HMAC-SHA256 of the raw body under the webhook's secret; `X-Payload-Digest-Alg` names the algorithm. */
export function signSumsub(body: string, secrets: string[]): Record<string, string> {
  return { 'x-payload-digest': createHmac('sha256', secrets.at(-1)!).update(body).digest('hex'), 'x-payload-digest-alg': 'HMAC_SHA256_HEX' }
}

/** The signature of a request: hex HMAC-SHA256 of time, method, path with query, and body. */
export function requestSignature(secretKey: string, ts: string, method: string, path: string, body: string): string {
  return createHmac('sha256', secretKey)
    .update(ts + method + path + body)
    .digest('hex')
}
