import { type Hex, numberToHex } from 'viem'
import { BASE_FEE, EMPTY_UNCLES, GAS_LIMIT, gasUsedBy, MINER, NO_HASH, rootsOf, type SimBlock, type SimLog } from './block.ts'

export type RpcBlock = Record<string, unknown> & { number: Hex | null; hash: Hex | null; parentHash: Hex; timestamp: Hex; logsBloom: Hex }
export type RpcLog = Record<string, unknown> & {
  address: Hex
  topics: Hex[]
  data: Hex
  blockNumber: Hex
  blockHash: Hex
  transactionHash: Hex
  transactionIndex: Hex
  logIndex: Hex
  removed: boolean
}

/** A block as geth writes it: keys in the order of the alphabet, transactions as their hashes. */
export function blockToWire(block: SimBlock): RpcBlock {
  const found = written.get(block)
  if (found !== undefined) return found
  const wire = writeBlock(block)
  written.set(block, wire)
  return wire
}

/** A log as geth writes it, keys in its order; nodes older than 2025 leave the block's time out. */
export function logToWire(log: SimLog, block: SimBlock, hasTimestamp: boolean): RpcLog {
  return {
    address: log.address,
    topics: log.topics,
    data: log.data,
    blockNumber: numberToHex(block.number),
    transactionHash: log.transactionHash,
    transactionIndex: numberToHex(log.transactionIndex),
    blockHash: block.hash,
    ...(hasTimestamp ? { blockTimestamp: numberToHex(block.timestamp) } : {}),
    logIndex: numberToHex(log.logIndex),
    removed: false,
  }
}

const written = new WeakMap<SimBlock, RpcBlock>()

function writeBlock(block: SimBlock): RpcBlock {
  const [stateRoot, transactionsRoot, receiptsRoot] = rootsOf(block)
  return {
    baseFeePerGas: numberToHex(BASE_FEE),
    difficulty: '0x0',
    extraData: '0x',
    gasLimit: numberToHex(GAS_LIMIT),
    gasUsed: numberToHex(gasUsedBy(block)),
    hash: block.hash,
    logsBloom: block.logsBloom,
    miner: MINER,
    mixHash: block.salt,
    nonce: '0x0000000000000000',
    number: numberToHex(block.number),
    parentHash: block.parentHash,
    receiptsRoot,
    sha3Uncles: EMPTY_UNCLES,
    size: numberToHex(600 + block.txs.length * 200),
    stateRoot,
    timestamp: numberToHex(block.timestamp),
    transactions: block.txs.map(({ hash }) => hash),
    transactionsRoot,
    uncles: [],
    withdrawals: [],
    withdrawalsRoot: NO_HASH,
  }
}
