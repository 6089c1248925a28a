import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import { seal, unseal } from '../../common/node/seal.ts'
import type { TotpSetup } from '../../common/wire-factors.ts'

/** RFC 4226 recommends 160 bits. */
const SECRET_BYTES = 20
/** RFC 6238's default, which every app knows; so are SHA-1 and six digits. */
const PERIOD_SECONDS = 30
/** Steps before and after the present one whose code is taken: for clocks that differ and fingers that are slow (RFC 6238, 5.2). */
const WINDOW = 1

/** Begins to set up an authenticator app, or begins again with a new secret. @throws AppError FACTOR_EXISTS */
export async function beginTotp(db: Db, keys: readonly Buffer[], accountId: string, label: string, now: Date): Promise<TotpSetup> {
  const secret = randomBytes(SECRET_BYTES)
  const { rowCount } = await db.query(
    `insert into app.totp as t (account_id, sealed_secret, created_at) values ($1, $2, $3)
     on conflict (account_id) do update set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at
     where t.confirmed_at is null`,
    [accountId, seal(keys, secret, contextOf(accountId)), now],
  )
  if (rowCount === 0) throw new AppError('FACTOR_EXISTS', 'Your account has an authenticator app already. Remove it first')
  const totp = totpOf(secret, label)
  return { secret: totp.secret.base32, uri: totp.toString() }
}

/** Confirms the app by its first code, which is used up by it. @throws AppError CODE_WRONG */
export async function confirmTotp(db: Db, keys: readonly Buffer[], accountId: string, code: string, now: Date): Promise<void> {
  const step = await findStep(db, keys, accountId, code, now, false)
  if (step === undefined)
    throw wrong('The code is not the one we expect. Type the newest one, and check that the clock of your phone is right')
  await db.query('update app.totp set confirmed_at = $2, last_step = $3 where account_id = $1 and confirmed_at is null', [
    accountId,
    now,
    step,
  ])
}

/** Uses a code up: neither it nor an older one is taken again, also of many tries at once. @throws AppError CODE_WRONG, CODE_USED */
export async function consumeTotp(db: Db, keys: readonly Buffer[], accountId: string, code: string, now: Date): Promise<void> {
  const step = await findStep(db, keys, accountId, code, now, true)
  if (step === undefined) throw wrong('That code is wrong or too old. Type the newest one of your authenticator app')
  const { rowCount } = await db.query('update app.totp set last_step = $2 where account_id = $1 and last_step < $2', [accountId, step])
  if (rowCount === 0) throw new AppError('CODE_USED', 'That code was used already. Wait for the next one')
}

export async function removeTotp(db: Db, accountId: string): Promise<boolean> {
  return (await db.query('delete from app.totp where account_id = $1', [accountId])).rowCount !== 0
}

/** The time step that a code is of; undefined when it is of none near now. */
async function findStep(db: Db, keys: readonly Buffer[], accountId: string, code: string, now: Date, isConfirmed: boolean) {
  const { rows } = await db.query<{ sealedSecret: Buffer }>(
    `select sealed_secret as "sealedSecret" from app.totp where account_id = $1 and (confirmed_at is not null) = $2`,
    [accountId, isConfirmed],
  )
  const row = rows[0]
  if (!row) return undefined
  const totp = totpOf(unseal(keys, row.sealedSecret, contextOf(accountId)), '')
  const delta = totp.validate({ token: code, timestamp: now.getTime(), window: WINDOW })
  return delta === null ? undefined : totp.counter({ timestamp: now.getTime() }) + delta
}

function totpOf(secret: Buffer, label: string): TOTP {
  // A copy: a Buffer's memory is shared with others.
  const own = new Secret({ buffer: new Uint8Array(secret).buffer })
  return new TOTP({ issuer: 'Terra Lumina', label: label || 'account', secret: own, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS })
}

function contextOf(accountId: string): string {
  return `totp ${accountId}`
}

function wrong(message: string) {
  return new AppError('CODE_WRONG', message)
}
