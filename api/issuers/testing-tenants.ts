import type { Pool } from '../../common/node/db.ts'

/** Stands in every text of a tenant's rows that is not shown to others. */
export const SECRET = 'KEEP-TO-YOURSELF'

/** A tenant with a row in every table that issuers own, nothing of it listed. */
export interface Tenant {
  issuerId: string
  /** Acts for the issuer. */
  accountId: string
  /** Has an order in the issuer's project. */
  investorId: string
  projectId: number
}

/** How a row of each table looks; $1 issuer, $2 project, $3 member, $4 investor, $5 a text. A new table of issuers fails the tests until it is here. */
export const ROWS: Record<string, string> = {
  document: `insert into app.document (project_id, issuer_id, kind, title, file_name, media_type, bytes, cid, sha256, created_at)
    select $2::int, $1::uuid, 'legal', $5, $5, 'application/pdf', 1, $5, '0x' || repeat('ab', 32), now() where $3::uuid is not null and $4::uuid is not null`,
  project_update: `insert into app.project_update (project_id, issuer_id, kind, title, content, published_at)
    select $2::int, $1::uuid, 'progress', $5, $5, now() where $3::uuid is not null and $4::uuid is not null`,
  investment: `insert into app.investment (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents,
      currency, state, reserved_until, created_at, updated_at)
    select gen_random_uuid(), '0x' || md5($5) || md5($5), $4::uuid, $2::int, $1::uuid, '0x' || repeat('a1', 20), 1, 1000, 1000, 'USD', 'awaiting_payment',
      now(), now(), now() where $3::uuid is not null`,
  relationship: `insert into app.relationship (issuer_id, email, established_on, how, recorded_at)
    select $1::uuid, $5 || '@known.example', '2020-01-01', $5, now() where $2::int is not null and $3::uuid is not null and $4::uuid is not null`,
  issuer_member: `insert into app.issuer_member (issuer_id, account_id)
    select $1::uuid, $3::uuid where $2::int is not null and $4::uuid is not null and $5::text is not null`,
  issuer_invitation: `insert into app.issuer_invitation (issuer_id, email, role, invited_by, created_at)
    select $1::uuid, $5 || '@invited.example', 'viewer', $3::uuid, now() where $2::int is not null and $4::uuid is not null`,
  issuer_settings: `update app.issuer_settings set tagline = $5
    where issuer_id = $1 and $2::int is not null and $3::uuid is not null and $4::uuid is not null`,
  issuer_terms: `insert into app.issuer_terms (issuer_id, effective_from, fee_bps, modules)
    select $1::uuid, now(), 250, '{listing}' where $2::int is not null and $3::uuid is not null and $4::uuid is not null and $5::text is not null`,
  audit: `insert into app.audit (actor, issuer_id, decision, action, subject, data)
    select 'x', $1::uuid, 'allowed', 'x', $5, '{}' where $2::int is not null and $3::uuid is not null and $4::uuid is not null`,
}

export async function addTenant(admin: Pool, text: string): Promise<Tenant> {
  const insert = async (sql: string, ...values: unknown[]) => (await admin.query(sql, values)).rows[0].id
  const issuerId = await insert(`insert into app.issuer (name, country) values ($1, 'DE') returning id`, text)
  const accountId = await insert('insert into app.account (display_name) values ($1) returning id', 'member')
  const investorId = await insert('insert into app.account (display_name) values ($1) returning id', 'investor')
  const projectId = await insert(
    `insert into app.project (issuer_id, slug, name, summary, description, technology, build_status, country, city, latitude, longitude,
       capacity_kw, annual_mwh, unit_price_cents, units_offered, expected_return_bps, exit_years, exit_target_per_unit)
     values ($1, $2, $2, $2, $2, 'wind', 'operating', 'DE', $2, 54, 10, 1, 1, 1000, 100, 500, 10, 0) returning project_id as id`,
    issuerId,
    text,
  )
  for (const sql of Object.values(ROWS)) await admin.query(sql, [issuerId, projectId, accountId, investorId, text])
  return { issuerId, accountId, investorId, projectId }
}
