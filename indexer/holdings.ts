import { finished } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import type { Db } from '../common/node/db.ts'
import type { HoldingDeltas } from './backfill/holding-deltas.ts'
import { createCopyBuffer } from './copy-buffer.ts'
import { Stop } from './errors.ts'

/**
 * Adds what moved in some blocks to the holdings (`sign` 1), or takes it away again before the transfers are deleted (-1).
 * Needs the transaction that writes or deletes those transfers.
 * @throws Stop HOLDING_BELOW_ZERO when somebody gave away more than the mirror saw him get
 */
export async function moveHoldings(db: Db, sign: 1 | -1, fromBlock: bigint, toBlock: bigint): Promise<void> {
  const { rows } = await db.query<{ projectId: number; holder: string; units: string }>(
    `with moved as (${movedBetween('$1', '$2', sign)}),
    changed as (
      insert into holding as h (project_id, holder, units)
      select project_id, holder, units
      from moved
      on conflict (holder, project_id) do update set units = h.units + excluded.units
      returning project_id, holder, units
    )
    select project_id as "projectId", holder, units
    from changed
    where units <= 0`,
    [fromBlock, toBlock],
  )
  refuseBelowZero(rows.filter(({ units }) => units.startsWith('-')))
  if (rows.length > 0)
    await db.query(
      `delete from holding
      using unnest($1::int[], $2::text[]) as empty (project_id, holder)
      where holding.project_id = empty.project_id and holding.holder = empty.holder`,
      [rows.map((row) => row.projectId), rows.map((row) => row.holder)],
    )
}

/**
 * Works out all holdings anew from all transfers; much faster than {@link moveHoldings} for many. Snapshots of them go: they are made again.
 * @throws Stop HOLDING_BELOW_ZERO
 */
export async function sumHoldings(db: Db): Promise<void> {
  await forgetHoldings(db)
  await db.query(`insert into holding (project_id, holder, units) ${movedBetween(0, '9223372036854775807', 1)}`)
  const { rows } = await db.query<{ projectId: number; holder: string; units: string }>(
    `select project_id as "projectId", holder, units from holding where units < 0 limit 1`,
  )
  refuseBelowZero(rows)
}

/** Writes the holdings that were added up during the load into the empty table. @throws Stop HOLDING_BELOW_ZERO */
export async function loadHoldings(db: Db, deltas: HoldingDeltas): Promise<void> {
  await forgetHoldings(db)
  const buffer = createCopyBuffer(2_000_000)
  let copying = Promise.resolve()
  const copy = async (bytes: Buffer) => {
    const stream = await db.query(copyFrom('copy holding (project_id, holder, units) from stdin (format binary)'))
    stream.end(bytes)
    await finished(stream)
  }
  // The next part is worked out while the database writes this one.
  const onPart = async () => {
    await copying
    copying = copy(buffer.take())
    copying.catch(() => {})
  }
  await deltas.writeTo(buffer, onPart, (holder, projectId) => refuseBelowZero([{ holder, projectId }]))
  await copying
}

async function forgetHoldings(db: Db): Promise<void> {
  await db.query('delete from holding')
  await db.query('delete from holding_snapshot')
}

const ZERO_ADDRESS = `'0x0000000000000000000000000000000000000000'`

function movedBetween(from: string | number, to: string, sign: 1 | -1): string {
  return `select project_id, holder, sum(delta) as units
    from (
      select project_id, to_address as holder, ${sign === 1 ? '' : '-'}units as delta
      from transfer
      where block_number between ${from} and ${to} and to_address <> ${ZERO_ADDRESS}
      union all
      select project_id, from_address, ${sign === 1 ? '-' : ''}units
      from transfer
      where block_number between ${from} and ${to} and from_address <> ${ZERO_ADDRESS}
    ) deltas
    group by project_id, holder
    having sum(delta) <> 0`
}

function refuseBelowZero(rows: readonly { projectId: number; holder: string }[]): void {
  const first = rows[0]
  if (first !== undefined)
    throw new Stop(
      'HOLDING_BELOW_ZERO',
      `${first.holder} gave away more units of ${first.projectId} than the mirror saw him get: START_BLOCK is later than the contract’s first transfer`,
    )
}
