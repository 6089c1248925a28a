import type { ChainView } from './chain-view.ts'
import { RpcError } from './rpc-error.ts'

/** Blocks the chain may still undo, as the node says. */
const FINALITY_BLOCKS = 64

/** The number of a block that was named by number or tag; it need not be there. */
export function blockNumberOf(chain: ChainView, name: string | undefined): number {
  if (name === undefined || name === 'latest' || name === 'pending') return chain.head
  if (name === 'finalized' || name === 'safe') return Math.max(0, chain.head - FINALITY_BLOCKS)
  if (name === 'earliest') return 0
  if (!/^0x[0-9a-f]{1,12}$/i.test(name)) throw new RpcError(-32_602, `invalid block number ${name}`)
  return Number.parseInt(name, 16)
}
