import type { Db } from '../../common/node/db.ts'
import type { Kyc } from '../../common/wire.ts'
import type { StartedCheck } from './provider.ts'

/** How soon the worker asks the provider about a check by itself, webhook or not. */
const FIRST_LOOK_MS = 60_000

/** So long before it runs out an approval may be renewed, and its owner is told. */
export const RENEW_MS = 30 * 86_400_000

/** Whether an approval is about to run out. */
export function mayRenew(expiresAt: string | null, now: Date): boolean {
  return expiresAt !== null && Date.parse(expiresAt) - now.getTime() <= RENEW_MS
}

/** The newest check of an account; an approval that has run out reads `expired`. */
export async function findKyc(db: Db, accountId: string, now: Date): Promise<Kyc> {
  const { rows } = await db.query<{ state: Kyc['state']; formUrl: string | null; decidedAt: Date | null; expiresAt: Date | null }>(
    `select
       case when state = 'approved' and expires_at <= $2 then 'expired' else state end as state,
       case when state = 'started' then form_url end as "formUrl",
       decided_at as "decidedAt",
       expires_at as "expiresAt"
     from app.kyc_check
     where account_id = $1
     order by created_at desc
     limit 1`,
    [accountId, now],
  )
  const row = rows[0]
  return {
    state: row?.state ?? 'none',
    formUrl: row?.formUrl ?? null,
    decidedAt: row?.decidedAt?.toISOString() ?? null,
    expiresAt: row?.expiresAt?.toISOString() ?? null,
  }
}

/** Stores a check that was just ordered and fixes the account's country. Of two at once the first stays; the other is left unused at the provider, and false is returned. */
export async function recordCheck(
  db: Db,
  { accountId, provider, country, check }: { accountId: string; provider: string; country: string; check: StartedCheck },
  now: Date,
): Promise<boolean> {
  await db.query('select from app.account where id = $1 for update', [accountId])
  const { rowCount } = await db.query(
    `insert into app.kyc_check (account_id, provider, applicant_ref, check_ref, form_url, state, created_at, due_at)
     select $1, $7, $2, $3, $4, 'started', $5, $6
     where not exists (
       select from app.kyc_check
       where account_id = $1 and (state in ('started', 'in_review') or (state = 'approved' and (expires_at is null or expires_at > $8))))`,
    [
      accountId,
      check.applicantRef,
      check.checkRef,
      check.formUrl,
      now,
      new Date(now.getTime() + FIRST_LOOK_MS),
      provider,
      new Date(now.getTime() + RENEW_MS),
    ],
  )
  if (rowCount !== 1) return false
  await db.query('update app.account set country = $2 where id = $1', [accountId, country])
  return true
}

/** Country codes that the rules in force at `now` close to investors. */
export async function listBlockedCountries(db: Db, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ value: string[] }>(
    `select value from app.rule
     where code = 'BLOCKED_COUNTRIES' and effective_from <= $1 and (effective_to is null or effective_to > $1)
     order by effective_from desc
     limit 1`,
    [now],
  )
  return rows[0]?.value ?? []
}
