import { inTransaction } from '../../common/node/db.ts'
import type { Engine } from './engine.ts'
import { listMined } from './intents.ts'
import { readDone } from './ledger.ts'
import { type Heads, isCanonical } from './nodes.ts'
import { markFinal } from './outcomes.ts'

/**
 * Settles what lies in a block that every node calls final, under the same hash it was seen with, and whose receipt on chain
 * says what the intent asked for.
 */
export async function finalise(engine: Engine, { finalBlock }: Heads): Promise<void> {
  if (finalBlock === null) return
  const mined = (await listMined(engine.pool, engine.nodes.chainId)).filter(({ blockNumber }) => blockNumber! <= finalBlock)
  for (const intent of mined) {
    if (!(await isCanonical(engine.nodes, intent.blockNumber!, intent.blockHash!))) continue
    if (intent.kind === 'mint' && (await readDone(engine, intent)) !== 'done') {
      engine.log.error({ intentId: intent.id, investmentId: intent.investmentId }, 'A final mint has no matching receipt on chain')
      continue
    }
    await engine.step('finalise:checked', { intentId: intent.id })
    await inTransaction(engine.pool, (db) => markFinal(db, intent, engine.clock()))
    await engine.step('finalise:written', { intentId: intent.id })
    engine.log.info({ intentId: intent.id, investmentId: intent.investmentId, kind: intent.kind }, 'An intent is final')
  }
}
