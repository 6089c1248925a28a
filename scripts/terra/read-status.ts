import { type Address, formatEther } from 'viem'
import type { Db } from '../../common/node/db.ts'
import type { Stage } from './context.ts'

export interface Status {
  chain: { chainId: number; head: bigint; final: bigint }
  mirror: { block: bigint; final: bigint; behind: bigint } | null
  projects: { state: string; count: number }[]
  investments: { state: string; count: number }[]
  queue: { state: string; count: number }[]
  waiting: { webhooks: number; outbox: number; mail: number }
  signers: { address: Address; nextNonce: string; coin: string; stopped: string | null }[]
}

/** How things stand: chain, mirror, queue and keys, in one look. */
export async function readStatus(db: Db, stage: Stage): Promise<Status> {
  const [head, final, mirror, projects, investments, queue, waiting, signers] = await Promise.all([
    stage.client.getBlockNumber({ cacheTime: 0 }),
    stage.client.getBlock({ blockTag: 'finalized' }).then(({ number }) => number),
    readMirror(db),
    countBy(
      db,
      `select case when c.state = 'draft' then 'not_open' else coalesce(c.state, case when p.submitted_at is null then 'draft' else 'submitted' end) end as state
       from app.project p left join chain.project c on c.project_id = p.project_id`,
    ),
    countBy(db, 'select state from app.investment'),
    countBy(db, `select state from app.chain_intent where state not in ('final', 'cancelled')`),
    countWaiting(db),
    readSigners(db, stage),
  ])
  return {
    chain: { chainId: stage.chainId, head, final },
    mirror: mirror && { ...mirror, behind: head > mirror.block ? head - mirror.block : 0n },
    projects,
    investments,
    queue,
    waiting,
    signers,
  }
}

async function readMirror(db: Db): Promise<{ block: bigint; final: bigint } | null> {
  const { rows } = await db.query<{ block: string; final: string }>(
    'select block_number as block, final_block as final from chain.checkpoint',
  )
  return rows[0] ? { block: BigInt(rows[0].block), final: BigInt(rows[0].final) } : null
}

async function countBy(db: Db, states: string): Promise<{ state: string; count: number }[]> {
  const { rows } = await db.query<{ state: string; count: number }>(
    `select state, count(*)::int as count from (${states}) as listed group by state order by state`,
  )
  return rows
}

async function countWaiting(db: Db): Promise<Status['waiting']> {
  const { rows } = await db.query<Status['waiting']>(
    `select
       (select count(*) from app.webhook_inbox where processed_at is null)::int as webhooks,
       (select count(*) from app.outbox where not done)::int as outbox,
       (select count(*) from app.notification where sent_at is null)::int as mail`,
  )
  return rows[0]!
}

async function readSigners(db: Db, stage: Stage): Promise<Status['signers']> {
  const { rows } = await db.query<{ address: Address; nextNonce: string; stopped: string | null }>(
    `select address, next_nonce as "nextNonce", stopped_reason as stopped
     from app.signer
     where chain_id = $1
     order by address`,
    [stage.chainId],
  )
  return Promise.all(rows.map(async (row) => ({ ...row, coin: formatEther(await stage.client.getBalance({ address: row.address })) })))
}
