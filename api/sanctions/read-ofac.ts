import { countryNamed } from './country-names.ts'
import type { Entry, EntryKind } from './entry.ts'
import { readDay } from './read-day.ts'
import { childrenOf, type Element, textOf } from './xml-records.ts'

const KINDS: Record<string, EntryKind> = { Individual: 'person', Entity: 'entity', Vessel: 'vessel', Aircraft: 'aircraft' }
const WALLET = /^Digital Currency Address - (.+)$/

/** An `sdnEntry` of SDN.XML (schema of 12/06/2004, updated 09/25/2023). @throws Error when number or name is missing */
export function readOfacEntry(record: Element): Entry {
  const ref = textOf(record, 'uid')
  const kind = KINDS[textOf(record, 'sdnType') ?? '']
  if (ref === undefined || kind === undefined || !textOf(record, 'lastName')) throw new Error('an sdnEntry has no uid, sdnType or lastName')
  const listed = (list: string, item: string) => childrenOf(childrenOf(record, list)[0], item)
  return {
    ref,
    kind,
    names: [
      { name: nameOf(record), isWeak: false },
      ...listed('akaList', 'aka').map((aka) => ({ name: nameOf(aka), isWeak: textOf(aka, 'category') === 'weak' })),
    ].filter(({ name }) => name !== ''),
    births: unique(listed('dateOfBirthList', 'dateOfBirthItem').map((item) => readDay(textOf(item, 'dateOfBirth')))),
    countries: unique(
      [
        ...[
          ...listed('nationalityList', 'nationality'),
          ...listed('citizenshipList', 'citizenship'),
          ...listed('addressList', 'address'),
        ].map((item) => textOf(item, 'country')),
        ...listed('placeOfBirthList', 'placeOfBirthItem').map((item) => textOf(item, 'placeOfBirth')?.split(',').at(-1)),
      ].map((name) => countryNamed(name)),
    ),
    programs: listed('programList', 'program').map(({ text }) => text.trim()),
    wallets: listed('idList', 'id').flatMap((id) => {
      const ticker = WALLET.exec(textOf(id, 'idType') ?? '')?.[1]
      const address = textOf(id, 'idNumber')
      return ticker === undefined || address === undefined ? [] : [{ ticker, address: plainAddress(address) }]
    }),
  }
}

/** The addresses of EVM chains are the same in any case; those of others are not. */
export function plainAddress(address: string): string {
  return /^0x[0-9a-f]{40}$/i.test(address) ? address.toLowerCase() : address
}

export function unique<T>(values: readonly (T | undefined)[]): T[] {
  return [...new Set(values.filter((value) => value !== undefined))]
}

function nameOf(element: Element): string {
  return [textOf(element, 'firstName'), textOf(element, 'lastName')].filter(Boolean).join(' ')
}
