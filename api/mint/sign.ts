import { keccak256 } from 'viem'
import type { Engine } from './engine.ts'
import type { Fees } from './fees.ts'
import type { Attempt, Intent } from './intents.ts'

/** Signs an intent's call at a nonce. The same intent at the same nonce always carries the same call: only fees differ. */
export async function signAttempt(
  engine: Engine,
  intent: Pick<Intent, 'id' | 'toAddress' | 'callData'>,
  terms: Fees & { nonce: bigint; gasLimit: bigint },
): Promise<Omit<Attempt, 'n' | 'lastSentAt'>> {
  const rawTx = await engine.minter.signTransaction({
    type: 'eip1559',
    chainId: engine.nodes.chainId,
    nonce: Number(terms.nonce),
    to: intent.toAddress,
    data: intent.callData,
    value: 0n,
    gas: terms.gasLimit,
    maxFeePerGas: terms.maxFeePerGas,
    maxPriorityFeePerGas: terms.maxPriorityFeePerGas,
  })
  return {
    intentId: intent.id,
    nonce: terms.nonce,
    txHash: keccak256(rawTx),
    rawTx,
    gasLimit: terms.gasLimit,
    maxFeePerGas: terms.maxFeePerGas,
    maxPriorityFeePerGas: terms.maxPriorityFeePerGas,
    createdAt: engine.clock(),
  }
}
