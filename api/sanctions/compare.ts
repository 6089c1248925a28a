import type { Entry } from './entry.ts'
import { indexNames } from './match-names.ts'

/** Who is compared with the lists. */
export interface Subject {
  kind: 'person' | 'entity'
  /** Empty when only the wallets are known. */
  name: string
  /** YYYY-MM-DD */
  birthDate: string | null
  /** ISO 3166-1 alpha-2 */
  country: string | null
  /** EVM addresses in lower case. */
  wallets: readonly string[]
}

/** What fits and what doesn't, of the list's side only. */
export interface Matched {
  name?: string
  isWeak?: boolean
  /** 'day', 'year', 'other', or 'unknown' where one side has none. */
  birth?: 'day' | 'year' | 'other' | 'unknown'
  country?: 'same' | 'other' | 'unknown'
  address?: string
  ticker?: string
  programs: string[]
}

export interface Finding<E extends Entry = Entry> {
  entry: E
  kind: 'name' | 'wallet'
  /** 0 to 1 */
  score: number
  /** Beyond reasonable doubt: freezes at once, before anybody looked. */
  isCertain: boolean
  matched: Matched
}

export interface Comparer<E extends Entry = Entry> {
  compare(subject: Subject): Finding<E>[]
}

/** From this score on somebody has to look. */
export const POSSIBLE = 0.85
/** A name alone this alike, with the very day of birth, is the same person. */
const CERTAIN_NAME = 0.98
/** What a name has to reach for the rest to be looked at: what it lacks can be made up by birth date and country at most. */
const LEAST_NAME = 0.67

const BIRTH = { day: 0.15, year: 0.1, other: -0.12, unknown: 0 }
const COUNTRY = { same: 0.03, other: -0.05, unknown: 0 }
/** What a weak alias is worth less. */
const WEAK = 0.1

/** Prepares entries for comparing many subjects with them. Pure: the same subject always gives the same findings. */
export function prepareComparison<E extends Entry>(entries: readonly E[]): Comparer<E> {
  const byKind = { person: [] as E[], entity: [] as E[] }
  const byWallet = new Map<string, { entry: E; ticker: string }[]>()
  for (const entry of entries) {
    if (entry.kind === 'person' || entry.kind === 'entity') byKind[entry.kind].push(entry)
    for (const { ticker, address } of entry.wallets) byWallet.set(address, [...(byWallet.get(address) ?? []), { entry, ticker }])
  }
  const indexes = { person: indexNames(byKind.person), entity: indexNames(byKind.entity) }
  return {
    compare(subject) {
      const byName = indexes[subject.kind].match(subject.name, LEAST_NAME).flatMap((match) => {
        const entry = byKind[subject.kind][match.entry]!
        const birth = subject.kind === 'person' ? compareBirth(subject.birthDate, entry.births) : 'unknown'
        const country = compareCountry(subject.country, entry.countries)
        const score = match.score + BIRTH[birth] + COUNTRY[country] - (match.isWeak ? WEAK : 0)
        if (score < POSSIBLE) return []
        const isCertain = match.score >= CERTAIN_NAME && birth === 'day' && !match.isWeak
        const matched = { name: match.name, isWeak: match.isWeak, birth, country, programs: entry.programs }
        return [{ entry, kind: 'name' as const, score: Math.min(score, 1), isCertain, matched }]
      })
      const byAddress = subject.wallets.flatMap((address) =>
        // One address may stand under several tickers of one entry; that is one finding.
        [...new Map((byWallet.get(address) ?? []).map((hit) => [hit.entry, hit])).values()].map(({ entry, ticker }) => ({
          entry,
          kind: 'wallet' as const,
          score: 1,
          isCertain: true,
          matched: { address, ticker, programs: entry.programs },
        })),
      )
      return [...byAddress, ...byName]
    },
  }
}

function compareBirth(birthDate: string | null, listed: readonly string[]): 'day' | 'year' | 'other' | 'unknown' {
  if (birthDate === null || listed.length === 0) return 'unknown'
  if (listed.includes(birthDate)) return 'day'
  const year = Number(birthDate.slice(0, 4))
  // Lists often know the year only, or guess it.
  return listed.some((birth) => Math.abs(Number(birth.slice(0, 4)) - year) <= (birth.length === 4 ? 1 : 0)) ? 'year' : 'other'
}

function compareCountry(country: string | null, listed: readonly string[]): 'same' | 'other' | 'unknown' {
  if (country === null || listed.length === 0) return 'unknown'
  return listed.includes(country) ? 'same' : 'other'
}
