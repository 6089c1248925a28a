import type { Db } from '../../common/node/db.ts'
import type { Finances } from '../../common/wire.ts'

/** The account's newest statement, or null. */
export async function findFinances(db: Db, accountId: string): Promise<Finances | null> {
  const { rows } = await db.query<Omit<Finances, 'statedAt'> & { statedAt: Date }>(
    `select annual_income_cents::text as "annualIncomeCents", net_worth_cents::text as "netWorthCents", is_joint as "isJoint",
       outside_cents::text as "outsideCents", spouse_committed_cents::text as "spouseCommittedCents", stated_at as "statedAt"
     from app.finances
     where account_id = $1
     order by stated_at desc, id desc
     limit 1`,
    [accountId],
  )
  const row = rows[0]
  return row === undefined ? null : { ...row, statedAt: row.statedAt.toISOString() }
}

/** Keeps a new statement beside the older ones. */
export async function recordFinances(db: Db, accountId: string, stated: Omit<Finances, 'statedAt'>, now: Date): Promise<void> {
  await db.query(
    `insert into app.finances (account_id, annual_income_cents, net_worth_cents, is_joint, outside_cents, spouse_committed_cents, stated_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [accountId, stated.annualIncomeCents, stated.netWorthCents, stated.isJoint, stated.outsideCents, stated.spouseCommittedCents, now],
  )
}
