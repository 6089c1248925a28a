import type { Hex } from 'viem'
import type { Db } from '../common/node/db.ts'

/** What the mirror says as of its final block. */
export interface MirrorState {
  chainId: number
  contract: string
  block: bigint
  hash: string
  pairs: { projectId: number; holder: Hex; units: string; claimable: string }[]
  projects: Map<number, { units: string; holders: string; epoch: number }>
}

/** Reads all of it in one snapshot; undefined before the first final block. Needs a transaction without queries before. */
export async function readMirror(db: Db): Promise<MirrorState | undefined> {
  await db.query('set transaction isolation level repeatable read, read only')
  const checkpoint = await db.query<{ chainId: string; contract: string; block: string; hash: string }>(
    `select chain_id as "chainId", contract, b.block_number as block, b.block_hash as hash
    from chain.checkpoint c
    join chain.block b on b.block_number = c.final_block`,
  )
  const found = checkpoint.rows[0]
  if (found === undefined) return undefined
  const pairs = await db.query<MirrorState['pairs'][number]>(
    `select held.project_id as "projectId", held.holder, held.units, coalesce(due.amount, 0)::text as claimable
    from (
      select project_id, holder, sum(delta) as units
      from (
        select project_id, to_address as holder, units as delta from chain.transfer where block_number <= $1
        union all
        select project_id, from_address, -units from chain.transfer where block_number <= $1
      ) moved
      where holder <> '0x0000000000000000000000000000000000000000'
      group by project_id, holder
    ) held
    left join chain.claimable_at($1) due using (project_id, holder)
    order by project_id, holder`,
    [found.block],
  )
  const epochs = await db.query<{ projectId: number; epoch: number }>(
    `select c.project_id as "projectId", coalesce(max(e.epoch), 0) as epoch
    from chain.project_created c
    left join chain.epoch e on e.project_id = c.project_id and e.block_number <= $1
    where c.block_number <= $1
    group by c.project_id`,
    [found.block],
  )
  const projects: MirrorState['projects'] = new Map()
  for (const { projectId, epoch } of epochs.rows) {
    const held = pairs.rows.filter((pair) => pair.projectId === projectId)
    const units = held.reduce((sum, pair) => sum + BigInt(pair.units), 0n)
    projects.set(projectId, { units: String(units), holders: String(held.filter((pair) => pair.units !== '0').length), epoch })
  }
  return {
    chainId: Number(found.chainId),
    contract: found.contract,
    block: BigInt(found.block),
    hash: found.hash,
    pairs: pairs.rows,
    projects,
  }
}
