import { hash as hashOnce } from 'node:crypto'
import type { Hex } from 'viem'
import type { Db, Pool } from '../../common/node/db.ts'
import { inTransaction } from '../../common/node/db.ts'
import type { AuditHead } from './anchor.ts'

/** What is wrong with the audit, at the first place where something is. `seq` is that of the chain, `id` the audit row's. */
export interface Flaw {
  kind: 'altered' | 'missing' | 'unchained' | 'removed_unsealed' | 'truncated' | 'other_chain'
  seq: string | null
  id: string | null
  /** In words, for people. */
  what: string
}

export interface AuditReport {
  /** Rows of the chain whose hash was computed anew. */
  rows: number
  /** Audit rows that wait for their place in the chain. */
  unsealed: number
  head: { seq: string; hash: Hex } | null
  /** Anchors that the chain was held against. */
  anchors: number
  flaw: Flaw | null
}

/** Rows of the chain read at a time. */
const PAGE = 10_000

/**
 * Computes every hash of the chain anew, in one snapshot, and holds it against heads known from elsewhere. Stops at the first flaw. Hashes are made
 * here, from columns and by no function of the database: whoever altered rows may have altered those too.
 */
export async function verifyAudit(
  pool: Pool,
  known: readonly AuditHead[],
  tell: (done: number, total: number) => void,
): Promise<AuditReport> {
  return inTransaction(pool, async (db) => {
    await db.query('set transaction isolation level repeatable read read only')
    // Row by row along the chain: any other join begins at the first row again with each page.
    await db.query('set local enable_mergejoin = off')
    await db.query('set local enable_hashjoin = off')
    const counted = await count(db)
    const report: AuditReport = { rows: 0, unsealed: counted.unsealed, head: null, anchors: 0, flaw: null }
    const anchors = new Map(known.map(({ seq, hash }) => [Number(seq), hash]))
    let head: Buffer = Buffer.alloc(32)
    const read = readChain(db)
    let page = await read(0)
    while (page.length > 0) {
      // The next page is on its way while this one is hashed.
      const next = read(report.rows + page.length)
      for (const row of page) {
        const seq = report.rows + 1
        report.flaw = flawOf(row, seq, head, anchors.get(seq))
        if (report.flaw) {
          await next
          return report
        }
        head = row.hash
        report.rows = seq
        report.head = { seq: String(seq), hash: `0x${head.toString('hex')}` }
        if (anchors.has(seq)) report.anchors++
      }
      tell(report.rows, counted.sealed)
      page = await next
    }
    await db.query('reset enable_hashjoin')
    report.flaw = truncationOf(known, report.rows) ?? (await findUnchained(db))
    return report
  })
}

/** A place in the chain, and the row that is there: its fields in the order in which they are hashed, all null where it is missing. */
interface ChainRow {
  seq: string
  hash: Buffer
  id: string
  fields: (string | null)[]
}

function readChain(db: Db): (after: number) => Promise<ChainRow[]> {
  return async (after) => {
    const { rows } = await db.query<[string, Buffer, string, ...(string | null)[]]>({
      rowMode: 'array',
      text: `select s.seq, s.hash, s.audit_id::text, a.id::text, (extract(epoch from a.at) * 1000000)::bigint::text, a.actor, a.issuer_id::text, a.permission,
          a.decision, a.correlation, a.action, a.subject, a.data::text
        from (select * from app.audit_seal where seq > $1 order by seq limit ${PAGE}) s
        left join app.audit a on a.at = s.audit_at and a.id = s.audit_id
        order by s.seq`,
      values: [after],
    })
    return rows.map(([seq, hash, id, ...fields]) => ({ seq, hash, id, fields }))
  }
}

function flawOf({ seq, hash, id, fields }: ChainRow, place: number, before: Buffer, anchored: Hex | undefined): Flaw | null {
  if (seq !== String(place)) return { kind: 'missing', seq: String(place), id: null, what: `Place ${place} of the chain is not there` }
  if (fields[0] === null) return { kind: 'missing', seq, id, what: `Audit row ${id} at place ${seq} is not there` }
  if (!chainHash(before, seq, fields).equals(hash)) {
    const [, , actor, , , , , action, subject] = fields
    return {
      kind: 'altered',
      seq,
      id,
      what: `Audit row ${id} at place ${seq} is not what was sealed: "${action}" of ${subject} by ${actor}`,
    }
  }
  if (anchored !== undefined && anchored !== `0x${hash.toString('hex')}`)
    return {
      kind: 'other_chain',
      seq,
      id,
      what: `Up to place ${seq} this is another chain than the one that was anchored: it was written anew`,
    }
  return null
}

/** Length in four bytes and UTF-8 of each field, all ones for null; see docs/adr/0017-audit.md. */
export function chainHash(before: Buffer, seq: string, fields: readonly (string | null)[]): Buffer {
  const parts: Buffer[] = [before]
  for (const field of [seq, ...fields]) {
    const length = Buffer.allocUnsafe(4)
    length.writeUInt32BE(field === null ? 0xffffffff : Buffer.byteLength(field))
    parts.push(length)
    if (field !== null) parts.push(Buffer.from(field))
  }
  return hashOnce('sha256', Buffer.concat(parts), 'buffer')
}

function truncationOf(known: readonly AuditHead[], rows: number): Flaw | null {
  const newest = Math.max(0, ...known.map(({ seq }) => Number(seq)))
  if (newest <= rows) return null
  return {
    kind: 'truncated',
    seq: String(rows + 1),
    id: null,
    what: `The chain ends at place ${rows}, and was anchored at place ${newest}`,
  }
}

/** Rows that came into the audit past the program, and rows taken out before they were sealed. */
async function findUnchained(db: Db): Promise<Flaw | null> {
  const { rows } = await db.query<{ id: string; isThere: boolean }>(
    `select coalesce(a.id, u.audit_id) as id, a.id is not null as "isThere"
     from (
       select id, at from app.audit
       except
       select audit_id, audit_at from app.audit_seal
     ) a
     full join app.audit_unsealed u on u.audit_id = a.id and u.audit_at = a.at
     where a.id is null or u.audit_id is null
     order by 1
     limit 1`,
  )
  const row = rows[0]
  if (!row) return null
  return row.isThere
    ? {
        kind: 'unchained',
        seq: null,
        id: row.id,
        what: `Audit row ${row.id} is in no chain and waits for none: it was put in past the program`,
      }
    : { kind: 'removed_unsealed', seq: null, id: row.id, what: `Audit row ${row.id} was taken out before it was sealed` }
}

async function count(db: Db): Promise<{ sealed: number; unsealed: number }> {
  const { rows } = await db.query<{ sealed: number; unsealed: number }>(
    'select (select coalesce(max(seq), 0)::int from app.audit_seal) as sealed, (select count(*)::int from app.audit_unsealed) as unsealed',
  )
  return rows[0]!
}
