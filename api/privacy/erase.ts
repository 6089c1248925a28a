import { AppError } from '../../common/errors.ts'
import { inTransaction, type Pool } from '../../common/node/db.ts'

/** Why an account can't be erased yet, in words. */
const WORDS: Record<string, string> = {
  investment_open: 'an order is being paid, minted or sent back',
  units_held: 'your wallet holds units of a project',
  acts_for_issuer: 'you act for an issuer',
  works_here: 'your role works for the platform',
}

/** Erases an account at its owner's request. @throws AppError RETENTION_HOLD with `details.reasons` */
export async function eraseAccount(pool: Pool, accountId: string, now: Date): Promise<void> {
  await inTransaction(pool, async (db) => {
    // An order that is placed meanwhile refers to the account, and waits for this lock or makes it wait.
    await db.query('select from app.account where id = $1 for update', [accountId])
    const { rows: reasons } = await db.query<{ reason: string; count: number }>('select reason, count from app.erasure_holds($1)', [
      accountId,
    ])
    if (reasons.length > 0) {
      const words = reasons.map(({ reason }) => WORDS[reason]).join(', and ')
      throw new AppError('RETENTION_HOLD', `Your account can't be erased now: ${words}`, { details: { reasons } })
    }
    await db.query('select app.erase_account($1, $2)', [accountId, now])
  })
}
