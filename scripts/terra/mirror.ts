import { setTimeout as sleep } from 'node:timers/promises'
import type { Address } from 'viem'
import type { Db } from '../../common/node/db.ts'
import { CliError } from './cli-error.ts'
import type { Progress } from './progress.ts'

export interface Holder {
  holder: Address
  units: bigint
}

/** Who holds units of a project by the mirror, most first. */
export async function listHolders(db: Db, projectId: number): Promise<Holder[]> {
  const { rows } = await db.query<{ holder: Address; units: string }>(
    `select holder, units
     from chain.holding
     where project_id = $1
     order by units desc, holder`,
    [projectId],
  )
  return rows.map((row) => ({ holder: row.holder, units: BigInt(row.units) }))
}

/** The newest block the mirror has, or -1 when it has none. */
export async function mirroredBlock(db: Db): Promise<bigint> {
  const { rows } = await db.query<{ block: string }>('select block_number as block from chain.checkpoint')
  return BigInt(rows[0]?.block ?? -1)
}

/**
 * Waits until the mirror has come to a block.
 * @throws CliError MIRROR_BEHIND after `timeoutMs`
 */
export async function waitMirror(db: Db, block: bigint, progress: Progress, timeoutMs = 60_000): Promise<void> {
  const from = await mirroredBlock(db)
  const deadline = Date.now() + timeoutMs
  for (let at = from; at < block; at = await mirroredBlock(db)) {
    progress.advance(Number(at - from), Number(block - from), 'Waiting for the mirror')
    if (Date.now() > deadline) {
      throw new CliError('MIRROR_BEHIND', `The mirror is at block ${at}, and block ${block} is needed`, {
        hint: 'see that the indexer runs (terra status), then run the command again: it goes on where it stopped',
      })
    }
    await sleep(200)
  }
}
