import { createHmac } from 'node:crypto'

/** `X-SHA2-Signature`: hex HMAC-SHA256 of the raw body. Onfido signs no timestamp and uses one token per webhook. */
export function signOnfido(body: string, secrets: string[]): Record<string, string> {
  return { 'x-sha2-signature': createHmac('sha256', secrets[0]!).update(body).digest('hex') }
}
