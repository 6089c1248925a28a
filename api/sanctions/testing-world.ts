import type { Entry } from './entry.ts'

export interface Person {
  firstName: string
  lastName: string
  birthDate: string
  country: string
}

export interface SanctionsWorld {
  entries: Entry[]
  people: Person[]
  /** People who are on the list under another spelling: place among the people → number of the entry. */
  planted: Map<number, string>
}

const STARTS = ['', 'b', 'd', 'f', 'g', 'h', 'j', 'k', 'kh', 'l', 'm', 'n', 'p', 'r', 's', 'sh', 't', 'v', 'y', 'z', 'br', 'dr', 'st', 'gr']
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'a', 'a', 'i', 'ou', 'ei']
const ENDS = ['', '', 'n', 'r', 'd', 'm', 's', 'v', 'k', 'l', 'nov', 'dze', 'yan', 'ez', 'sen', 'ski']
const COUNTRIES = ['RU', 'IR', 'SY', 'KP', 'CN', 'MX', 'CO', 'VE', 'BY', 'IQ', 'LB', 'AF', 'PK', 'DE', 'FR', 'US', 'GB', 'TR', 'AE', 'UA']

/** People and a list of one seed: first names of few, last names of many, as in life; one person in 500 is on the list, spelled otherwise. */
export function makeSanctionsWorld(seed: number, sizes: { people: number; entries: number }): SanctionsWorld {
  const random = randomOf(seed)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!
  const syllable = () => pick(STARTS) + pick(VOWELS)
  const word = () => `${syllable()}${syllable()}${random() < 0.4 ? syllable() : ''}${pick(ENDS)}`
  const firsts = Array.from({ length: 1_200 }, word)
  const lasts = Array.from({ length: 25_000 }, word)
  // The hundredth name is borne by far fewer than the first.
  const common = (values: readonly string[]) => values[Math.floor(values.length * random() ** 3)]!
  const day = () =>
    new Date(Date.UTC(1940 + Math.floor(random() * 65), Math.floor(random() * 12), 1 + Math.floor(random() * 28)))
      .toISOString()
      .slice(0, 10)

  const entries: Entry[] = Array.from({ length: sizes.entries }, (_, at) => {
    const [first, last, birth] = [common(firsts), common(lasts), day()]
    const aliases = Array.from({ length: Math.floor(random() * 3) }, () => ({
      name: `${misspell(first)} ${common(lasts)}`,
      isWeak: random() < 0.2,
    }))
    return {
      ref: String(at),
      kind: random() < 0.7 ? 'person' : 'entity',
      names: [{ name: random() < 0.3 ? `${first} ${common(firsts)} ${last}` : `${first} ${last}`, isWeak: false }, ...aliases],
      births: random() < 0.7 ? [random() < 0.7 ? birth : birth.slice(0, 4)] : [],
      countries: [pick(COUNTRIES)],
      programs: ['TEST'],
      wallets: [],
    }
  })
  const persons = entries.filter(({ kind }) => kind === 'person')
  const planted = new Map<number, string>()
  const people = Array.from({ length: sizes.people }, (_, at): Person => {
    if (at % 500 !== 250) return { firstName: common(firsts), lastName: common(lasts), birthDate: day(), country: pick(COUNTRIES) }
    const entry = pick(persons)
    planted.set(at, entry.ref)
    const words = entry.names[0]!.name.split(' ').map(misspell)
    const birth = entry.births[0] ?? day()
    const birthDate = birth.length === 4 ? `${birth}-06-15` : birth
    const [lastName = '', ...others] = random() < 0.5 ? words : words.reverse()
    return { firstName: others.join(' '), lastName, birthDate, country: entry.countries[0]! }
  })
  return { entries, people, planted }

  /** As another clerk would write it: vowels, doubled letters, one sound. */
  function misspell(name: string): string {
    const kind = random()
    if (kind < 0.4) return name
    if (kind < 0.6) return name.replace(/[aeiou]/, pick(['a', 'e', 'i', 'o', 'u']))
    if (kind < 0.75) return name.replace(/([bdfgklmnprst])/, '$1$1')
    if (kind < 0.85) return name.replace('kh', 'h').replace('k', 'c').replace('sh', 'sch')
    const at = Math.floor(random() * name.length)
    return name.slice(0, at) + name.slice(at + 1)
  }
}

/** Mulberry32: the same numbers for the same seed, everywhere. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
