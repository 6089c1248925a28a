import type { Db } from '../common/node/db.ts'
import type { Findings } from './verify-types.ts'

/**
 * Proves every snapshot of holdings: the first of a project must be the sum of the transfers up to its block, each later one the snapshot
 * before and the transfers between, so that all are sums of transfers and no transfer is read twice. Of a project, those after the first
 * wrong one are worked out from it and not looked at. Needs an open snapshot of the database.
 */
export async function checkSnapshots(
  db: Db,
  findings: Findings,
  onProgress: (done: number, total: number, what: string) => void = () => {},
): Promise<void> {
  const { rows: snapshots } = await db.query<{ projectId: number; block: string; isFinal: boolean; before: string | null }>(
    `select s.project_id as "projectId", s.block_number as block, s.block_number <= c.final_block as "isFinal",
      lag(s.block_number) over (partition by s.project_id order by s.block_number) as before
    from holding_snapshot s cross join checkpoint c
    order by s.project_id, s.block_number`,
  )
  let wrongProject: number | undefined
  for (const [at, { projectId, block, isFinal, before }] of snapshots.entries()) {
    onProgress(at, snapshots.length, 'Comparing snapshots')
    if (projectId === wrongProject) continue
    const countBefore = findings.count
    if (!isFinal) findings.check('snapshot', projectId, null, 'not final', `kept at block ${block}`)
    const { rows } = await db.query<{ holder: string; due: string; kept: string }>(DIFFERENCES, [projectId, block, before])
    for (const { holder, due, kept } of rows)
      findings.check('snapshot', projectId, holder, `${due} at block ${block}`, `${kept} at block ${block}`)
    if (findings.count > countBefore) wrongProject = projectId
  }
}

/** Of the snapshot of project $1 at block $2, what it doesn't have from the one at block $3 and the transfers between. */
const DIFFERENCES = `
  select holder, coalesce(sum(units) filter (where is_due), 0)::text as due, coalesce(sum(units) filter (where not is_due), 0)::text as kept
  from (
    select s.block_number < $2::bigint as is_due, '0x' || encode(held.holder, 'hex') as holder, held.units
    from holding_snapshot s cross join lateral unnest(s.holders, s.units) held (holder, units)
    where s.project_id = $1::int and s.block_number in ($2::bigint, $3::bigint)
    union all
    select true, case way when 1 then to_address else from_address end, way * t.units
    from transfer t cross join (values (1), (-1)) ways (way)
    where project_id = $1::int and block_number > coalesce($3::bigint, -1) and block_number <= $2::bigint
  ) entry
  where holder <> '0x0000000000000000000000000000000000000000'
  group by holder
  having coalesce(sum(units) filter (where is_due), 0) <> coalesce(sum(units) filter (where not is_due), 0)
  order by holder
  limit 100`
