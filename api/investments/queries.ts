import type { Db } from '../../common/node/db.ts'
import type { Investment } from '../../common/wire.ts'

interface Row extends Omit<Investment, 'reservedUntil' | 'cancelUntil' | 'createdAt' | 'updatedAt'> {
  cancelUntil: Date | null
  reservedUntil: Date
  createdAt: Date
  updatedAt: Date
}

/** One investment of the account, or null. */
export async function findInvestment(db: Db, accountId: string, id: string, now: Date): Promise<Investment | null> {
  return (await readInvestments(db, [accountId, now, id], 'and i.id = $3'))[0] ?? null
}

/** The account's investments, newest first, after a position. */
export async function listInvestments(
  db: Db,
  accountId: string,
  page: { after: { key: string; id: string } | undefined; limit: number },
  now: Date,
): Promise<Investment[]> {
  return readInvestments(
    db,
    [accountId, now, page.after?.key ?? 'infinity', page.after?.id ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff', page.limit],
    'and (i.created_at, i.id) < ($3::timestamptz, $4::uuid) order by i.created_at desc, i.id desc limit $5',
  )
}

/** Investments whose money or units are on their way: what a portfolio shows beside its positions. */
export async function listPendingInvestments(db: Db, accountId: string, now: Date = new Date()): Promise<Investment[]> {
  return readInvestments(
    db,
    [accountId, now],
    `and (i.state in ('paid', 'minting', 'review', 'refund_due')
       or (i.state in ('awaiting_payment', 'payment_failed') and i.reserved_until > $2)
       or (i.state = 'settled' and r.investment_id is null))
     order by i.created_at desc
     limit 100`,
  )
}

// `progress` says only what was seen: `minted` by the worker, `indexed` by the mirror, `final` by the mirror's own watermark.
async function readInvestments(db: Db, values: unknown[], rest: string): Promise<Investment[]> {
  const { rows } = await db.query<Row>(
    `select
       i.id,
       i.chain_investment_id as "chainInvestmentId",
       i.project_id as "projectId",
       p.name as "projectName",
       i.wallet,
       i.units::text,
       i.unit_price_cents::text as "unitPriceCents",
       i.amount_cents::text as "amountCents",
       i.currency,
       i.state,
       case
         when r.investment_id is not null and r.block_number <= h.final_block then 'final'
         when r.investment_id is not null then 'indexed'
         when i.state in ('awaiting_payment', 'payment_failed') then case when y.state = 'processing' then 'processing' else 'awaiting_payment' end
         when i.state = 'settled' or (i.state = 'minting' and c.state in ('mined', 'final')) then 'minted'
         when i.state = 'minting' then 'minting'
         when i.state = 'paid' then 'paid'
         else 'stopped'
       end as progress,
       case when i.state in ('awaiting_payment', 'payment_failed') and i.reserved_until > $2 and y.state <> 'processing' then y.checkout_url end as "checkoutUrl",
       i.reserved_until as "reservedUntil",
       i.cancel_until as "cancelUntil",
       coalesce(r.tx_hash, c.tx_hash, (select a.tx_hash from app.tx_attempt a where a.intent_id = c.id order by a.n desc limit 1)) as "txHash",
       coalesce(r.block_number, c.block_number)::text as "blockNumber",
       y.failure_code as "failureCode",
       i.created_at as "createdAt",
       i.updated_at as "updatedAt"
     from app.investment i
     join app.project p using (project_id)
     left join lateral (
       select checkout_url, state, failure_code from app.payment where investment_id = i.id order by created_at desc limit 1
     ) y on true
     left join app.chain_intent c on c.investment_id = i.id
     left join chain.receipt r on r.investment_id = i.chain_investment_id
     left join chain.checkpoint h on true
     where i.account_id = $1 ${rest}`,
    values,
  )
  return rows.map((row) => ({
    ...row,
    reservedUntil: row.reservedUntil.toISOString(),
    cancelUntil: row.cancelUntil?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }))
}
