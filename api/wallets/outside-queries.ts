import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import type { Network, OutsideWallet } from '../../common/wire-wallets.ts'
import { listPositions } from '../portfolio/queries.ts'

/** How many an account may link: enough for anybody, and a bound for what the portfolio reads. */
const MOST = 20

type Row = Omit<OutsideWallet, 'provenAt' | 'positions'> & { provenAt: Date | null }

/** The viewer's linked addresses, oldest first, with what each holds on the ledger. */
export async function listOutsideWallets(db: Db, accountId: string): Promise<OutsideWallet[]> {
  const { rows } = await db.query<Row>(
    `select id, network, address, label, proven_at as "provenAt"
     from app.outside_wallet
     where account_id = $1
     order by created_at, id`,
    [accountId],
  )
  const wallets = []
  for (const row of rows) {
    const positions = row.network === 'evm' ? await listPositions(db, row.address) : []
    wallets.push({ ...row, provenAt: row.provenAt?.toISOString() ?? null, positions })
  }
  return wallets
}

/**
 * Links an address, or changes its label; one that is proven stays so. The caller opens the transaction as its owner.
 * @throws AppError WALLET_IN_USE when another account proved it, LIMIT_WALLETS
 */
export async function linkOutside(
  db: Db,
  accountId: string,
  { network, address, label, isProven }: { network: Network; address: string; label: string | null; isProven: boolean },
  now: Date,
): Promise<void> {
  await db.query('select from app.account where id = $1 for update', [accountId])
  const { rows } = await db.query<{ others: number }>(
    'select count(*)::int as others from app.outside_wallet where account_id = $1 and (network, address) <> ($2, $3)',
    [accountId, network, address],
  )
  if (rows[0]!.others >= MOST) throw new AppError('LIMIT_WALLETS', `You can link ${MOST} addresses. Remove one first`)
  await db
    .query(
      `insert into app.outside_wallet as w (account_id, network, address, label, proven_at, created_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (account_id, network, address) do update
       set label = coalesce(excluded.label, w.label), proven_at = coalesce(w.proven_at, excluded.proven_at)`,
      [accountId, network, address, label, isProven ? now : null, now],
    )
    .catch((cause: { constraint?: string }) => {
      if (cause.constraint !== 'outside_wallet_proven') throw cause
      throw new AppError('WALLET_IN_USE', 'This address belongs to another account', { cause })
    })
}

/** @throws AppError NOT_FOUND */
export async function unlinkOutside(db: Db, accountId: string, id: string): Promise<void> {
  const { rowCount } = await db.query('delete from app.outside_wallet where account_id = $1 and id = $2', [accountId, id])
  if (rowCount === 0) throw new AppError('NOT_FOUND', 'You have no such address')
}
