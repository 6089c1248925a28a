import type { Db } from '../../common/node/db.ts'
import { seal, unseal } from '../../common/node/seal.ts'

/** Who an account says it is. */
export interface Identity {
  kind: 'person' | 'entity'
  /** Empty for an organisation. */
  firstName: string
  /** Family name, or the organisation's name. */
  lastName: string
  /** YYYY-MM-DD; null for an organisation. */
  birthDate: string | null
}

/** Keeps who an account says it is, sealed, and asks for it to be compared with the sanctions lists. The newest statement counts. */
export async function recordIdentity(db: Db, keys: readonly Buffer[], accountId: string, identity: Identity, now: Date): Promise<void> {
  await db.query(
    `insert into app.identity (account_id, sealed, stated_at) values ($1, $2, $3)
     on conflict (account_id) do update set sealed = excluded.sealed, stated_at = excluded.stated_at`,
    [accountId, sealIdentity(keys, accountId, identity), now],
  )
}

/** What `app.identity` keeps of somebody. */
export function sealIdentity(keys: readonly Buffer[], accountId: string, identity: Identity): Buffer {
  return seal(keys, Buffer.from(JSON.stringify(identity)), contextOf(accountId))
}

/** @throws Error when no key opens it */
export function openIdentity(keys: readonly Buffer[], accountId: string, sealed: Buffer): Identity {
  return JSON.parse(unseal(keys, sealed, contextOf(accountId)).toString()) as Identity
}

function contextOf(accountId: string): string {
  return `identity ${accountId}`
}
