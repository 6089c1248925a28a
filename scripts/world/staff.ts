import type { Db } from '../../common/node/db.ts'

/**
 * Makes an account the member of an issuer, which is created when it is new. Roles are given by the platform's owner and have no
 * public way in; this is the one place of the local world that writes to the database directly.
 */
export async function makeIssuer(db: Db, accountId: string, issuer: { name: string; country: string; website: string }): Promise<void> {
  await db.query(
    `with issuer as (
       insert into app.issuer (name, country, website)
       values ($2, $3, $4)
       on conflict (name) do update set website = excluded.website
       returning id
     )
     insert into app.issuer_member (issuer_id, account_id, role)
     select id, $1, 'owner' from issuer
     on conflict do nothing`,
    [accountId, issuer.name, issuer.country, issuer.website],
  )
}
