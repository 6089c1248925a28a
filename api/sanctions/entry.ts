export type ListSource = 'ofac_sdn' | 'eu_consolidated' | 'un_consolidated'
export type EntryKind = 'person' | 'entity' | 'vessel' | 'aircraft'

/** Somebody or something on a sanctions list, whichever list it is. */
export interface Entry {
  /** The list's own number. */
  ref: string
  kind: EntryKind
  /** As written, in any script; a weak one is too broad to search by alone, as the list itself says. */
  names: { name: string; isWeak: boolean }[]
  /** YYYY-MM-DD, or YYYY where the list knows no more. */
  births: string[]
  /** ISO 3166-1 alpha-2 */
  countries: string[]
  programs: string[]
  /** Digital currency addresses; those of EVM chains in lower case. */
  wallets: { ticker: string; address: string }[]
}
