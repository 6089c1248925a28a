import type { Db } from '../../common/node/db.ts'
import { DIGEST_BLOCKS } from './chain/digest.ts'
import type { Facts } from './chain/generate.ts'

/** How to read a contestant's tables. */
export interface IndexQueries {
  /** Rows (block, tx_hash, log_index, batch_index, operator, from_address, to_address, project_id, units). */
  transfers: string
  /** Rows (project_id, holder, units). */
  holdings: string
}

/** What of an index differs from its chain, as sentences; none when every transfer and every holding is right. */
export async function verifyIndex(
  db: Db,
  queries: IndexQueries,
  facts: Pick<Facts, 'transferDigests' | 'holdingDigests'>,
): Promise<string[]> {
  const transfers = await db.query<Digest>(
    `select (block_number / ${DIGEST_BLOCKS})::text as part, ${digestOf('block_number, log_index, batch_index')} as digest
    from (
      select block_number::bigint, log_index, batch_index,
        concat_ws('|', block_number, lower(tx_hash), log_index, batch_index, lower(operator), lower(from_address), lower(to_address),
          project_id, units) as line
      from (${queries.transfers}) t
        (block_number, tx_hash, log_index, batch_index, operator, from_address, to_address, project_id, units)
    ) lines
    group by block_number / ${DIGEST_BLOCKS}`,
  )
  const holdings = await db.query<Digest>(
    `select project_id::text as part, ${digestOf('holder collate "C"')} as digest
    from (
      select project_id, lower(holder) as holder, concat_ws('|', lower(holder), units) as line
      from (${queries.holdings}) h (project_id, holder, units)
      where units <> 0
    ) lines
    group by project_id`,
  )
  return [
    ...differences('transfers in blocks from thousand', facts.transferDigests, transfers.rows),
    ...differences('holdings of project', facts.holdingDigests, holdings.rows),
  ]
}

interface Digest {
  part: string
  digest: string
}

function digestOf(order: string): string {
  return `encode(sha256(convert_to(string_agg(line || E'\\n', '' order by ${order}), 'UTF8')), 'hex')`
}

function differences(what: string, expected: Record<string, string>, found: Digest[]): string[] {
  const parts = new Map(found.map(({ part, digest }) => [part, digest]))
  const wrong = [...new Set([...Object.keys(expected), ...parts.keys()])].filter((part) => expected[part] !== parts.get(part))
  return wrong.length === 0 ? [] : [`${what} ${wrong.slice(0, 5).join(', ')}${wrong.length > 5 ? ` and ${wrong.length - 5} more` : ''}`]
}
