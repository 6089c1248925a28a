import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { LocalError } from './local-error.ts'

const Secrets = Type.Object({
  databasePassword: Type.String(),
  indexerPassword: Type.String(),
  apiPassword: Type.String(),
  workerPassword: Type.String(),
  analystPassword: Type.String(),
  keystorePassword: Type.String(),
  jwtSecret: Type.String(),
  /** 32 bytes in base64. */
  encryptionKey: Type.String(),
  stripeSecretKey: Type.String(),
  stripeWebhookSecret: Type.String(),
  onfidoApiToken: Type.String(),
  onfidoWebhookToken: Type.String(),
})
export type Secrets = Static<typeof Secrets>

/**
 * The passwords and keys of one local stack: made at random the first time, kept in a file only its owner can read.
 * @throws LocalError when the file is there but not whole
 */
export function keepSecrets(folder: string): Secrets {
  const path = join(folder, 'secrets.json')
  const found = read(path)
  if (found !== undefined) return found
  const text = () => randomBytes(24).toString('hex')
  const secrets: Secrets = {
    databasePassword: text(),
    indexerPassword: text(),
    apiPassword: text(),
    workerPassword: text(),
    analystPassword: text(),
    keystorePassword: text(),
    jwtSecret: text(),
    encryptionKey: newEncryptionKey(),
    stripeSecretKey: `sk_test_${text()}`,
    stripeWebhookSecret: `whsec_${text()}`,
    onfidoApiToken: `api_sandbox.${text()}`,
    onfidoWebhookToken: text(),
  }
  return write(path, secrets)
}

function write(path: string, secrets: Secrets): Secrets {
  writeFileSync(path, JSON.stringify(secrets, null, 2), { mode: 0o600, flush: true })
  return secrets
}

function newEncryptionKey(): string {
  return randomBytes(32).toString('base64')
}

function read(path: string): Secrets | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  try {
    const value: unknown = JSON.parse(text)
    if (Value.Check(Secrets, value)) return value
    const isOlder = Value.Check(Type.Omit(Secrets, ['encryptionKey']), value)
    if (isOlder) return write(path, { ...value, encryptionKey: newEncryptionKey() })
  } catch {
    // Reported below, like a file that lacks something.
  }
  throw new LocalError(`${path} is damaged: put a whole copy back, or run npm run reset to begin anew.`)
}
