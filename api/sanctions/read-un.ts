import { countryNamed } from './country-names.ts'
import type { Entry } from './entry.ts'
import { readDay } from './read-day.ts'
import { unique } from './read-ofac.ts'
import { childrenOf, type Element, textOf } from './xml-records.ts'

const NAME_PARTS = ['FIRST_NAME', 'SECOND_NAME', 'THIRD_NAME', 'FOURTH_NAME']

/** An `INDIVIDUAL` or `ENTITY` of the UN Security Council's consolidated list. @throws Error when number or name is missing */
export function readUnEntry(record: Element): Entry {
  const isPerson = record.name === 'INDIVIDUAL'
  const ref = textOf(record, 'DATAID')
  const full = NAME_PARTS.map((part) => textOf(record, part))
    .filter(Boolean)
    .join(' ')
  if (ref === undefined || full === '') throw new Error(`an ${record.name} has no DATAID or no name`)
  const original = textOf(record, 'NAME_ORIGINAL_SCRIPT')
  const births = childrenOf(record, 'INDIVIDUAL_DATE_OF_BIRTH')
  const countriesIn = (element: Element) => [textOf(element, 'COUNTRY'), ...childrenOf(element, 'VALUE').map(({ text }) => text)]
  return {
    ref,
    kind: isPerson ? 'person' : 'entity',
    names: [
      { name: full, isWeak: false },
      ...(original === undefined ? [] : [{ name: original, isWeak: false }]),
      ...childrenOf(record, isPerson ? 'INDIVIDUAL_ALIAS' : 'ENTITY_ALIAS').flatMap((alias) => {
        const name = textOf(alias, 'ALIAS_NAME')
        return name === undefined ? [] : [{ name, isWeak: textOf(alias, 'QUALITY') === 'Low' }]
      }),
    ],
    births: unique(births.map((birth) => readDay(textOf(birth, 'DATE') ?? textOf(birth, 'YEAR') ?? textOf(birth, 'FROM_YEAR')))),
    countries: unique(
      ['NATIONALITY', 'INDIVIDUAL_ADDRESS', 'ENTITY_ADDRESS', 'INDIVIDUAL_PLACE_OF_BIRTH']
        .flatMap((name) => childrenOf(record, name).flatMap(countriesIn))
        .map((name) => countryNamed(name)),
    ),
    programs: unique([textOf(record, 'UN_LIST_TYPE')]),
    wallets: [],
  }
}
