import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import type { Portfolio, Position } from '../../common/wire.ts'
import { listPendingInvestments } from '../investments/queries.ts'

/** An account's portfolio, all of it as of one moment: what the mirror says of its active wallet, and what is still on the way there. */
export function readPortfolio(pool: Pool, accountId: string, now: Date): Promise<Portfolio> {
  return inTransaction(pool, async (db) => {
    await db.query('set transaction isolation level repeatable read')
    await db.query(`select set_config('app.account_id', $1, true)`, [accountId])
    const wallet = await findActiveWallet(db, accountId)
    const { asOfBlock, finalBlock } = await readCheckpoint(db)
    const positions = wallet === null ? [] : await listPositions(db, wallet)
    return {
      wallet,
      asOfBlock,
      finalBlock,
      valueCents: sum(positions.filter(({ currency }) => currency === 'USD').map(({ valueCents }) => valueCents)),
      values: [...new Set(positions.map(({ currency }) => currency))].map((currency) => ({
        currency,
        valueCents: sum(positions.filter((one) => one.currency === currency).map(({ valueCents }) => valueCents)),
      })),
      claimable: sum(positions.map(({ claimable }) => claimable)),
      claimed: wallet === null ? '0' : await sumClaimed(db, wallet),
      positions,
      pending: await listPendingInvestments(db, accountId, now),
    }
  })
}

export async function findActiveWallet(db: Db, accountId: string): Promise<string | null> {
  const { rows } = await db.query<{ address: string }>('select address from app.wallet where account_id = $1 and active', [accountId])
  return rows[0]?.address ?? null
}

async function readCheckpoint(db: Db): Promise<{ asOfBlock: string; finalBlock: string }> {
  const { rows } = await db.query<{ asOfBlock: string; finalBlock: string }>(
    'select block_number as "asOfBlock", final_block as "finalBlock" from chain.checkpoint',
  )
  return rows[0] ?? { asOfBlock: '0', finalBlock: '0' }
}

/** Projects in which the wallet has units, money to claim, or units that an exit took to the community DAO. */
export async function listPositions(db: Db, wallet: string): Promise<Position[]> {
  const { rows } = await db.query<Omit<Position, 'closedAt'> & { closedAt: Date | null }>(
    `with held as (select project_id, units from chain.holding where holder = $1),
     due as (select project_id, amount from chain.claimable where holder = $1),
     claimed as (select project_id, sum(amount) as amount from chain.claim where holder = $1 group by project_id),
     closed as (
       select t.project_id, max(t.block_time) as closed_at, sum(t.units) as units
       from chain.transfer t
       join chain.exit_step s on s.project_id = t.project_id and s.step = 'begun' and s.dao = t.to_address
       where t.from_address = $1 and t.to_address <> $1 and (t.block_number, t.log_index) > (s.block_number, s.log_index)
       group by t.project_id
     )
     select
       c.project_id as "projectId",
       coalesce(p.name, 'Project ' || c.project_id) as "projectName",
       c.state,
       coalesce(held.units, 0)::text as units,
       coalesce(p.currency, 'USD') as currency,
       coalesce(p.unit_price_cents, 0) as "unitPriceCents",
       (coalesce(held.units, 0) * coalesce(p.unit_price_cents, 0))::text as "valueCents",
       coalesce(due.amount, 0)::text as claimable,
       coalesce(claimed.amount, 0)::text as claimed,
       closed.closed_at as "closedAt",
       coalesce(closed.units, 0)::text as "closedUnits"
     from chain.project c
     left join app.project p on p.project_id = c.project_id
     left join held on held.project_id = c.project_id
     left join due on due.project_id = c.project_id
     left join claimed on claimed.project_id = c.project_id
     left join closed on closed.project_id = c.project_id
     where c.project_id in (select project_id from held union select project_id from due union select project_id from closed)
     order by c.project_id`,
    [wallet],
  )
  return rows.map((row) => ({ ...row, unitPriceCents: String(row.unitPriceCents), closedAt: row.closedAt?.toISOString() ?? null }))
}

async function sumClaimed(db: Db, wallet: string): Promise<string> {
  const { rows } = await db.query<{ claimed: string }>(
    'select coalesce(sum(amount), 0)::text as claimed from chain.claim where holder = $1',
    [wallet],
  )
  return rows[0]!.claimed
}

function sum(amounts: string[]): string {
  return amounts.reduce((total, amount) => total + BigInt(amount), 0n).toString()
}
