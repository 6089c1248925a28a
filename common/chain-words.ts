import { COUNTRIES } from './countries.ts'
import { LEDGER_STATES, type LedgerState } from './ledger-states.ts'

/** How the arguments of a contract's error read in a sentence. Whatever is given, these never throw: a bad word is better than no sentence. */

/** What a project is in a state: "project 7 is …". */
const STATE_WORDS: Record<LedgerState, string> = {
  none: 'not on the chain',
  draft: 'not open yet',
  funding: 'in its sale',
  active: 'active',
  paused: 'paused',
  exit_announced: 'about to exit',
  exiting: 'exiting',
  exited: 'community-owned',
  closed: 'closed',
}

/** ITerraLuminaOwnership.Role by number. */
const ROLE_WORDS = [
  'no role',
  'minter',
  'payment attestor',
  'identity attestor',
  'treasurer',
  'registrar',
  'vault',
  'sale',
  'governor',
] as const

/** 1234567n → "1,234,567". */
export function amount(value: unknown): string {
  const whole = bigintOf(value)
  return whole === undefined ? String(value) : whole.toLocaleString('en-US')
}

export function units(value: unknown): string {
  return bigintOf(value) === 1n ? '1 unit' : `${amount(value)} units`
}

export function project(id: unknown): string {
  return `project ${String(id)}`
}

/** "Project 7", for the beginning of a sentence. */
export function theProject(id: unknown): string {
  return `Project ${String(id)}`
}

/** A day counted from 1970-01-01 → "20 November 2026". */
export function day(days: unknown): string {
  return dateOf(bigintOf(days), 86_400_000n, { dateStyle: 'long' }) ?? `day ${String(days)}`
}

/** A unix second → "20 November 2026 at 14:05 UTC". */
export function moment(seconds: unknown): string {
  const text = dateOf(bigintOf(seconds), 1_000n, { dateStyle: 'long', timeStyle: 'short' })
  return text === undefined ? `second ${String(seconds)}` : `${text} UTC`
}

/** A span of seconds → "4 days", "90 minutes". */
export function span(seconds: unknown): string {
  const count = bigintOf(seconds) ?? 0n
  for (const [size, word] of [
    [86_400n, 'day'],
    [3_600n, 'hour'],
    [60n, 'minute'],
  ] as const) {
    if (count >= size && count % size === 0n) return `${amount(count / size)} ${word}${count === size ? '' : 's'}`
  }
  return `${amount(count)} second${count === 1n ? '' : 's'}`
}

/** 0x1234…abcd: addresses and hashes. */
export function short(hex: unknown): string {
  const text = String(hex)
  return text.length > 14 ? `${text.slice(0, 6)}…${text.slice(-4)}` : text
}

export function state(number: unknown): string {
  const name = LEDGER_STATES[Number(number)]
  return name === undefined ? `in state ${String(number)}` : STATE_WORDS[name]
}

export function role(number: unknown): string {
  return ROLE_WORDS[Number(number)] ?? `role ${String(number)}`
}

/** Basis points → "2.5 %". */
export function percent(bps: unknown): string {
  return `${Number(bps) / 100} %`
}

/** ISO 3166-1 numeric code → "Germany". */
export function country(code: unknown): string {
  const known = COUNTRIES.find(({ numeric }) => numeric === Number(code))
  return (known && new Intl.DisplayNames('en', { type: 'region' }).of(known.alpha2)) ?? `country ${String(code)}`
}

function bigintOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined
}

/** Undefined for what no calendar has: 2^256 seconds. */
function dateOf(count: bigint | undefined, msEach: bigint, style: Intl.DateTimeFormatOptions): string | undefined {
  if (count === undefined || count * msEach > 8_640_000_000_000_000n) return undefined
  return new Intl.DateTimeFormat('en-GB', { ...style, timeZone: 'UTC' }).format(new Date(Number(count * msEach)))
}
