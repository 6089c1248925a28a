import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import { isoCBOR } from '@simplewebauthn/server/helpers'

/** What a ceremony is bent to, where a test wants it bent. */
export interface Bend {
  origin?: string
  rpId?: string
  type?: string
  challenge?: string
  isUserVerified?: boolean
  counter?: number
}

const ES256 = -7
const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const HAS_CREDENTIAL = 0x40

/** An authenticator in software with one resident key: builds what a browser would hand on (WebAuthn Level 3, 6.1 and 6.5). */
export function newAuthenticator(origin: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(32)
  const id = credentialId.toString('base64url')
  let counter = 0
  let userHandle = ''

  return {
    id,
    create(options: PublicKeyCredentialCreationOptionsJSON, bend: Bend = {}) {
      userHandle = options.user.id
      const attested = Buffer.concat([Buffer.alloc(16), uint16(credentialId.length), credentialId, coseOf(publicKey)])
      const authData = Buffer.concat([authenticatorData(options.rp.id!, ++counter, HAS_CREDENTIAL, bend), attested])
      const attestation = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData)],
      ])
      return {
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON: clientData('webauthn.create', options.challenge, origin, bend).toString('base64url'),
          attestationObject: Buffer.from(isoCBOR.encode(attestation as never)).toString('base64url'),
          transports: ['internal'],
        },
        clientExtensionResults: {},
      }
    },
    get(options: PublicKeyCredentialRequestOptionsJSON, bend: Bend = {}) {
      const authData = authenticatorData(options.rpId!, bend.counter ?? ++counter, 0, bend)
      const data = clientData('webauthn.get', options.challenge, origin, bend)
      const signature = sign('sha256', Buffer.concat([authData, sha256(data)]), privateKey)
      return {
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON: data.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle,
        },
        clientExtensionResults: {},
      }
    },
  }
}

function authenticatorData(rpId: string, counter: number, flags: number, bend: Bend): Buffer {
  const user = USER_PRESENT | (bend.isUserVerified === false ? 0 : USER_VERIFIED)
  const count = Buffer.alloc(4)
  count.writeUInt32BE(counter)
  return Buffer.concat([sha256(Buffer.from(bend.rpId ?? rpId)), Buffer.from([flags | user]), count])
}

function clientData(type: string, challenge: string, origin: string, bend: Bend): Buffer {
  const fields = { type: bend.type ?? type, challenge: bend.challenge ?? challenge, origin: bend.origin ?? origin, crossOrigin: false }
  return Buffer.from(JSON.stringify(fields))
}

/** A P-256 key as COSE_Key (RFC 9053, 7.1.1). */
function coseOf(publicKey: KeyObject): Buffer {
  const { x, y } = publicKey.export({ format: 'jwk' })
  const bytes = (text: string | undefined) => new Uint8Array(Buffer.from(text!, 'base64url'))
  const key = new Map<number, unknown>([
    [1, 2],
    [3, ES256],
    [-1, 1],
    [-2, bytes(x)],
    [-3, bytes(y)],
  ])
  return Buffer.from(isoCBOR.encode(key as never))
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
