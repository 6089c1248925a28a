import { createReadStream } from 'node:fs'
import { AppError } from '../../common/errors.ts'
import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import { announce } from '../outbox/job.ts'
import type { ListSource } from './entry.ts'
import { type ReadList, readList } from './read-list.ts'

export interface LoadedList {
  source: ListSource
  publishedOn: string
  /** Hexadecimal. */
  sha256: string
  entries: number
  /** False for a file that was loaded before. */
  isNew: boolean
  /** False for one that was published before the one in force: it is kept, and changes nothing. */
  isInForce: boolean
}

/** A list that is less than this part of the one before is taken for a broken download. */
const LEAST_PART = 0.8
const ROWS_AT_ONCE = 2_000

/**
 * Reads a list as it is published and puts it in force beside the earlier versions, which stay; all or nothing. The same file again
 * changes nothing. `mayShrink` lets a list through that is much shorter than the one before.
 * @throws AppError LIST_REFUSED with what is wrong with the file; the list in force stays
 */
export async function loadList(
  deps: { pool: Pool; clock: () => Date },
  file: string,
  { mayShrink = false }: { mayShrink?: boolean } = {},
): Promise<LoadedList> {
  const list = await readList(createReadStream(file)).catch((cause: Error) => {
    throw new AppError('LIST_REFUSED', `The file was not loaded: ${cause.message}. The list in force stays`, { cause })
  })
  return inTransaction(deps.pool, async (db) => {
    await db.query(`select pg_advisory_xact_lock(hashtextextended('sanctions ' || $1, 0))`, [list.source])
    const before = await findInForce(db, list.source)
    const told = { source: list.source, publishedOn: list.publishedOn, sha256: list.sha256.toString('hex'), entries: list.entries.length }
    const { rowCount } = await db.query('select from app.sanctions_list where source = $1 and sha256 = $2', [list.source, list.sha256])
    if (rowCount !== 0) return { ...told, isNew: false, isInForce: before?.sha256.equals(list.sha256) ?? false }
    if (before && !mayShrink && list.entries.length < before.entries * LEAST_PART)
      throw new AppError(
        'LIST_REFUSED',
        `The file was not loaded: it has ${list.entries.length} entries, the list in force ${before.entries}. The list in force stays`,
      )
    await insertList(db, list, deps.clock())
    await announce(db, 'sanctions.rescreen', {})
    return { ...told, isNew: true, isInForce: before === undefined || list.publishedOn >= before.publishedOn }
  })
}

async function findInForce(db: Db, source: ListSource): Promise<{ sha256: Buffer; entries: number; publishedOn: string } | undefined> {
  const { rows } = await db.query<{ sha256: Buffer; entries: number; publishedOn: string }>(
    `select sha256, entries, published_on::text as "publishedOn" from app.sanctions_current where source = $1`,
    [source],
  )
  return rows[0]
}

async function insertList(db: Db, list: ReadList, now: Date): Promise<void> {
  const { rows } = await db.query<{ id: string }>(
    `insert into app.sanctions_list (source, published_on, sha256, entries, loaded_at) values ($1, $2, $3, $4, $5) returning id`,
    [list.source, list.publishedOn, list.sha256, list.entries.length, now],
  )
  for (let at = 0; at < list.entries.length; at += ROWS_AT_ONCE) {
    await db.query(
      `insert into app.sanctions_entry (list_id, ref, kind, names, births, countries, programs, wallets)
       select $1, e.ref, e.kind, e.names, e.births, e.countries, e.programs, e.wallets
       from jsonb_to_recordset($2::jsonb) as e
         (ref text, kind text, names jsonb, births text[], countries text[], programs text[], wallets jsonb)`,
      [rows[0]!.id, JSON.stringify(list.entries.slice(at, at + ROWS_AT_ONCE))],
    )
  }
}
