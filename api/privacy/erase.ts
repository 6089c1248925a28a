import { AppError } from '../../common/errors.ts'
import { inTransaction, type Pool } from '../../common/node/db.ts'

/** What to do about each reason for which an account can't be erased yet. */
const WORDS: Record<string, string> = {
  investment_open: 'cancel your open orders, or wait until they are settled or paid back',
  units_held: 'hand over the units that your wallet holds',
  acts_for_issuer: 'have somebody else act for your issuer',
  frozen: 'write to support: your account is frozen',
  case_open: 'wait until what is under way about your account is decided, or write to support',
  works_here: 'have your role at the platform taken away',
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
      const words = reasons.map(({ reason }) => WORDS[reason]).join('; ')
      throw new AppError('RETENTION_HOLD', `Before your account can be erased: ${words}`, { details: { reasons } })
    }
    await db.query('select app.erase_account($1, $2)', [accountId, now])
  })
}
