import type { Entry } from './entry.ts'
import { readDay } from './read-day.ts'
import { unique } from './read-ofac.ts'
import { childrenOf, type Element } from './xml-records.ts'

/** A `sanctionEntity` of the EU's consolidated list of financial sanctions (xmlFullSanctionsList 1.1). @throws Error when number or name is missing */
export function readEuEntry(record: Element): Entry {
  const ref = record.attributes.logicalId
  const names = childrenOf(record, 'nameAlias')
    .map(({ attributes: { wholeName = '', strong } }) => ({ name: wholeName.trim(), isWeak: strong === 'false' }))
    .filter(({ name }) => name !== '')
  if (!ref || names.length === 0) throw new Error('a sanctionEntity has no logicalId or no nameAlias')
  const births = childrenOf(record, 'birthdate')
  return {
    ref,
    kind: childrenOf(record, 'subjectType')[0]?.attributes.code === 'person' ? 'person' : 'entity',
    names,
    births: unique(
      births.map(({ attributes: { birthdate, year } }) => readDay(birthdate) ?? (Number(year) > 0 ? readDay(year) : undefined)),
    ),
    countries: unique(
      [...births, ...childrenOf(record, 'citizenship'), ...childrenOf(record, 'address')].map(({ attributes: { countryIso2Code } }) =>
        // "00" is unknown.
        countryIso2Code !== undefined && /^[A-Z]{2}$/.test(countryIso2Code) ? countryIso2Code : undefined,
      ),
    ),
    programs: unique(childrenOf(record, 'regulation').map(({ attributes: { programme } }) => programme)),
    wallets: [],
  }
}
