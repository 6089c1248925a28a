import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** 32 random bytes for a secret that one side keeps only as a hash. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What the database keeps of a token. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** A key for one purpose, derived from the platform's secret. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `terra-lumina ${purpose}`, 32))
}

/** A keyed digest; nobody without the key can make it. */
export function sign(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
