import type { Db } from '../../common/node/db.ts'
import type { Consent, ConsentKind } from '../../common/wire-privacy.ts'

/** The text of each kind that is in force, and what the person last chose about it. To be called as the viewer. */
export async function listConsents(db: Db, accountId: string, now: Date): Promise<Consent[]> {
  const { rows } = await db.query<Omit<Consent, 'chosenAt'> & { chosenAt: Date | null }>(
    `select t.kind, t.version, t.title, t.body, c.is_given as "isGiven", c.version as "chosenVersion", c.chosen_at as "chosenAt"
     from (select distinct on (kind) * from app.legal_text where effective_from <= $2 order by kind, version desc) t
     left join lateral (
       select is_given, version, chosen_at from app.consent where account_id = $1 and kind = t.kind order by id desc limit 1
     ) c on true
     order by t.kind`,
    [accountId, now],
  )
  return rows.map((row) => ({ ...row, chosenAt: row.chosenAt?.toISOString() ?? null }))
}

/** Notes a choice about the text in force. */
export async function choose(db: Db, accountId: string, kind: ConsentKind, isGiven: boolean, now: Date): Promise<void> {
  await db.query(
    `insert into app.consent (account_id, kind, version, is_given, chosen_at)
     select $1, kind, max(version), $3, $4 from app.legal_text where kind = $2 and effective_from <= $4 group by kind`,
    [accountId, kind, isGiven, now],
  )
}
