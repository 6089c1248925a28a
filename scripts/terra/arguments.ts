import { InvalidArgumentError } from 'commander'
import { type Address, getAddress, isAddress } from 'viem'
import { CliError } from './cli-error.ts'

/** A project's number: 1 to 2^24 - 1, the width of an id on chain. */
export function parseProjectId(text: string): number {
  const value = /^[1-9]\d{0,7}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > 16_777_215) throw new InvalidArgumentError('A project id is a whole number from 1 to 16777215.')
  return value
}

/** A whole number from 1 to `max`. */
export function parseCount(max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : 0
    if (value < 1 || value > max) throw new InvalidArgumentError(`Give a whole number from 1 to ${max}.`)
    return value
  }
}

/** A block number. */
export function parseBlock(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('A block is a whole number.')
  return BigInt(text)
}

/** A length of time: "90", "90s", "15m", "48h" or "30d", in seconds. */
export function parseSeconds(text: string): number {
  const match = /^(\d{1,8})([smhd]?)$/.exec(text)
  if (!match) throw new InvalidArgumentError('Give seconds, or a number with s, m, h or d: 90s, 15m, 48h, 30d.')
  return Number(match[1]) * { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 }[match[2] as '' | 's' | 'm' | 'h' | 'd']
}

/** A checksummed address; mixed case with a wrong checksum is refused, because it is most likely mistyped. */
export function parseAddress(text: string): Address {
  const isPlain = /^0x([0-9a-f]{40}|[0-9A-F]{40})$/.test(text)
  if (!isAddress(text, { strict: !isPlain }))
    throw new InvalidArgumentError('Give a 0x address of 40 hex digits; check its upper and lower case.')
  return getAddress(text)
}

/**
 * Refuses a command line that carries what looks like a private key: it would stay in the shell's history and show in `ps`.
 * The value is never repeated.
 * @throws CliError SECRET_IN_ARGS
 */
export function refuseSecrets(argv: string[]): void {
  const index = argv.findIndex((arg) => /(^|[^0-9a-fA-F])[0-9a-fA-F]{64}($|[^0-9a-fA-F])/.test(arg) || arg.trim().split(/\s+/).length >= 12)
  if (index === -1) return
  throw new CliError('SECRET_IN_ARGS', `Argument ${index + 1} looks like a private key or a recovery phrase; it was not used`, {
    hint: 'Treat that key as leaked. Put a new one in an encrypted file and name it by --keystore; its password goes in KEYSTORE_PASSWORD or is asked for.',
  })
}
