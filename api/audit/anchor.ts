import {
  type Address,
  decodeAbiParameters,
  encodeAbiParameters,
  type Hex,
  keccak256,
  type LocalAccount,
  parseAbiParameters,
  stringToHex,
} from 'viem'
import { inTransaction, type Pool } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import type { Log } from '../../common/node/log.ts'

export interface AnchorDeps {
  pool: Pool
  deployment: Deployment
  /** Sends the anchor, to itself. */
  minter: LocalAccount
  clock: () => Date
  log: Log
}

/** A place in the chain of audit rows, and the hash there. */
export interface AuditHead {
  seq: bigint
  hash: Hex
}

const TAG = stringToHex('terra-lumina audit 1', { size: 32 })
const SHAPE = parseAbiParameters('bytes32 tag, uint256 seq, bytes32 hash')

/** What an anchor's transaction says: 96 bytes of call data. */
export function encodeAnchor({ seq, hash }: AuditHead): Hex {
  return encodeAbiParameters(SHAPE, [TAG, seq, hash])
}

/** Undefined when the call data is no anchor. */
export function decodeAnchor(callData: Hex): AuditHead | undefined {
  if (callData.length !== 2 + 96 * 2 || !callData.startsWith(TAG)) return undefined
  const [, seq, hash] = decodeAbiParameters(SHAPE, callData)
  return { seq, hash }
}

/**
 * Queues the anchor of the day that ended last in UTC, once, and says whether it did. The mint engine signs, stores and sends it like a mint: it
 * survives a crash anywhere. A second transaction of the same anchor, after a database was restored, says the same again.
 */
export async function anchorDay({ pool, deployment, minter, clock, log }: AnchorDeps): Promise<boolean> {
  const now = clock()
  const midnight = new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000)
  return inTransaction(pool, async (db) => {
    await db.query(`select pg_advisory_xact_lock(hashtextextended('audit anchor', 0))`)
    const { rows } = await db.query<{ seq: string; hash: Buffer }>(
      `select seq, hash
       from app.audit_seal
       where exists (select from app.audit_seal where seq = (select coalesce(max(seq), 0) + 1 from app.audit_anchor) and audit_at < $1)
         and not exists (select from app.audit_anchor where day >= ($1::timestamptz at time zone 'UTC')::date - 1)
       order by seq desc
       limit 1`,
      [midnight],
    )
    const row = rows[0]
    if (!row) return false
    const head: AuditHead = { seq: BigInt(row.seq), hash: `0x${row.hash.toString('hex')}` }
    const callData = encodeAnchor(head)
    const { rows: intents } = await db.query<{ id: string }>(
      `insert into app.chain_intent (kind, subject, to_address, call_data, state, chain_id, created_at, updated_at)
       values ('anchor', $1, $2, $3, 'created', $4, $5, $5)
       returning id`,
      [keccak256(callData), minter.address.toLowerCase() as Address, callData, deployment.chainId, now],
    )
    await db.query(
      `insert into app.audit_anchor (day, seq, hash, intent_id) values (($1::timestamptz at time zone 'UTC')::date - 1, $2, $3, $4)`,
      [midnight, row.seq, row.hash, intents[0]!.id],
    )
    log.info({ seq: row.seq, hash: head.hash, intentId: intents[0]!.id }, 'Queued the anchor of the audit')
    return true
  })
}
