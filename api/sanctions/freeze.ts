import type { Db } from '../../common/node/db.ts'

/** Holds an account: it can neither commit nor receive. One that is frozen already stays so under its first cause. */
export async function freezeAccount(db: Db, freeze: { accountId: string; reason: string; cause: string }, now: Date): Promise<void> {
  await db.query(`insert into app.account_freeze (account_id, reason, cause, frozen_at) values ($1, $2, $3, $4) on conflict do nothing`, [
    freeze.accountId,
    freeze.reason,
    freeze.cause,
    now,
  ])
}

/** Ends the freeze of an account, unless another case holds it: a hit that was confirmed, or is certain and not decided yet, or a disputed payment. */
export async function liftFreeze(db: Db, accountId: string, now: Date): Promise<void> {
  await db.query(
    `update app.account_freeze set lifted_at = $2
     where account_id = $1 and lifted_at is null
       and not exists (
         select from app.review_case
         where account_id = $1
           and (kind = 'dispute' and outcome = 'hold'
             or kind = 'sanctions' and (outcome = 'confirm' or (state <> 'decided' and (evidence->>'isCertain')::boolean))))`,
    [accountId, now],
  )
}
