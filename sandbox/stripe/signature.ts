import { createHmac } from 'node:crypto'

/** `Stripe-Signature: t=…,v1=…[,v1=…]`: hex HMAC-SHA256 of `{t}.{body}` under the whole `whsec_…` text, once per active secret. */
export function signStripe(body: string, secrets: string[], atSeconds: number): Record<string, string> {
  const signatures = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex')}`)
  return { 'stripe-signature': [`t=${atSeconds}`, ...signatures].join(',') }
}
