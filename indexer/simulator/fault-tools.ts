import { type Hex, numberToHex, pad, toEventSelector } from 'viem'
import type { SimBlock } from './block.ts'
import type { SimChain } from './chain.ts'
import type { Answer } from './node.ts'
import type { View } from './rpc.ts'
import { blockToWire, type RpcBlock, type RpcLog } from './wire.ts'

/** A hash that is no block's. */
export function otherHash(hash: string): Hex {
  return `0x${'77'.repeat(28)}${hash.slice(-8).padStart(8, '0')}`
}

/** The header of the view's own block of this height, or of its first one. */
export function wireAt({ chain }: View, number: number): RpcBlock {
  return blockToWire(chain.blocks[Math.max(0, Math.min(number, chain.head.number))]!)
}

/** Changes the answer to a batch; a single one stays. */
export function onBatch(text: string, change: (answers: Answer[]) => Answer[]): string {
  return text.startsWith('[') ? JSON.stringify(change(JSON.parse(text) as Answer[])) : text
}

/** Gives each request of a batch the answer of its neighbour. */
export function swapResults(answers: Answer[]): Answer[] {
  return answers.map(({ id }, at) => ({ ...answers[(at + 1) % answers.length]!, id }))
}

/** A log that never was, behind the last one. */
export function invented(log: RpcLog): RpcLog {
  return { ...log, logIndex: numberToHex(Number(log.logIndex) + 1), topics: [...log.topics.slice(0, 3), pad(`0x${'77'.repeat(20)}`)] }
}

const TRANSFER_SINGLE = toEventSelector('TransferSingle(address,address,address,uint256,uint256)')

export function isTransfer({ topics }: RpcLog): boolean {
  return topics[0] === TRANSFER_SINGLE
}

/** With a transfer of nothing that never was behind each block that ends with a transfer: its data differ, of which a header knows nothing. */
export function withInventions(list: readonly RpcLog[]): RpcLog[] {
  return list.flatMap((log, at) => {
    if (!isTransfer(log) || list[at + 1]?.blockNumber === log.blockNumber) return [log]
    const nothing = `${log.data.slice(0, 66)}${'0'.repeat(64)}` as Hex
    return [log, { ...log, logIndex: numberToHex(Number(log.logIndex) + 1), data: nothing }]
  })
}

/** Where a log of a block says that it stands. */
export function placeIn(block: SimBlock): Pick<RpcLog, 'blockNumber' | 'blockHash' | 'blockTimestamp'> {
  return { blockNumber: numberToHex(block.number), blockHash: block.hash, blockTimestamp: numberToHex(block.timestamp) }
}

/** The same log in capitals. */
export function shout(log: RpcLog): RpcLog {
  const loud = (text: string) => `0x${text.slice(2).toUpperCase()}` as Hex
  return {
    ...log,
    address: loud(log.address),
    blockHash: loud(log.blockHash),
    transactionHash: loud(log.transactionHash),
    topics: log.topics.map(loud),
    data: loud(log.data),
  }
}

/** Another branch of a chain, begun the first time it is asked for, as high as the chain at any time: the same, but a block later. */
export function branchesOf(depth: number): (chain: SimChain) => SimChain {
  const branches = new WeakMap<SimChain, SimChain>()
  return (chain) => {
    const branch = branches.get(chain) ?? chain.fork()
    if (!branches.has(chain)) branch.reorg(Math.min(depth, branch.undoable))
    branches.set(chain, branch)
    while (branch.head.number <= chain.head.number) branch.mine(chain.blocks[branch.head.number]!.txs)
    return branch
  }
}
