import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const ID_BYTES = 4
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Reads keys of 32 bytes in base64, separated by commas: the first seals, all of them open. @throws Error that shows no key */
export function readSealKeys(text: string): Buffer[] {
  const keys = text.split(',').map((part) => Buffer.from(part.trim(), 'base64'))
  if (keys.some((key) => key.length !== KEY_BYTES)) throw new Error(`Each encryption key must be ${KEY_BYTES} bytes in base64`)
  return keys
}

/**
 * Encrypts by AES-256-GCM under the first key: id of the key, nonce, tag, ciphertext. `context` says where the secret belongs; it is
 * authenticated, so that a sealed secret moved to another row doesn't open.
 */
export function seal(keys: readonly Buffer[], secret: Uint8Array, context: string): Buffer {
  const key = keys[0]!
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context))
  const body = Buffer.concat([cipher.update(secret), cipher.final()])
  return Buffer.concat([idOf(key), nonce, cipher.getAuthTag(), body])
}

/** Decrypts what `seal` made. @throws Error when no key fits, the context is another, or a bit was changed */
export function unseal(keys: readonly Buffer[], sealed: Buffer, context: string): Buffer {
  const key = keys.find((one) => idOf(one).equals(sealed.subarray(0, ID_BYTES)))
  if (!key) throw new Error('No key opens this sealed secret')
  const nonce = sealed.subarray(ID_BYTES, ID_BYTES + NONCE_BYTES)
  const body = ID_BYTES + NONCE_BYTES + TAG_BYTES
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(ID_BYTES + NONCE_BYTES, body))
  return Buffer.concat([decipher.update(sealed.subarray(body)), decipher.final()])
}

/** Tells keys apart without telling anything of them. */
function idOf(key: Buffer): Buffer {
  return createHash('sha256').update('terra-lumina seal').update(key).digest().subarray(0, ID_BYTES)
}
