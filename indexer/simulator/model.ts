import type { Hex } from 'viem'
import type { SimBlock } from './block.ts'
import type { SimChain } from './chain.ts'
import { ZERO } from './events.ts'

/** What the mirror has to say once it stands at a block: transfers in the order of the chain, and who holds what. */
export interface Model {
  transfers: string[]
  holdings: string[]
}

/** The truth at a block of any branch, worked out from what was made to happen, not from logs. */
export function modelAt(chain: SimChain, head: SimBlock, startBlock: number): Model {
  const units = new Map<string, bigint>()
  const transfers: string[] = []
  for (const block of branchOf(chain, head)) {
    if (block.number < startBlock) continue
    let logIndex = 0
    for (const { hash, emitted, moves } of block.txs) {
      for (const { at, batchIndex, operator, from, to, projectId, units: moved } of moves) {
        transfers.push([block.number, logIndex + at, batchIndex, block.timestamp, hash, operator, from, to, projectId, moved].join('|'))
        for (const [holder, delta] of [
          [from, -moved],
          [to, moved],
        ] as const)
          units.set(`${projectId}|${holder}`, (units.get(`${projectId}|${holder}`) ?? 0n) + delta)
      }
      logIndex += emitted.length
    }
  }
  const held = [...units].filter(([key, amount]) => amount !== 0n && !key.endsWith(ZERO))
  return { transfers, holdings: held.map(([key, amount]) => `${key}|${amount}`).sort() }
}

/** Every block from the first one to `head`, along its own branch. */
function branchOf(chain: SimChain, head: SimBlock): readonly SimBlock[] {
  if (chain.blocks[head.number]?.hash === head.hash) return chain.blocks.slice(0, head.number + 1)
  const branch: SimBlock[] = []
  for (let block: SimBlock | undefined = head; block !== undefined; block = chain.blockOf(block.parentHash as Hex)) branch.unshift(block)
  return branch
}
