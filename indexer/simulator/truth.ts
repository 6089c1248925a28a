import type { Hex } from 'viem'
import { inTransaction, type Pool } from '../../common/node/db.ts'
import type { SimBlock } from './block.ts'
import type { SimChain } from './chain.ts'
import { START_BLOCK } from './mirror.ts'
import { modelAt } from './model.ts'

/**
 * Compares transfers and holdings with the truth at the very block at which the mirror says it stands, on whatever branch that is.
 * Transfers below `fromBlock` are only counted and summed. Answers what is wrong, nothing when all is right.
 */
export async function findUntruths(pool: Pool, chain: SimChain, fromBlock = START_BLOCK): Promise<string[]> {
  const mirror = await readMirror(pool, fromBlock)
  if (mirror.hash === undefined)
    return mirror.transfers.length + mirror.holdings.length === 0 ? [] : ['A mirror without a checkpoint has rows']
  const block = chain.blockOf(mirror.hash)
  if (block === undefined) return [`The mirror stands on a block that never was: ${mirror.number} ${mirror.hash}`]
  const truth = modelAt(chain, block, START_BLOCK)
  // During a first load the holdings may follow later than the transfers; they then say at which block they are.
  const held = mirror.holdingNumber === block.number ? truth : modelAt(chain, ancestorOf(chain, block, mirror.holdingNumber), START_BLOCK)
  const cut = truth.transfers.findIndex((line) => Number(line.split('|', 1)[0]) >= fromBlock)
  const older = cut < 0 ? truth.transfers : truth.transfers.slice(0, cut)
  const newer = cut < 0 ? [] : truth.transfers.slice(cut)
  const sum = older.reduce((total, line) => total + BigInt(line.slice(line.lastIndexOf('|') + 1)), 0n)
  const wrong = [...compare('transfer', mirror.transfers, newer), ...compare('holding', mirror.holdings, held.holdings)]
  if (mirror.older !== `${older.length} ${sum}`)
    wrong.push(`transfer: ${mirror.older} below block ${fromBlock}, not ${older.length} ${sum}`)
  return wrong.map((line) => `at block ${mirror.number}: ${line}`)
}

function ancestorOf(chain: SimChain, block: SimBlock, number: number): SimBlock {
  let at = block
  while (at.number > Math.max(0, number)) at = chain.blockOf(at.parentHash)!
  return at
}

interface Mirrored {
  number: number | undefined
  holdingNumber: number
  hash: Hex | undefined
  transfers: string[]
  holdings: string[]
  older: string
}

function readMirror(pool: Pool, fromBlock: number): Promise<Mirrored> {
  return inTransaction(pool, async (db) => {
    await db.query('set transaction isolation level repeatable read, read only')
    const checkpoint = await db.query<{ number: string; hash: Hex; holding: string }>(
      'select block_number as number, block_hash as hash, holding_block as holding from chain.checkpoint',
    )
    const transfers = await db.query<{ line: string }>(
      `select concat_ws('|', block_number, log_index, batch_index, extract(epoch from block_time)::bigint, tx_hash, operator, from_address,
        to_address, project_id, units) as line
      from chain.transfer
      where block_number >= $1
      order by block_number, log_index, batch_index`,
      [fromBlock],
    )
    const older = await db.query<{ line: string }>(
      `select count(*) || ' ' || coalesce(sum(units), 0) as line from chain.transfer where block_number < $1`,
      [fromBlock],
    )
    const holdings = await db.query<{ line: string }>(`select concat_ws('|', project_id, holder, units) as line from chain.holding`)
    const found = checkpoint.rows[0]
    return {
      number: found && Number(found.number),
      holdingNumber: Number(found?.holding ?? -1),
      hash: found?.hash,
      transfers: transfers.rows.map(({ line }) => line),
      holdings: holdings.rows.map(({ line }) => line).sort(),
      older: older.rows[0]!.line,
    }
  })
}

function compare(what: string, found: readonly string[], expected: readonly string[]): string[] {
  const at = expected.findIndex((line, index) => line !== found[index])
  if (at < 0 && found.length === expected.length) return []
  const place = at < 0 ? expected.length : at
  return [`${what} ${place} of ${expected.length} (${found.length} found): ${found[place]} instead of ${expected[place]}`]
}
