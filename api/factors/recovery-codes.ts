import { randomInt } from 'node:crypto'
import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import { hashToken } from '../http/tokens.ts'

const COUNT = 10
/** Crockford's base 32: no letter that looks like a digit. 16 of them are 80 bits, beyond guessing even from the hash. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 16

/** Gives an account ten new codes instead of all it had. Only their hashes are kept: this answer is the one time they are seen. */
export async function renewRecoveryCodes(db: Db, accountId: string): Promise<string[]> {
  const codes = Array.from({ length: COUNT }, () => Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join(''))
  await removeRecoveryCodes(db, accountId)
  await db.query('insert into app.recovery_code (account_id, code_hash) select $1, unnest($2::bytea[])', [accountId, codes.map(hashToken)])
  return codes.map((code) => code.match(/.{4}/g)!.join('-'))
}

/** Uses a code up; of many tries at once one succeeds. @throws AppError CODE_WRONG, CODE_USED */
export async function consumeRecoveryCode(db: Db, accountId: string, code: string, now: Date): Promise<void> {
  const hash = hashToken(normalise(code))
  const { rowCount } = await db.query(
    'update app.recovery_code set used_at = $3 where account_id = $1 and code_hash = $2 and used_at is null',
    [accountId, hash, now],
  )
  if (rowCount === 1) return
  const known = await db.query('select from app.recovery_code where account_id = $1 and code_hash = $2', [accountId, hash])
  if (known.rowCount === 0) throw new AppError('CODE_WRONG', 'That is none of your recovery codes')
  throw new AppError('CODE_USED', 'That recovery code was used already. Take another one')
}

export async function removeRecoveryCodes(db: Db, accountId: string): Promise<void> {
  await db.query('delete from app.recovery_code where account_id = $1', [accountId])
}

/** As people copy it: upper case, with or without dashes, O for 0, I and L for 1. */
function normalise(code: string): string {
  return code.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1')
}
