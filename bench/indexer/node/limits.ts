import { RpcError } from './rpc-error.ts'

/** What a provider refuses. */
export interface Limits {
  /** Widest range of eth_getLogs, in blocks. */
  blocks: number
  /** Most logs in one answer. */
  results: number
}

export const PROVIDER_LIMITS: Limits = { blocks: 2_000, results: 10_000 }

/**
 * Refuses a range the way Alchemy does: either few blocks or few results, and the error names a range that would do.
 * @throws RpcError
 */
export function checkRange({ blocks, results }: Limits, first: number, last: number, count: number): void {
  if (last - first + 1 <= blocks || count <= results) return
  const range = `[0x${first.toString(16)}, 0x${(first + blocks - 1).toString(16)}]`
  throw new RpcError(
    -32_602,
    `Log response size exceeded. You can make eth_getLogs requests with up to a ${blocks} block range and no limit on the response size, or you can request any block range with a cap of ${results} logs in the response. Based on your parameters and the response size limit, this block range should work: ${range}`,
  )
}
