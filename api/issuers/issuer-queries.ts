import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import type { Issuer, IssuerSettings } from '../../common/wire-issuer.ts'

/** The viewer's issuer. To be called as a viewer who is its member. */
export async function findIssuer(db: Db, accountId: string, now: Date): Promise<Issuer> {
  const { rows } = await db.query<Omit<Issuer, 'fees'>>(
    `select i.id, i.name, i.country, i.website,
       (select role from app.issuer_member where account_id = $1) as "myRole",
       (select json_build_object('tagline', tagline, 'accent', accent, 'supportEmail', support_email, 'version', version)
        from app.issuer_settings s where s.issuer_id = i.id) as settings,
       (select json_build_object('feeBps', fee_bps, 'modules', modules) from app.issuer_terms t
        where t.issuer_id = i.id and t.effective_from <= $2
        order by t.effective_from desc
        limit 1) as terms
     from app.issuer i
     where i.id = app.current_issuer()`,
    [accountId, now],
  )
  return { ...rows[0]!, fees: await listFees(db) }
}

/** Of each settled order the fee by the terms of its day, rounded down. */
async function listFees(db: Db): Promise<Issuer['fees']> {
  const { rows } = await db.query<Issuer['fees'][number]>(
    `select i.currency, sum(i.amount_cents)::text as "settledCents", sum(i.amount_cents * t.fee_bps / 10000)::text as "feeCents"
     from app.investment i
     cross join lateral (
       select fee_bps from app.issuer_terms t
       where t.issuer_id = i.issuer_id and t.effective_from <= i.created_at
       order by t.effective_from desc
       limit 1
     ) t
     where i.issuer_id = app.current_issuer() and i.state = 'settled'
     group by i.currency
     order by i.currency`,
  )
  return rows
}

/** Changes how the viewer's issuer shows itself, unless somebody else did since `version`. @throws AppError SETTINGS_CHANGED */
export async function changeSettings(db: Db, given: IssuerSettings, now: Date): Promise<void> {
  const { rowCount } = await db.query(
    `update app.issuer_settings
     set tagline = $2, accent = $3, support_email = $4, version = version + 1, updated_at = $5
     where issuer_id = app.current_issuer() and version = $1`,
    [given.version, given.tagline, given.accent, given.supportEmail, now],
  )
  if (rowCount === 0) throw new AppError('SETTINGS_CHANGED', 'Somebody else changed the settings meanwhile. Look at them again, then save')
}
