import type { Db } from '../../common/node/db.ts'
import type { User } from '../../common/wire.ts'

/** Everything about an account that its owner sees. `now` decides whether a check or an account record has expired. */
export async function findUser(db: Db, accountId: string, now: Date): Promise<User> {
  const { rows } = await db.query<Omit<User, 'createdAt'> & { createdAt: Date }>(
    `select
       a.id,
       a.investor_id as "investorId",
       a.email,
       a.email_proven_at is not null as "isEmailProven",
       a.display_name as "displayName",
       a.country,
       a.role,
       app.permissions_of(a.id, $2) as permissions,
       coalesce(k.state, 'none') as kyc,
       w.address as wallet,
       exists (
         select from chain.account c
         where c.account = w.address and c.investor_id = a.investor_id
           and c.flags & 2 = 2 and c.flags & 8 = 0 and c.expires_at > $2
       ) as "registeredOnChain",
       app.issuer_of(a.id) as "issuerId",
       a.created_at as "createdAt"
     from app.account a
     left join app.wallet w on w.account_id = a.id and w.active
     left join lateral (
       select case when state = 'approved' and expires_at <= $2 then 'expired' else state end as state
       from app.kyc_check where account_id = a.id
       order by created_at desc
       limit 1
     ) k on true
     where a.id = $1`,
    [accountId, now],
  )
  const row = rows[0]!
  return { ...row, createdAt: row.createdAt.toISOString() }
}

export interface NewAccount {
  email: string
  passwordHash: string
  country: string
  displayName: string | undefined
}

/** Creates an account with e-mail and password; undefined when the e-mail is taken. */
export async function createAccount(db: Db, account: NewAccount, now: Date): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>(
    `insert into app.account (email, password_hash, country, display_name, created_at) values ($1, $2, $3, $4, $5)
     on conflict (email) do nothing
     returning id`,
    [account.email, account.passwordHash, account.country, account.displayName ?? null, now],
  )
  return rows[0]?.id
}

export async function findLogin(db: Db, email: string): Promise<{ accountId: string; passwordHash: string } | undefined> {
  const { rows } = await db.query<{ accountId: string; passwordHash: string }>(
    `select id as "accountId", password_hash as "passwordHash" from app.account where email = $1`,
    [email],
  )
  return rows[0]
}

export async function findEmail(db: Db, accountId: string): Promise<string | null> {
  const { rows } = await db.query<{ email: string | null }>('select email from app.account where id = $1', [accountId])
  return rows[0]?.email ?? null
}

export async function setPassword(db: Db, accountId: string, passwordHash: string): Promise<void> {
  await db.query('update app.account set password_hash = $2 where id = $1', [accountId, passwordHash])
}

/** Notes that an account's e-mail is its own. */
export async function noteProvenEmail(db: Db, accountId: string, now: Date): Promise<void> {
  await db.query('update app.account set email_proven_at = $2 where id = $1 and email_proven_at is null', [accountId, now])
}

/** What the owner knows the account by, for lists in apps and authenticators. */
export async function findLabel(db: Db, accountId: string): Promise<string> {
  const { rows } = await db.query<{ label: string }>(
    `select coalesce(a.email::text, w.address, 'Investor ' || a.investor_id) as label
     from app.account a
     left join app.wallet w on w.account_id = a.id and w.active
     where a.id = $1`,
    [accountId],
  )
  return rows[0]!.label
}

/** Changes what the owner may change. Returns false when the country is fixed because an identity check has begun. */
export async function updateAccount(
  db: Db,
  accountId: string,
  change: { displayName?: string | null; country?: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update app.account a set
       display_name = case when $2::boolean then $3 else display_name end,
       country = coalesce($4, country)
     where id = $1
       and ($4::text is null or $4 = country or not exists (
         select from app.kyc_check k where k.account_id = a.id and k.state in ('started', 'in_review', 'approved')))`,
    [accountId, change.displayName !== undefined, change.displayName ?? null, change.country ?? null],
  )
  return rowCount === 1
}
