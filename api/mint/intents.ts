import type { Address, Hash, Hex } from 'viem'
import type { Db } from '../../common/node/db.ts'

export type IntentState = 'created' | 'signed' | 'broadcast' | 'mined' | 'final' | 'review' | 'cancelled'

/** One thing to be done exactly once on chain. */
export interface Intent {
  id: string
  kind: 'mint' | 'register' | 'noop' | 'anchor'
  subject: Hash
  investmentId: string | null
  wallet: Address | null
  toAddress: Address
  callData: Hex
  state: IntentState
  nonce: bigint | null
  blockNumber: bigint | null
  blockHash: Hash | null
}

/** A signed transaction, stored before it was ever sent. */
export interface Attempt {
  intentId: string
  n: number
  nonce: bigint
  txHash: Hash
  rawTx: Hex
  gasLimit: bigint
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
  createdAt: Date
  lastSentAt: Date | null
}

/** Where something is on chain. */
export interface Location {
  txHash: Hash
  blockNumber: bigint
  blockHash: Hash
}

interface IntentRow extends Omit<Intent, 'nonce' | 'blockNumber'> {
  nonce: string | null
  blockNumber: string | null
}

interface AttemptRow extends Omit<Attempt, 'nonce' | 'gasLimit' | 'maxFeePerGas' | 'maxPriorityFeePerGas'> {
  nonce: string
  gasLimit: string
  maxFeePerGas: string
  maxPriorityFeePerGas: string
}

const COLUMNS = `c.id, c.kind, c.subject, c.investment_id as "investmentId", c.wallet, c.to_address as "toAddress",
  c.call_data as "callData", c.state, c.nonce, c.block_number as "blockNumber", c.block_hash as "blockHash"`

/** Waiting for a nonce, longest untouched first. */
export async function listWaiting(db: Db, chainId: number, limit: number): Promise<Intent[]> {
  return readIntents(db, `where c.state = 'created' and c.chain_id = $1 order by c.updated_at, c.created_at limit $2`, [chainId, limit])
}

/** Sent or about to be, and not seen in a block. */
export async function listInFlight(db: Db, chainId: number, signer: string): Promise<Intent[]> {
  return readIntents(db, `where c.state in ('signed', 'broadcast') and c.chain_id = $1 and c.signer = $2 order by c.nonce`, [
    chainId,
    signer,
  ])
}

/** In a block that may still go away. */
export async function listMined(db: Db, chainId: number): Promise<Intent[]> {
  return readIntents(db, `where c.state = 'mined' and c.chain_id = $1 order by c.block_number limit 200`, [chainId])
}

/** Everything that was ever given a nonce from `nonce` on, whatever became of it. */
export async function listFromNonce(db: Db, chainId: number, signer: string, nonce: bigint): Promise<Intent[]> {
  return readIntents(db, 'where c.chain_id = $1 and c.signer = $2 and c.nonce >= $3 order by c.nonce', [chainId, signer, nonce])
}

/** All transactions of these intents, oldest first. */
export async function listAttempts(db: Db, intentIds: readonly string[]): Promise<Attempt[]> {
  const { rows } = await db.query<AttemptRow>(
    `select intent_id as "intentId", n, nonce, tx_hash as "txHash", raw_tx as "rawTx", gas_limit as "gasLimit",
       max_fee_per_gas_wei as "maxFeePerGas", max_priority_fee_per_gas_wei as "maxPriorityFeePerGas",
       created_at as "createdAt", last_sent_at as "lastSentAt"
     from app.tx_attempt
     where intent_id = any($1)
     order by intent_id, n`,
    [intentIds],
  )
  return rows.map((row) => ({
    ...row,
    nonce: BigInt(row.nonce),
    gasLimit: BigInt(row.gasLimit),
    maxFeePerGas: BigInt(row.maxFeePerGas),
    maxPriorityFeePerGas: BigInt(row.maxPriorityFeePerGas),
  }))
}

/** Stores a signed transaction; the caller's transaction must commit before anything is sent. */
export async function addAttempt(db: Db, attempt: Omit<Attempt, 'n' | 'lastSentAt'>): Promise<void> {
  await db.query(
    `insert into app.tx_attempt
       (intent_id, n, nonce, tx_hash, raw_tx, gas_limit, max_fee_per_gas_wei, max_priority_fee_per_gas_wei, created_at)
     select $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5, $6, $7, $8
     from app.tx_attempt
     where intent_id = $1`,
    [
      attempt.intentId,
      attempt.nonce,
      attempt.txHash,
      attempt.rawTx,
      attempt.gasLimit,
      attempt.maxFeePerGas,
      attempt.maxPriorityFeePerGas,
      attempt.createdAt,
    ],
  )
}

async function readIntents(db: Db, rest: string, values: unknown[]): Promise<Intent[]> {
  const { rows } = await db.query<IntentRow>(`select ${COLUMNS} from app.chain_intent c ${rest}`, values)
  return rows.map((row) => ({
    ...row,
    nonce: row.nonce === null ? null : BigInt(row.nonce),
    blockNumber: row.blockNumber === null ? null : BigInt(row.blockNumber),
  }))
}
