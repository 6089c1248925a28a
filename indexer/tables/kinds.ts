/** What Postgres gets a column as; `seconds` is a unix time that becomes a timestamptz, `?` may be null. */
type Plain = 'int' | 'bigint' | 'text' | 'numeric' | 'seconds' | 'boolean'
export type Kind = Plain | `${Plain}?`

/** Tables by name, and of each the columns it has besides its place on the chain. */
export type TableKinds = Record<string, Record<string, Kind>>
