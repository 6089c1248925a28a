import { encodePacked, keccak256 } from 'viem'
import { inTransaction } from '../../common/node/db.ts'
import { broadcast } from './broadcast.ts'
import { type Engine, signerOf } from './engine.ts'
import { bump, type Fees, readFees } from './fees.ts'
import type { Hold } from './hold-signer.ts'
import { type Attempt, addAttempt, type Intent, listAttempts, listFromNonce } from './intents.ts'
import { findReceipt, type Heads } from './nodes.ts'
import { markUndone } from './outcomes.ts'
import { signAttempt } from './sign.ts'

const NOOP_GAS = 21_000n
const MIN_BUMP_GAP_MS = 10_000

/**
 * The healer. Anchored on the chain's own nonce, not on a window of blocks: whatever was given a nonce that the chain has not used
 * is sent again, whatever the database believes became of it; nonces that nobody has are filled; what is slow is offered more.
 */
export async function sweep(engine: Engine, hold: Hold, heads: Heads): Promise<void> {
  await fillGaps(engine, hold, heads)
  const intents = await listFromNonce(engine.pool, engine.nodes.chainId, signerOf(engine), heads.lowestNonce)
  if (intents.length === 0) return
  const attempts = newestOf(
    await listAttempts(
      engine.pool,
      intents.map(({ id }) => id),
    ),
  )
  let market: Fees | undefined
  for (const intent of intents) {
    const attempt = attempts.get(intent.id)
    if (!attempt || !(await isOpen(engine, intent, heads))) continue
    const age = engine.clock().getTime() - (attempt.lastSentAt?.getTime() ?? Number.NEGATIVE_INFINITY)
    if (age < engine.settings.resendAfterMs) continue
    const reply = await broadcast(engine, attempt)
    await engine.step('sweep:resent', { txHash: attempt.txHash, reply })
    if (isSlow(engine, attempt, reply)) {
      market ??= await readFees(engine.nodes, engine.settings.fees)
      await replace(engine, intent, attempt, market)
    }
  }
}

/** Whether the intent's nonce waits for a block. One that was mined, final or reverted and whose block is gone is opened again. */
async function isOpen(engine: Engine, intent: Intent, heads: Heads): Promise<boolean> {
  if (intent.state === 'signed' || intent.state === 'broadcast') return true
  if (intent.nonce! < heads.nonce) return false
  const attempts = await listAttempts(engine.pool, [intent.id])
  if (
    await findReceipt(
      engine.nodes,
      attempts.map(({ txHash }) => txHash),
    )
  )
    return false
  await inTransaction(engine.pool, (db) => markUndone(db, intent, engine.clock()))
  const about = { intentId: intent.id, investmentId: intent.investmentId, nonce: String(intent.nonce) }
  if (intent.state === 'final') engine.log.error(about, 'FINALITY_VIOLATED: a final intent is gone from the chain; sending it again')
  else engine.log.warn(about, 'A reorg undid an intent')
  return true
}

/** Nonces below the counter that belong to nothing (their rows were lost with a restored database) would block all later ones. */
async function fillGaps(engine: Engine, hold: Hold, heads: Heads): Promise<void> {
  const key = [engine.nodes.chainId, signerOf(engine)]
  const gaps = await engine.pool.query<{ nonce: string }>(
    `select n as nonce
     from app.signer s, generate_series($3::bigint, s.next_nonce - 1) n
     where s.chain_id = $1 and s.address = $2
       and not exists (select from app.chain_intent c where c.chain_id = $1 and c.signer = $2 and c.nonce = n)
     order by n
     limit 100`,
    [...key, heads.nonce],
  )
  if (gaps.rows.length === 0) return
  const fees = await readFees(engine.nodes, engine.settings.fees)
  await inTransaction(engine.pool, async (db) => {
    const { rowCount } = await db.query('select from app.signer where chain_id = $1 and address = $2 and epoch = $3 for update', [
      ...key,
      hold.epoch,
    ])
    if (rowCount !== 1) throw new Error('Fenced: another worker holds the signer')
    for (const { nonce } of gaps.rows) {
      const subject = keccak256(
        encodePacked(['uint256', 'address', 'uint256'], [BigInt(engine.nodes.chainId), engine.minter.address, BigInt(nonce)]),
      )
      const now = engine.clock()
      const { rows } = await db.query<{ id: string }>(
        `insert into app.chain_intent (kind, subject, to_address, call_data, state, chain_id, signer, nonce, created_at, updated_at)
         values ('noop', $1, $2, '0x', 'signed', $3, $2, $4, $5, $5)
         on conflict do nothing
         returning id`,
        [subject, signerOf(engine), engine.nodes.chainId, nonce, now],
      )
      const intent = rows[0] && { id: rows[0].id, toAddress: engine.minter.address, callData: '0x' as const }
      if (intent) await addAttempt(db, await signAttempt(engine, intent, { ...fees, nonce: BigInt(nonce), gasLimit: NOOP_GAS }))
    }
  })
  engine.log.warn({ nonces: gaps.rows.map(({ nonce }) => nonce) }, 'Filled gaps in the nonces with empty transactions')
  await engine.step('sweep:gaps-filled')
}

function isSlow(engine: Engine, attempt: Attempt, reply: string): boolean {
  const age = engine.clock().getTime() - attempt.createdAt.getTime()
  if (reply === 'underpriced') return age >= Math.min(MIN_BUMP_GAP_MS, engine.settings.bumpAfterMs)
  return reply === 'taken' && age >= engine.settings.bumpAfterMs
}

/** A new attempt at the same nonce with the same call, stored before it is sent. */
async function replace(engine: Engine, intent: Intent, last: Attempt, market: Fees): Promise<void> {
  const fees = bump(engine.settings.fees, last, market)
  if (!fees) {
    engine.log.warn({ intentId: intent.id, nonce: String(last.nonce) }, 'A transaction waits at the fee cap')
    return
  }
  const signed = await signAttempt(engine, intent, { ...fees, nonce: last.nonce, gasLimit: last.gasLimit })
  await addAttempt(engine.pool, signed)
  await engine.step('sweep:bumped', { txHash: signed.txHash })
  engine.log.info(
    { intentId: intent.id, nonce: String(last.nonce), maxFeePerGas: String(fees.maxFeePerGas) },
    'Offered more for a slow transaction',
  )
  await broadcast(engine, { ...signed, n: last.n + 1, lastSentAt: null })
}

function newestOf(attempts: Attempt[]): Map<string, Attempt> {
  return new Map(attempts.map((attempt) => [attempt.intentId, attempt]))
}
