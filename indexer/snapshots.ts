import type { Db } from '../common/node/db.ts'
import { inTransaction } from './in-transaction.ts'

/** Where a snapshot of a project's holdings stands or is to be made. */
export interface SnapshotPlace {
  projectId: number
  block: bigint
}

/** Projects looked at in one query. */
const PROJECTS_AT_ONCE = 500
const BEFORE_ALL = -2_147_483_649n

/**
 * The next snapshot of every project that has gone so far since its last one: `every` transfers, or half as many as it had holders then, so
 * that all snapshots together grow with the transfers: two entries for each, or a tenth of the transfers' own size. Only at final blocks.
 * In portions of some projects.
 */
export async function* findDueSnapshots(db: Db, every: number): AsyncGenerator<SnapshotPlace[]> {
  for (let after = BEFORE_ALL; ; ) {
    const { rows } = await db.query<{ projectId: number; block: string | null }>(
      `with recursive project as (
        (select project_id, 1 as place from transfer where project_id > $1::bigint order by project_id limit 1)
        union all
        select (select t.project_id from transfer t where t.project_id > p.project_id order by t.project_id limit 1), p.place + 1
        from project p
        where p.project_id is not null and p.place < $3
      )
      select p.project_id as "projectId", due.block_number as block
      from project p
      left join lateral (
        select s.block_number, s.holder_count from holding_snapshot s where s.project_id = p.project_id order by s.block_number desc limit 1
      ) last on true
      left join lateral (
        select t.block_number
        from transfer t
        where t.project_id = p.project_id
          and t.block_number > coalesce(last.block_number, -1)
          and t.block_number <= (select final_block from checkpoint)
        order by t.block_number
        offset greatest($2::int, coalesce(last.holder_count, 0) / 2) - 1
        limit 1
      ) due on true
      where p.project_id is not null
      order by p.project_id`,
      [after, every, PROJECTS_AT_ONCE],
    )
    yield rows.flatMap(({ projectId, block }) => (block === null ? [] : [{ projectId, block: BigInt(block) }]))
    if (rows.length < PROJECTS_AT_ONCE) return
    after = BigInt(rows.at(-1)!.projectId)
  }
}

/**
 * Keeps who held what of a project at the end of a final block, worked out from the snapshot before and the transfers since.
 * Any connection may do it beside the indexer: a checkpoint that moved meanwhile, and with it anything that writes or deletes rows, makes it
 * fail with serialization_failure ({@link isOvertaken}), and nothing happened. Resolves to false when the block is not final.
 */
export function makeSnapshot(db: Db, { projectId, block }: SnapshotPlace): Promise<boolean> {
  return inTransaction(db, async () => {
    await db.query('set transaction isolation level repeatable read')
    await db.query('set local synchronous_commit = off')
    const { rows } = await db.query<{ isFinal: boolean }>('select final_block >= $1 as "isFinal" from checkpoint', [block])
    if (rows[0]?.isFinal !== true) return false
    await db.query(
      `insert into holding_snapshot (project_id, block_number, holder_count, holders, units)
      select $1, $2, count(*), coalesce(array_agg(decode(substr(holder, 3), 'hex') order by holder collate "C"), '{}'),
        coalesce(array_agg(units order by holder collate "C"), '{}')
      from (${SUMS}) held`,
      [projectId, block],
    )
    // Fails when a transaction committed that changed it since the first query; whoever comes later waits, and then sees the new row.
    await db.query('select from checkpoint for share')
    return true
  })
}

/** Forgets snapshots above a block, which need its transfers no more. Needs the transaction that deletes or changes rows above it. */
export async function dropSnapshotsAbove(db: Db, block: bigint): Promise<void> {
  await db.query('delete from holding_snapshot where block_number > $1', [block])
}

/** True when a snapshot was not made because the mirror moved, or another one made it; it can be tried again. */
export function isOvertaken(error: unknown): boolean {
  return ['40001', '40P01', '23505'].includes(String((error as { code?: unknown }).code))
}

/** Units by holder of project $1 at the end of block $2: of the snapshot before it, and what moved since. */
const SUMS = `
  with before as (
    select block_number, holders, units
    from holding_snapshot
    where project_id = $1 and block_number < $2
    order by block_number desc
    limit 1
  )
  select holder, sum(delta) as units
  from (
    select '0x' || encode(held.holder, 'hex') as holder, held.units as delta
    from before cross join lateral unnest(before.holders, before.units) held (holder, units)
    union all
    select case way when 1 then to_address else from_address end, way * t.units
    from transfer t cross join (values (1), (-1)) ways (way)
    where project_id = $1 and block_number > coalesce((select block_number from before), -1) and block_number <= $2
  ) moved
  where holder <> '0x0000000000000000000000000000000000000000'
  group by holder
  having sum(delta) <> 0`
