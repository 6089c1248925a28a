import pg from 'pg'
import type { Hex } from 'viem'
import type { Db } from '../common/node/db.ts'
import type { Findings } from './verify-types.ts'

/** What the mirror says as of its final block, but for its holders, which {@link readPairs} streams. */
export interface MirrorState {
  chainId: number
  contract: Hex
  startBlock: bigint
  block: bigint
  hash: string
  /** The newest migration of the mirror's tables; null when the database keeps no record. */
  schemaVersion: string | null
  projects: Map<number, MirroredProject>
}

export interface MirroredProject {
  /** Minted less burned. */
  units: string
  holders: string
  epoch: number
  /** False for an id that units moved of and that no ProjectCreated announced: all of them on a plain ERC-1155 contract. */
  isCreated: boolean
}

/** A holder who has or had units of a project. */
export interface Pair {
  projectId: number
  holder: Hex
  units: string
  claimable: string
}

const PAIRS_AT_ONCE = 8_000

/** One snapshot of a mirror for the whole transaction. Must be its first query. */
export async function openSnapshot(db: Db, schema: string): Promise<void> {
  await db.query('set transaction isolation level repeatable read, read only')
  await setSchema(db, schema)
}

/** Lets unqualified names mean the tables of this mirror until the transaction ends. */
export async function setSchema(db: Db, schema: string): Promise<void> {
  await db.query(`set local search_path to ${pg.escapeIdentifier(schema)}`)
}

/** Needs an open snapshot; undefined before the first final block. */
export async function readMirror(db: Db): Promise<MirrorState | undefined> {
  type Found = { chainId: string; contract: Hex; startBlock: string; block: string; hash: string; schemaVersion: string | null }
  const checkpoint = await db.query<Found>(
    `select chain_id as "chainId", contract, start_block as "startBlock", b.block_number as block, b.block_hash as hash,
      (select max(name) from public.migration where digest is null and name like 'indexer/%') as "schemaVersion"
    from checkpoint c
    join block b on b.block_number = c.final_block`,
  )
  const found = checkpoint.rows[0]
  if (found === undefined) return undefined
  const { rows } = await db.query<MirroredProject & { projectId: number }>(
    `select project_id as "projectId", coalesce(held.units, 0)::text as units, coalesce(held.holders, 0)::text as holders,
      coalesce(opened.epoch, 0) as epoch, created.project_id is not null as "isCreated"
    from (
      select project_id, sum(units) as units, count(*) filter (where units <> 0) as holders
      from (${HELD}) pair
      group by project_id
    ) held
    full join (select project_id from project_created where block_number <= $1) created using (project_id)
    left join (select project_id, max(epoch) as epoch from epoch where block_number <= $1 group by project_id) opened using (project_id)`,
    [found.block],
  )
  return {
    chainId: Number(found.chainId),
    contract: found.contract,
    startBlock: BigInt(found.startBlock),
    block: BigInt(found.block),
    hash: found.hash,
    schemaVersion: found.schemaVersion,
    projects: new Map(rows.map(({ projectId, ...project }) => [projectId, project])),
  }
}

/** How many pairs {@link readPairs} will give. */
export async function countPairs(db: Db, block: bigint): Promise<number> {
  const { rows } = await db.query<{ count: string }>(`select count(*) from (${HELD}) pair`, [block])
  return Number(rows[0]!.count)
}

/** Every pair that ever held a unit up to a block, in bounded portions. `claimable` is 0 throughout unless asked for. */
export async function* readPairs(db: Db, block: bigint, withClaims: boolean): AsyncGenerator<Pair[]> {
  const due = withClaims ? 'left join claimable_at($1) due using (project_id, holder)' : ''
  await db.query(
    `declare pairs no scroll cursor for
    select project_id as "projectId", holder, held.units::text, ${withClaims ? 'coalesce(due.amount, 0)::text' : `'0'`} as claimable
    from (${HELD}) held
    ${due}
    order by project_id, holder`,
    [block],
  )
  for (;;) {
    const { rows } = await db.query<Pair>(`fetch ${PAIRS_AT_ONCE} from pairs`)
    if (rows.length > 0) yield rows
    if (rows.length < PAIRS_AT_ONCE) break
  }
  await db.query('close pairs')
}

/** Adds every holding that is not the sum of its transfers, at the mirror's own head. */
export async function checkHoldings(db: Db, findings: Findings): Promise<void> {
  const { rows } = await db.query<{ projectId: number; holder: string; moved: string; held: string }>(
    `select project_id as "projectId", holder, coalesce(moved.units, 0)::text as moved, coalesce(held.units, 0)::text as held
    from (select project_id, holder, units from (${HELD}) pair where units <> 0) moved
    full join holding held using (project_id, holder)
    where moved.units is distinct from held.units
    order by project_id, holder
    limit 100000`,
    [NEWEST],
  )
  for (const { projectId, holder, moved, held } of rows) findings.check('holding', projectId, holder, moved, held)
}

const NEWEST = 9_223_372_036_854_775_807n

/** Units by pair as of block $1; 0 for those who have none left. */
const HELD = `
  select project_id, holder, sum(delta) as units
  from (
    select project_id, to_address as holder, units as delta from transfer where block_number <= $1
    union all
    select project_id, from_address, -units from transfer where block_number <= $1
  ) moved
  where holder <> '0x0000000000000000000000000000000000000000'
  group by project_id, holder`
