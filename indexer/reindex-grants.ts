import type { Db } from '../common/node/db.ts'
import { quote } from './export/relation.ts'

/** A right to a table, as its owner gave it. */
export interface Grant {
  grantee: string
  privilege: string
  mayGrant: boolean
}

/** Who may do what with a table, but for its owner. */
export async function grantsOf(db: Db, schema: string, table: string): Promise<Grant[]> {
  const { rows } = await db.query<Grant>(
    `select case a.grantee when 0 then 'public' else quote_ident(r.rolname) end as grantee, a.privilege_type as privilege,
      a.is_grantable as "mayGrant"
    from pg_class c
    cross join lateral aclexplode(c.relacl) a
    left join pg_roles r on r.oid = a.grantee
    where c.oid = $1::regclass and a.grantee <> c.relowner
    order by 1, 2`,
    [quote(schema, table)],
  )
  return rows
}

/** Makes these the only rights to a table, besides its owner's. */
export async function restoreGrants(db: Db, schema: string, table: string, grants: readonly Grant[]): Promise<void> {
  const others = new Set((await grantsOf(db, schema, table)).map(({ grantee }) => grantee))
  for (const grantee of others) await db.query(`revoke all on ${quote(schema, table)} from ${grantee}`)
  for (const { grantee, privilege, mayGrant } of grants)
    await db.query(`grant ${privilege} on ${quote(schema, table)} to ${grantee}${mayGrant ? ' with grant option' : ''}`)
}
