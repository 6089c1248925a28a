import type { Db } from '../../common/node/db.ts'
import { type Comparer, prepareComparison } from './compare.ts'
import type { Entry, ListSource } from './entry.ts'

/** An entry with the list it is on. */
export interface ListedEntry extends Entry {
  listId: string
  source: ListSource
}

export interface ListsInForce {
  /** Names this set of versions. */
  digest: Buffer
  comparer: Comparer<ListedEntry>
}

/** Answers with the lists in force, prepared for comparing; prepares anew only when they changed. */
export function keepLists(): (db: Db) => Promise<ListsInForce> {
  let kept: ListsInForce | undefined
  return async (db) => {
    const { rows } = await db.query<{ digest: Buffer }>('select app.sanctions_digest() as digest')
    const { digest } = rows[0]!
    if (!kept?.digest.equals(digest)) kept = { digest, comparer: prepareComparison(await listEntries(db)) }
    return kept
  }
}

async function listEntries(db: Db): Promise<ListedEntry[]> {
  const { rows } = await db.query<ListedEntry>(
    `select e.list_id as "listId", l.source, e.ref, e.kind, e.names, e.births, e.countries, e.programs, e.wallets
     from app.sanctions_entry e
     join app.sanctions_current l on l.id = e.list_id`,
  )
  return rows
}
