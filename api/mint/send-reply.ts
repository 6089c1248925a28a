import type { Hex } from 'viem'
import type { Nodes } from './nodes.ts'

/**
 * What nodes said to a transaction. `taken`: in a pool, or known already. `stale`: its nonce is in a block, under this hash or a sister's.
 * `underpriced`: it will not go in at this fee. `poor`: the signer cannot pay. `unknown`: a lost reply or a refusal of another kind,
 * after which it may or may not be in a pool.
 */
export type SendReply = 'taken' | 'stale' | 'underpriced' | 'poor' | 'unknown'

/** Sends the same bytes to every node. The answer most favourable to the transaction counts: one pool is enough. */
export async function sendEverywhere(nodes: Nodes, rawTx: Hex): Promise<{ reply: SendReply; message: string }> {
  const replies = await Promise.all(
    nodes.clients.map((client) =>
      client.request({ method: 'eth_sendRawTransaction', params: [rawTx] }).then(
        () => ({ reply: 'taken' as SendReply, message: '' }),
        (error: unknown) => {
          const message = textOf(error)
          return { reply: classify(message), message }
        },
      ),
    ),
  )
  const order: SendReply[] = ['taken', 'stale', 'underpriced', 'poor', 'unknown']
  return order.map((reply) => replies.find((one) => one.reply === reply)).find((one) => one !== undefined)!
}

/** Node software has no codes for these, only wordings (geth, bor, erigon, nethermind, besu, anvil, hardhat). */
export function classify(message: string): SendReply {
  const text = message.toLowerCase()
  if (/already known|known transaction|already imported|alreadyknown|already in (the )?(pool|mempool)/.test(text)) return 'taken'
  if (/nonce (is )?too low|oldnonce|nonce has already been used|invalid nonce.*expected/.test(text)) return 'stale'
  if (
    /underpriced|fee too low|feetoolow|less than (the )?block base fee|max fee per gas less|gas price too low|below the minimum|tip.*too low/.test(
      text,
    )
  ) {
    return 'underpriced'
  }
  if (/insufficient (funds|balance)|not enough funds|upfront cost/.test(text)) return 'poor'
  return 'unknown'
}

function textOf(error: unknown): string {
  const { details, message, shortMessage } = error as { details?: string; message?: string; shortMessage?: string }
  return [details, shortMessage, message].filter((part) => part !== undefined).join(' ')
}
