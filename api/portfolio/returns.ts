import { encodeFunctionData } from 'viem'
import { vaultAbi } from '../../common/abi.ts'
import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import type { ClaimCall, Distribution } from '../../common/wire.ts'
import { makeCursor, readCursor } from '../http/cursor.ts'

export interface ReturnsFilter {
  /** Whose share is asked; null for nobody's. */
  wallet: string | null
  /** Only one project's; without it a wallet sees the distributions it has a share in. */
  projectId: number | undefined
  cursor: string | undefined
  limit: number
}

/** Distributions, newest first, with the wallet's share by the contract's own rule: units held when the epoch opened. @throws AppError BAD_CURSOR */
export async function listReturns(
  db: Db,
  cursorKey: Buffer,
  filter: ReturnsFilter,
): Promise<{ rows: Distribution[]; nextCursor: string | null }> {
  const scope = `returns ${filter.wallet} ${filter.projectId}`
  const after = filter.cursor === undefined ? undefined : readCursor(cursorKey, scope, filter.cursor)
  const { rows } = await db.query<Omit<Distribution, 'paidAt'> & { paidAt: Date; blockNumber: string; logIndex: number }>(
    `select
       d.project_id as "projectId",
       coalesce(p.name, 'Project ' || d.project_id) as "projectName",
       d.epoch,
       d.token,
       d.amount::text as amount,
       e.supply::text as supply,
       mine.share::text as share,
       case when $1::text is not null then exists (
         select from chain.claim c where c.project_id = d.project_id and c.holder = $1 and c.upto_epoch >= d.epoch
       ) end as claimed,
       d.report_hash as "reportHash",
       d.report_uri as "reportUri",
       d.tx_hash as "txHash",
       d.block_time as "paidAt",
       d.block_number as "blockNumber",
       d.log_index as "logIndex"
     from chain.distribution d
     join chain.epoch e on e.project_id = d.project_id and e.epoch = d.epoch
     left join chain.epoch before on before.project_id = d.project_id and before.epoch = d.epoch - 1
     left join app.project p on p.project_id = d.project_id
     left join lateral (
       select floor((e.cumulative_per_unit - coalesce(before.cumulative_per_unit, 0))
         * coalesce(sum(case when t.to_address = $1 then t.units else 0 end) - sum(case when t.from_address = $1 then t.units else 0 end), 0)
         / 18446744073709551616) as share
       from chain.transfer t
       where t.project_id = d.project_id and $1 in (t.to_address, t.from_address)
         and (t.block_number, t.log_index) < (e.block_number, e.log_index)
     ) mine on $1::text is not null
     where ($2::int is null or d.project_id = $2)
       and ($1::text is null or $2::int is not null or mine.share > 0)
       and ($3::bigint is null or (d.block_number, d.log_index) < ($3, $4::int))
     order by d.block_number desc, d.log_index desc
     limit $5`,
    [filter.wallet, filter.projectId ?? null, after?.key ?? null, after?.id ?? null, filter.limit + 1],
  )
  const page = rows.slice(0, filter.limit)
  const last = rows.length > filter.limit ? page.at(-1) : undefined
  return {
    rows: page.map(({ blockNumber: _block, logIndex: _log, paidAt, ...row }) => ({ ...row, paidAt: paidAt.toISOString() })),
    nextCursor: last ? makeCursor(cursorKey, scope, { key: last.blockNumber, id: String(last.logIndex) }) : null,
  }
}

/** The call by which a wallet claims what is due to it, in all projects or in those listed. @throws AppError NOTHING_TO_CLAIM */
export async function prepareClaim(db: Db, deployment: Deployment, wallet: string, projectIds: number[] | undefined): Promise<ClaimCall> {
  const { rows } = await db.query<{ projectId: number; amount: string }>(
    `select project_id as "projectId", amount::text as amount from chain.claimable
     where holder = $1 and amount > 0 and ($2::int[] is null or project_id = any($2))
     order by project_id`,
    [wallet, projectIds ?? null],
  )
  if (rows.length === 0) throw new AppError('NOTHING_TO_CLAIM', 'Nothing is due to your wallet in these projects right now')
  const ids = rows.map(({ projectId }) => projectId)
  return {
    to: deployment.vault,
    data: encodeFunctionData({ abi: vaultAbi, functionName: 'claim', args: [ids] }),
    chainId: deployment.chainId,
    projectIds: ids,
    amount: rows.reduce((total, { amount }) => total + BigInt(amount), 0n).toString(),
  }
}
