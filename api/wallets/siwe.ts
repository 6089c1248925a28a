import type { Address } from 'viem'
import { createSiweMessage, parseSiweMessage, type SiweMessage } from 'viem/siwe'
import { AppError } from '../../common/errors.ts'

/** What a sign-in message must say to be meant for this platform. */
export interface SiweExpectation {
  publicUrl: URL
  chainId: number
  now: Date
}

export interface SiweClaim {
  address: Address
  nonce: string
}

/** How old a message may be, and how far a browser's clock may run ahead. */
const MAX_AGE_MS = 5 * 60_000
const MAX_AHEAD_MS = 60_000

/**
 * Reads an EIP-4361 message strictly. viem's own check passes when fields are missing and its parser skips what it does not
 * know; here every field must be there, in the standard's exact form, and right.
 * @throws AppError SIWE_MALFORMED, SIWE_DOMAIN, SIWE_URI, SIWE_CHAIN, SIWE_TIME
 */
export function readSiwe(message: string, expected: SiweExpectation): SiweClaim {
  const fields = parseExactly(message)
  const { publicUrl, chainId, now } = expected
  const scheme = publicUrl.protocol.slice(0, -1)
  if (fields.domain !== publicUrl.host || (fields.scheme !== undefined && fields.scheme !== scheme)) {
    throw new AppError(
      'SIWE_DOMAIN',
      `The message is for ${fields.domain}, not for ${publicUrl.host}. Do not sign messages of other sites here`,
    )
  }
  if (!URL.canParse(fields.uri) || new URL(fields.uri).origin !== publicUrl.origin)
    throw new AppError('SIWE_URI', 'The message names the address of another site')
  if (fields.chainId !== chainId)
    throw new AppError('SIWE_CHAIN', `The message is for chain ${fields.chainId}, not for ${chainId}. Switch the wallet's network`)
  assertInTime(fields, now)
  return { address: fields.address.toLowerCase() as Address, nonce: fields.nonce }
}

type Complete = SiweMessage & { issuedAt: Date; expirationTime: Date }

function parseExactly(message: string): Complete {
  const fields = parseSiweMessage(message)
  const { address, domain, uri, version, chainId, nonce, issuedAt, expirationTime } = fields
  if (!address || !domain || !uri || !version || chainId === undefined || !nonce || !issuedAt || !expirationTime) {
    throw malformed('a field is missing')
  }
  const complete = { ...fields, address, domain, uri, version, chainId, nonce, issuedAt, expirationTime }
  let again: string
  try {
    again = createSiweMessage(complete)
  } catch (cause) {
    throw malformed('a field is not as EIP-4361 says', cause)
  }
  // Written again it must be the same text: nothing hidden before, between or after the fields.
  if (again !== withExactTimes(message)) throw malformed('it has more in it than EIP-4361 allows')
  return complete
}

/** Times may be written with or without fractions of a second. */
function withExactTimes(message: string): string {
  return message.replace(/^(Issued At|Expiration Time|Not Before): (.+)$/gm, (line, name: string, time: string) => {
    const date = new Date(time)
    return Number.isNaN(date.getTime()) ? line : `${name}: ${date.toISOString()}`
  })
}

function assertInTime({ issuedAt, expirationTime, notBefore }: Complete, now: Date): void {
  const ageMs = now.getTime() - issuedAt.getTime()
  if (ageMs > MAX_AGE_MS) throw new AppError('SIWE_TIME', 'The message is older than five minutes. Start the sign-in again')
  if (ageMs < -MAX_AHEAD_MS) throw new AppError('SIWE_TIME', 'The message is dated in the future. Check the clock of your device')
  if (expirationTime <= now) throw new AppError('SIWE_TIME', 'The message has expired. Start the sign-in again')
  if (notBefore !== undefined && notBefore > now) throw new AppError('SIWE_TIME', 'The message is not valid yet')
}

function malformed(reason: string, cause?: unknown): AppError {
  return new AppError('SIWE_MALFORMED', `This is not a complete sign-in message: ${reason}`, { cause })
}
