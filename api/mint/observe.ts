import type { TransactionReceipt } from 'viem'
import { inTransaction } from '../../common/node/db.ts'
import { type Engine, signerOf } from './engine.ts'
import { type Intent, listAttempts, listInFlight, listMined } from './intents.ts'
import { locateDone, readDone } from './ledger.ts'
import { findReceipt, type Heads, isCanonical } from './nodes.ts'
import { markMined, markRefused, markReview, markUnassigned, markUndone } from './outcomes.ts'
import { checkIntent } from './preflight.ts'

/** Looks for every transaction ever sent for what is in flight, and checks that blocks noted earlier are still there. */
export async function observe(engine: Engine, heads: Heads): Promise<void> {
  const intents = [...(await listInFlight(engine.pool, engine.nodes.chainId, signerOf(engine))), ...(await listUndone(engine))]
  const attempts = await listAttempts(
    engine.pool,
    intents.map(({ id }) => id),
  )
  const seen = await Promise.all(
    intents.map(async (intent) => {
      const hashes = attempts.filter(({ intentId, nonce }) => intentId === intent.id && nonce === intent.nonce).map(({ txHash }) => txHash)
      return { intent, receipt: hashes.length === 0 ? null : await findReceipt(engine.nodes, hashes) }
    }),
  )
  await engine.step('observe:receipts-read', { intents: intents.length })
  for (const { intent, receipt } of seen) {
    if (receipt) await noteReceipt(engine, intent, receipt)
    else if (intent.state === 'mined') await noteUndone(engine, intent)
    else if (intent.nonce !== null && intent.nonce < heads.nonce) await noteUnknownHash(engine, intent, heads)
  }
  if (seen.length > 0) await engine.step('observe:written')
}

/** Mined ones whose block is no longer part of the chain. */
async function listUndone(engine: Engine): Promise<Intent[]> {
  const mined = await listMined(engine.pool, engine.nodes.chainId)
  const blocks = new Map(
    mined.map(({ blockNumber, blockHash }) => [`${blockNumber} ${blockHash}`, { blockNumber: blockNumber!, blockHash: blockHash! }]),
  )
  const standing = new Map<string, boolean>()
  await Promise.all(
    [...blocks].map(async ([key, { blockNumber, blockHash }]) =>
      standing.set(key, await isCanonical(engine.nodes, blockNumber, blockHash)),
    ),
  )
  return mined.filter(({ blockNumber, blockHash }) => !standing.get(`${blockNumber} ${blockHash}`))
}

async function noteReceipt(engine: Engine, intent: Intent, receipt: TransactionReceipt): Promise<void> {
  const location = { txHash: receipt.transactionHash, blockNumber: receipt.blockNumber, blockHash: receipt.blockHash }
  const now = engine.clock()
  if (receipt.status === 'success') {
    await inTransaction(engine.pool, (db) => markMined(db, intent, location, now))
    engine.log.info(
      { intentId: intent.id, investmentId: intent.investmentId, kind: intent.kind, ...printable(location) },
      'An intent was mined',
    )
    return
  }
  // Reverted: fine when an earlier transaction did the same already, else for a person to judge.
  if ((await readDone(engine, intent)) === 'done') {
    const earlier = await locateDone(engine, intent)
    if (earlier) await inTransaction(engine.pool, (db) => markMined(db, intent, earlier, now))
    return
  }
  const verdict = await checkIntent(engine, intent)
  const about = { intentId: intent.id, investmentId: intent.investmentId, ...printable(location) }
  if (verdict.say === 'done') return
  if (verdict.say === 'wait' || verdict.say === 'renew' || verdict.say === 'cancel') {
    await inTransaction(engine.pool, (db) => markRefused(db, intent, now))
    engine.log.warn({ ...about, reason: verdict.reason }, 'A transaction reverted on chain; its intent waits again')
    return
  }
  const cause = 'reason' in verdict ? `: ${verdict.reason}` : ', though the same call would pass now'
  const reason = `The transaction reverted on chain${cause}`
  await inTransaction(engine.pool, (db) => markReview(db, intent, reason, now))
  engine.log.error({ ...about, reason }, 'A transaction reverted on chain')
}

async function noteUndone(engine: Engine, intent: Intent): Promise<void> {
  await inTransaction(engine.pool, (db) => markUndone(db, intent, engine.clock()))
  engine.log.warn({ intentId: intent.id, blockNumber: String(intent.blockNumber) }, 'A reorg undid a mined intent')
}

/** The nonce is used, but by none of the hashes known here: a bump lost with the database, or a transaction that is not ours. */
async function noteUnknownHash(engine: Engine, intent: Intent, heads: Heads): Promise<void> {
  const now = engine.clock()
  if ((await readDone(engine, intent)) === 'done') {
    const location = await locateDone(engine, intent)
    if (location) await inTransaction(engine.pool, (db) => markMined(db, intent, location, now))
    return
  }
  if (heads.finalNonce === null || intent.nonce === null || intent.nonce >= heads.finalNonce) return
  await inTransaction(engine.pool, (db) => markUnassigned(db, intent, now))
  engine.log.error(
    { intentId: intent.id, nonce: String(intent.nonce), signer: engine.minter.address },
    'A transaction that is not ours used a nonce of the signer: the key may have leaked',
  )
}

function printable({ txHash, blockNumber }: { txHash: string; blockNumber: bigint }) {
  return { txHash, blockNumber: String(blockNumber) }
}
