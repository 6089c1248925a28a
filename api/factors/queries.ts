import { asViewer, type Db, type Pool } from '../../common/node/db.ts'
import type { FactorMethod, Factors, PasskeyInfo } from '../../common/wire-factors.ts'

/** What an account can prove itself with. To be called in a transaction whose viewer is the account. */
export async function readFactors(db: Db, accountId: string): Promise<Factors> {
  const { rows } = await db.query<{
    isRequired: boolean
    hasPassword: boolean
    hasWallet: boolean
    totpSince: Date | null
    recoveryCodesLeft: number
  }>(
    `select
       (select is_staff from app.role where code = a.role) as "isRequired",
       a.password_hash is not null as "hasPassword",
       exists (select from app.wallet w where w.account_id = a.id) as "hasWallet",
       (select confirmed_at from app.totp t where t.account_id = a.id) as "totpSince",
       (select count(*)::int from app.recovery_code r where r.account_id = a.id and r.used_at is null) as "recoveryCodesLeft"
     from app.account a
     where a.id = $1`,
    [accountId],
  )
  const { totpSince, ...rest } = rows[0]!
  return { ...rest, totpSince: totpSince?.toISOString() ?? null, passkeys: await listPasskeys(db, accountId) }
}

/** By what an account proves its second factor at the next sign-in; empty when it has none. */
export async function listMethods(pool: Pool, accountId: string): Promise<FactorMethod[]> {
  const { totpSince, passkeys, recoveryCodesLeft } = await asViewer(pool, { accountId }, (db) => readFactors(db, accountId))
  const methods: FactorMethod[] = [...(passkeys.length > 0 ? (['passkey'] as const) : []), ...(totpSince ? (['totp'] as const) : [])]
  return methods.length > 0 && recoveryCodesLeft > 0 ? [...methods, 'recovery_code'] : methods
}

async function listPasskeys(db: Db, accountId: string): Promise<PasskeyInfo[]> {
  const { rows } = await db.query<Omit<PasskeyInfo, 'createdAt' | 'lastUsedAt'> & { createdAt: Date; lastUsedAt: Date | null }>(
    `select id, name, is_synced as "isSynced", created_at as "createdAt", last_used_at as "lastUsedAt"
     from app.passkey where account_id = $1
     order by created_at, id`,
    [accountId],
  )
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString(), lastUsedAt: row.lastUsedAt?.toISOString() ?? null }))
}
