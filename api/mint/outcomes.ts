import type { Hex } from 'viem'
import type { Db } from '../../common/node/db.ts'
import { notify } from '../notifications/notify.ts'
import type { Intent, Location } from './intents.ts'

/** Every way an intent's state moves, each with what it means for its investment. The caller opens the transaction. */

/** Seen in a block. An intent found on chain without ever being sent from here is adopted: it keeps no nonce. */
export async function markMined(db: Db, intent: Intent, { txHash, blockNumber, blockHash }: Location, now: Date): Promise<void> {
  const { rowCount } = await db.query(
    `update app.chain_intent set state = 'mined', tx_hash = $2, block_number = $3, block_hash = $4, updated_at = $5
     where id = $1 and state in ('created', 'signed', 'broadcast', 'mined')`,
    [intent.id, txHash, blockNumber, blockHash, now],
  )
  if (rowCount === 1 && intent.investmentId) await moveInvestment(db, intent.investmentId, ['paid'], 'minting', now)
}

/** Cannot be undone any more: the investment is settled and the investor is told. Does nothing when a reorg came in between. */
export async function markFinal(db: Db, intent: Intent, now: Date): Promise<void> {
  const { rowCount } = await db.query(
    `update app.chain_intent set state = 'final', updated_at = $3 where id = $1 and state = 'mined' and block_hash = $2`,
    [intent.id, intent.blockHash, now],
  )
  if (rowCount !== 1 || !intent.investmentId) return
  if (await moveInvestment(db, intent.investmentId, ['minting'], 'settled', now)) {
    await notify(db, { kind: 'investment_settled', investmentId: intent.investmentId, now })
  }
}

/** Its block is gone (a reorg): back to being sent under the same nonce, or to waiting when it never had one here. */
export async function markUndone(db: Db, intent: Intent, now: Date): Promise<void> {
  const { rowCount } = await db.query(
    `update app.chain_intent
     set state = case when nonce is null then 'created' else 'broadcast' end,
       tx_hash = null, block_number = null, block_hash = null, review_reason = null, updated_at = $3
     where id = $1 and state = $2`,
    [intent.id, intent.state, now],
  )
  if (rowCount !== 1 || !intent.investmentId) return
  // An investment under review for another cause (a refund while its units travelled) stays there.
  await moveInvestment(db, intent.investmentId, [intent.state === 'review' ? 'review' : 'settled'], 'minting', now)
}

/** A person must look at it. Nothing is ever retried from here by itself. */
export async function markReview(db: Db, intent: Intent, reason: string, now: Date): Promise<void> {
  const { rowCount } = await db.query(
    `update app.chain_intent set state = 'review', review_reason = $2, updated_at = $3
     where id = $1 and state in ('created', 'signed', 'broadcast')`,
    [intent.id, reason, now],
  )
  if (rowCount !== 1 || !intent.investmentId) return
  await db.query(
    `update app.investment set state = 'review', review_reason = $2, updated_at = $3 where id = $1 and state in ('paid', 'minting')`,
    [intent.investmentId, reason, now],
  )
}

/**
 * Gives an intent back its right to a nonce, after proof at finality that the one it had was used by a transaction that is not ours
 * and that the chain does not show what it wants.
 */
export async function markUnassigned(db: Db, intent: Intent, now: Date): Promise<void> {
  await db.query(
    `update app.chain_intent
     set state = case kind when 'noop' then 'cancelled' else 'created' end, signer = null, nonce = null, updated_at = $2
     where id = $1 and state in ('signed', 'broadcast')`,
    [intent.id, now],
  )
}

/**
 * Back to waiting, after its transaction was mined and undone for a cause that passes by itself. Should a reorg bring that very
 * transaction again, what it mints is minted once all the same: the contract knows the investment.
 */
export async function markRefused(db: Db, intent: Intent, now: Date): Promise<void> {
  await db.query(
    `update app.chain_intent set state = 'created', signer = null, nonce = null, updated_at = $2
     where id = $1 and state in ('signed', 'broadcast')`,
    [intent.id, now],
  )
}

/** Fresh papers for the same deed, as long as no transaction with the old ones is under way. */
export async function renewCall(db: Db, intentId: string, callData: Hex, now: Date): Promise<void> {
  await db.query(`update app.chain_intent set call_data = $2, updated_at = $3 where id = $1 and state = 'created'`, [
    intentId,
    callData,
    now,
  ])
}

/** Not needed any more, and no nonce was spent on it. */
export async function markCancelled(db: Db, intentId: string, now: Date): Promise<void> {
  await db.query(`update app.chain_intent set state = 'cancelled', updated_at = $2 where id = $1 and state = 'created'`, [intentId, now])
}

async function moveInvestment(db: Db, id: string, from: string[], to: string, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    'update app.investment set state = $3, review_reason = null, updated_at = $4 where id = $1 and state = any($2)',
    [id, from, to, now],
  )
  return rowCount === 1
}
