import { COUNTRIES } from '../../common/countries.ts'

/** Names that lists write otherwise than the Unicode CLDR does. */
const OTHERS: Record<string, string> = {
  burma: 'MM',
  'korea, north': 'KP',
  'north korea': 'KP',
  "democratic people's republic of korea": 'KP',
  'korea, south': 'KR',
  'congo, democratic republic of the': 'CD',
  'democratic republic of the congo': 'CD',
  'russian federation': 'RU',
  'syrian arab republic': 'SY',
  'iran (islamic republic of)': 'IR',
  'iran, islamic republic of': 'IR',
  'united republic of tanzania': 'TZ',
  palestinian: 'PS',
  'state of palestine': 'PS',
  turkey: 'TR',
  'west bank': 'PS',
  'region: gaza': 'PS',
  "cote d'ivoire": 'CI',
  'bosnia and herzegovina': 'BA',
  'republic of moldova': 'MD',
  'viet nam': 'VN',
  "lao people's democratic republic": 'LA',
  'trinidad and tobago': 'TT',
  'united kingdom of great britain and northern ireland': 'GB',
  'united states of america': 'US',
}
const english = new Intl.DisplayNames('en', { type: 'region' })
const byName = new Map([...COUNTRIES.map(({ alpha2 }) => [english.of(alpha2)!.toLowerCase(), alpha2] as const), ...Object.entries(OTHERS)])

/** The alpha-2 code of a country by its English name, or undefined when the name isn't known. */
export function countryNamed(name: string | undefined): string | undefined {
  return name === undefined ? undefined : byName.get(name.trim().toLowerCase())
}
