import type { Columns, Table } from '../tables.ts'

/** A row without its place: what an event says. */
export type Fact = { [T in Table]: { table: T; columns: Columns<T> } }[Table]

export function fact<T extends Table>(table: T, columns: Columns<T>): Fact {
  return { table, columns } as Fact
}
