import type { Db } from '../../common/node/db.ts'
import type { Relationship } from '../../common/wire.ts'
import type { PrivateOffer } from '../investments/ask.ts'

type Row = Omit<Relationship, 'recordedAt'> & { recordedAt: Date }
const COLUMNS = `email::text, to_char(established_on, 'YYYY-MM-DD') as "establishedOn", how, judgement, representative, recorded_at as "recordedAt"`

/** Whom the viewer's issuer knows. */
export async function listRelationships(db: Db): Promise<Relationship[]> {
  const { rows } = await db.query<Row>(`select ${COLUMNS} from app.relationship where issuer_id = app.current_issuer() order by email`)
  return rows.map(toWire)
}

/** Records a relationship; of one that is recorded only the judgement changes. */
export async function recordRelationship(db: Db, given: Omit<Relationship, 'recordedAt'>, now: Date): Promise<Relationship> {
  const { rows } = await db.query<Row>(
    `insert into app.relationship (issuer_id, email, established_on, how, judgement, representative, recorded_at)
     values (app.current_issuer(), $1, $2, $3, $4, $5, $6)
     on conflict (issuer_id, email) do update set judgement = excluded.judgement, representative = excluded.representative
     returning ${COLUMNS}`,
    [given.email, given.establishedOn, given.how, given.judgement, given.representative, now],
  )
  return toWire(rows[0]!)
}

/** What the rules look at in a private offering. */
export async function readPrivateOffer(db: Db, accountId: string, projectId: number): Promise<PrivateOffer> {
  const { rows } = await db.query<Omit<PrivateOffer, 'otherPurchases'>>(
    `select recorded_at as "recordedAt", offered_at as "offeredAt", judgement from app.private_offer($1, $2)`,
    [projectId, accountId],
  )
  const { rows: otherPurchases } = await db.query<{ at: Date }>('select at from app.other_purchases($1, $2) at order by at', [
    projectId,
    accountId,
  ])
  const { recordedAt = null, offeredAt = null, judgement = null } = rows[0] ?? {}
  return { recordedAt, offeredAt, judgement, otherPurchases }
}

function toWire(row: Row): Relationship {
  return { ...row, recordedAt: row.recordedAt.toISOString() }
}
