import type { PoolClient } from 'pg'
import { inTransaction } from '../../common/node/db.ts'
import { type Engine, signerOf } from './engine.ts'
import { type Fees, readFees } from './fees.ts'
import type { Hold } from './hold-signer.ts'
import { addAttempt, type Intent, listWaiting } from './intents.ts'
import { askOne } from './nodes.ts'
import { markCancelled, markMined, markReview, renewCall } from './outcomes.ts'
import { checkIntent, type Verdict } from './preflight.ts'
import { signAttempt } from './sign.ts'

type Sendable = { intent: Intent; gasLimit: bigint }

/**
 * Gives waiting intents their nonces, as many as may be in flight. Checks with the chain come first and outside the transaction;
 * then signer, nonce, signature and attempt are one transaction, so that a nonce is either stored with its signed bytes or was never taken.
 */
export async function allocate(engine: Engine, hold: Hold, inFlight: number): Promise<void> {
  const free = engine.settings.maxInFlight - inFlight
  if (free <= 0) return
  const waiting = await listWaiting(engine.pool, engine.nodes.chainId, free)
  if (waiting.length === 0) return
  const verdicts = await Promise.all(waiting.map((intent) => checkIntent(engine, intent)))
  await engine.step('allocate:checked', { waiting: waiting.length })
  const sendable: Sendable[] = []
  for (const [index, intent] of waiting.entries()) {
    const verdict = verdicts[index]!
    if (verdict.say === 'send') sendable.push({ intent, gasLimit: verdict.gasLimit })
    else await applyVerdict(engine, intent, verdict)
  }
  if (sendable.length === 0) return
  const fees = await readFees(engine.nodes, engine.settings.fees)
  const affordable = await keepAffordable(engine, sendable, fees, inFlight)
  if (affordable.length === 0) return
  await signAll(engine, hold, affordable, fees)
  await engine.step('allocate:committed')
}

async function applyVerdict(engine: Engine, intent: Intent, verdict: Exclude<Verdict, { say: 'send' }>): Promise<void> {
  const about = { intentId: intent.id, investmentId: intent.investmentId }
  const now = engine.clock()
  await inTransaction(engine.pool, async (db) => {
    if (verdict.say === 'done') await markMined(db, intent, verdict.location, now)
    if (verdict.say === 'review') await markReview(db, intent, verdict.reason, now)
    if (verdict.say === 'cancel') await markCancelled(db, intent.id, now)
    if (verdict.say === 'renew') await renewCall(db, intent.id, verdict.callData, now)
    // Goes to the back of the queue, so that what must wait does not keep others waiting.
    if (verdict.say === 'wait') await db.query('update app.chain_intent set updated_at = $2 where id = $1', [intent.id, now])
  })
  if (verdict.say === 'done')
    engine.log.warn({ ...about, ...verdict.location }, 'Found an intent on chain that was not sent from this database')
  else if (verdict.say === 'review') engine.log.error({ ...about, reason: verdict.reason }, 'Put an intent up for review')
  else engine.log.warn({ ...about, reason: verdict.reason }, `An intent must ${verdict.say}`)
}

/** Leaves out what the signer's balance cannot pay for, besides what is in flight already. Nothing is lost: it waits. */
async function keepAffordable(engine: Engine, sendable: Sendable[], fees: Fees, inFlight: number): Promise<Sendable[]> {
  let balance = await askOne(engine.nodes, (client) => client.getBalance({ address: engine.minter.address }))
  const costOf = (gasLimit: bigint) => gasLimit * fees.maxFeePerGas
  balance -= BigInt(inFlight) * costOf(sendable[0]!.gasLimit)
  const kept = sendable.filter(({ gasLimit }) => {
    balance -= costOf(gasLimit)
    return balance >= 0n
  })
  if (kept.length < sendable.length) {
    engine.log.error({ signer: engine.minter.address, waiting: sendable.length - kept.length }, 'The signer has too little gas money')
  }
  return kept
}

async function signAll(engine: Engine, hold: Hold, sendable: Sendable[], fees: Fees): Promise<void> {
  const key = [engine.nodes.chainId, signerOf(engine)]
  await inTransaction(engine.pool, async (db) => {
    // Investments before signer and intents: the same order in which a refund takes its locks.
    const allowed = await lockSendable(db, sendable)
    const { rows } = await db.query<{ nextNonce: string; stoppedReason: string | null }>(
      `select next_nonce as "nextNonce", stopped_reason as "stoppedReason" from app.signer
       where chain_id = $1 and address = $2 and epoch = $3
       for update`,
      [...key, hold.epoch],
    )
    const signer = rows[0]
    if (!signer) throw new Error('Fenced: another worker holds the signer')
    await engine.step('allocate:locked', { nextNonce: signer.nextNonce })
    if (signer.stoppedReason !== null) {
      engine.log.warn({ reason: signer.stoppedReason }, 'The signer is stopped; nothing is signed')
      return
    }
    const busy = await db.query<{ count: number }>(
      `select count(*)::int as count from app.chain_intent where chain_id = $1 and signer = $2 and state in ('signed', 'broadcast')`,
      key,
    )
    let nonce = BigInt(signer.nextNonce)
    for (const { intent, gasLimit } of allowed.slice(0, Math.max(0, engine.settings.maxInFlight - busy.rows[0]!.count))) {
      await signOne(engine, db, intent, { ...fees, nonce, gasLimit })
      nonce += 1n
      await engine.step('allocate:signed', { intentId: intent.id, nonce: String(nonce - 1n) })
    }
    await db.query('update app.signer set next_nonce = $3 where chain_id = $1 and address = $2', [...key, nonce])
  })
}

/** Locks what is still waiting; the intent of an investment that is not to be minted any more is cancelled. */
async function lockSendable(db: PoolClient, sendable: Sendable[]): Promise<Sendable[]> {
  const investmentIds = sendable.flatMap(({ intent }) => intent.investmentId ?? [])
  const investments = await db.query<{ id: string; state: string }>(
    'select id, state from app.investment where id = any($1) order by id for update skip locked',
    [investmentIds],
  )
  const intents = await db.query<{ id: string }>(
    `select id from app.chain_intent where id = any($1) and state = 'created' order by id for update skip locked`,
    [sendable.map(({ intent }) => intent.id)],
  )
  const waiting = new Set(intents.rows.map(({ id }) => id))
  const stateOf = new Map(investments.rows.map(({ id, state }) => [id, state]))
  const kept: Sendable[] = []
  for (const one of sendable.filter(({ intent }) => waiting.has(intent.id))) {
    const { id, investmentId } = one.intent
    if (investmentId === null) kept.push(one)
    else if (['paid', 'minting'].includes(stateOf.get(investmentId) ?? '')) kept.push(one)
    else if (stateOf.has(investmentId))
      await db.query(`update app.chain_intent set state = 'cancelled', updated_at = now() where id = $1`, [id])
  }
  return kept
}

async function signOne(engine: Engine, db: PoolClient, intent: Intent, terms: Fees & { nonce: bigint; gasLimit: bigint }): Promise<void> {
  const now = engine.clock()
  await db.query(`update app.chain_intent set state = 'signed', signer = $2, nonce = $3, updated_at = $4 where id = $1`, [
    intent.id,
    signerOf(engine),
    terms.nonce,
    now,
  ])
  if (intent.investmentId) {
    await db.query(`update app.investment set state = 'minting', updated_at = $2 where id = $1 and state = 'paid'`, [
      intent.investmentId,
      now,
    ])
  }
  await addAttempt(db, await signAttempt(engine, intent, terms))
}
