import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import type { Wallet } from '../../common/wire.ts'

/** An account's wallets, the active one first. */
export async function listWallets(db: Db, accountId: string): Promise<Wallet[]> {
  const { rows } = await db.query<{ address: string; active: boolean; provenAt: Date }>(
    `select address, active, proven_at as "provenAt" from app.wallet
     where account_id = $1
     order by active desc, proven_at desc`,
    [accountId],
  )
  return rows.map((row) => ({ ...row, provenAt: row.provenAt.toISOString() }))
}

/** The account a proven wallet belongs to; a wallet nobody has shown before gets an account of its own. */
export async function findOrCreateByWallet(db: Db, address: string, now: Date): Promise<string> {
  // Two first sign-ins of one wallet at once must not make two accounts.
  await db.query(`select pg_advisory_xact_lock(hashtextextended('wallet ' || $1, 0))`, [address])
  const { rows } = await db.query<{ accountId: string }>(`select account_id as "accountId" from app.wallet where address = $1`, [address])
  if (rows[0]) return rows[0].accountId
  const created = await db.query<{ id: string }>('insert into app.account (created_at) values ($1) returning id', [now])
  const accountId = created.rows[0]!.id
  await db.query('insert into app.wallet (address, account_id, active, proven_at) values ($1, $2, true, $3)', [address, accountId, now])
  return accountId
}

/**
 * Makes a proven wallet the account's active one. To be called in a transaction whose viewer is the account.
 * @throws AppError WALLET_IN_USE, WALLET_LOCKED
 */
export async function activateWallet(db: Db, accountId: string, address: string, now: Date): Promise<void> {
  await db.query('select from app.account where id = $1 for update', [accountId])
  const inserted = await db.query(
    'insert into app.wallet (address, account_id, active, proven_at) values ($1, $2, false, $3) on conflict do nothing',
    [address, accountId, now],
  )
  if (inserted.rowCount === 0) {
    const { rowCount } = await db.query('update app.wallet set proven_at = $3 where address = $1 and account_id = $2', [
      address,
      accountId,
      now,
    ])
    if (rowCount === 0) throw new AppError('WALLET_IN_USE', 'This wallet belongs to another account')
  }
  const { rows } = await db.query<{ address: string; isBound: boolean }>(
    `select address,
       exists (
         select from app.investment i
         where i.account_id = w.account_id and i.wallet = w.address
           and (i.state in ('paid', 'minting', 'review') or (i.state in ('awaiting_payment', 'payment_failed') and i.reserved_until > $2))
       ) or exists (select from chain.holding h where h.holder = w.address) as "isBound"
     from app.wallet w
     where account_id = $1 and active
     for update`,
    [accountId, now],
  )
  const current = rows[0]
  if (current?.address === address) return
  if (current?.isBound) throw new AppError('WALLET_LOCKED', 'Your wallet holds units or waits for them, so it cannot be changed now')
  // One after the other: at no moment may two be active.
  await db.query('update app.wallet set active = false where account_id = $1 and active', [accountId])
  await db.query('update app.wallet set active = true where account_id = $1 and address = $2', [accountId, address])
}
