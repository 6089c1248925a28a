import type { Db } from '../../common/node/db.ts'

/** Accounts whose active wallet is one of the holders. */
export async function listAccountsOf(db: Db, holders: string[], among: string[]): Promise<string[]> {
  const { rows } = await db.query<{ accountId: string }>(
    `select account_id as "accountId" from app.wallet where active and address = any($1) and account_id = any($2)`,
    [holders, among],
  )
  return rows.map(({ accountId }) => accountId)
}

/** How far the mirror is, and whether anything above `since` changes what all holders see. */
export async function readEvents(db: Db, since: bigint): Promise<{ block: bigint; hasNews: boolean }> {
  const { rows } = await db.query<{ block: string; hasNews: boolean }>(
    `select k.block_number as block,
       exists (select from chain.epoch where block_number > $1)
       or exists (select from chain.exit_step where block_number > $1)
       or exists (select from chain.project_state where block_number > $1) as "hasNews"
     from chain.checkpoint k`,
    [since.toString()],
  )
  return rows[0] ? { block: BigInt(rows[0].block), hasNews: rows[0].hasNews } : { block: 0n, hasNews: false }
}

/** Those of the sign-ins that have neither been ended nor run out. */
export async function listLiveFamilies(db: Db, families: string[], now: Date): Promise<Set<string>> {
  const { rows } = await db.query<{ family: string }>(
    `select family from app.session
     where family = any($1)
     group by family
     having bool_and(revoked_at is null) and max(expires_at) > $2`,
    [families, now],
  )
  return new Set(rows.map(({ family }) => family))
}
