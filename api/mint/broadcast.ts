import type { Engine } from './engine.ts'
import type { Attempt } from './intents.ts'
import { type SendReply, sendEverywhere } from './send-reply.ts'

/**
 * Sends a stored transaction and notes that it was sent. The same bytes have the same hash, so sending them again is harmless;
 * a lost reply counts as sent. What became of it is for the receipts to say, never for the reply.
 */
export async function broadcast(engine: Engine, attempt: Attempt): Promise<SendReply> {
  await engine.step('broadcast:before', { txHash: attempt.txHash })
  const { reply, message } = await sendEverywhere(engine.nodes, attempt.rawTx)
  await engine.step('broadcast:sent', { txHash: attempt.txHash, reply })
  if (reply === 'poor') engine.log.error({ txHash: attempt.txHash }, 'The signer cannot pay for a transaction')
  if (reply === 'unknown') engine.log.warn({ txHash: attempt.txHash, message }, 'A node answered unclearly to a transaction')
  const now = engine.clock()
  await engine.pool.query(
    `with sent as (update app.tx_attempt set last_sent_at = $2 where tx_hash = $1 returning intent_id)
     update app.chain_intent set state = 'broadcast', updated_at = $2 from sent where id = intent_id and state = 'signed'`,
    [attempt.txHash, now],
  )
  await engine.step('broadcast:written', { txHash: attempt.txHash })
  return reply
}
