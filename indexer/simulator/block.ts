import { createHash } from 'node:crypto'
import { bytesToHex, type Hex, hexToBytes, keccak256, numberToHex, toRlp, trim } from 'viem'
import type { Tx } from './events.ts'

/** A log in its block, with everything a node says of it but the wire's form. */
export interface SimLog {
  address: Hex
  topics: Hex[]
  data: Hex
  transactionHash: Hex
  transactionIndex: number
  logIndex: number
}

/** A block of the simulated chain: its hash is the hash of its header, as on the real one. */
export interface SimBlock {
  number: number
  hash: Hex
  parentHash: Hex
  timestamp: number
  logsBloom: Hex
  /** Tells branches of the same content apart. */
  salt: Hex
  txs: Tx[]
  logs: SimLog[]
}

/** Seconds of the block before the first one. */
export const GENESIS_TIME = 1_700_000_000
export const BLOCK_SECONDS = 2

/** Builds the block after `parent` (undefined for the first) with these transactions. */
export function buildBlock(parent: SimBlock | undefined, txs: Tx[], salt: Hex): SimBlock {
  const number = parent === undefined ? 0 : parent.number + 1
  const logs: SimLog[] = []
  txs.forEach(({ hash, emitted }, transactionIndex) => {
    for (const log of emitted) logs.push({ ...log, transactionHash: hash, transactionIndex, logIndex: logs.length })
  })
  const header = {
    number,
    parentHash: parent?.hash ?? NO_HASH,
    timestamp: (parent?.timestamp ?? GENESIS_TIME) + BLOCK_SECONDS,
    logsBloom: bloomOf(logs),
    salt,
    txs,
    logs,
  }
  return { ...header, hash: keccak256(toRlp(headerFields(header))) }
}

export const NO_HASH: Hex = `0x${'0'.repeat(64)}`
export const EMPTY_UNCLES: Hex = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'
export const GAS_LIMIT = 30_000_000
export const BASE_FEE = 30_000_000_000

/** The filter over all logs of a block, from the definition: three bits for every address and topic. */
export function bloomOf(logs: readonly { address: Hex; topics: readonly Hex[] }[]): Hex {
  const filter = new Uint8Array(256)
  for (const { address, topics } of logs) {
    for (const value of [address, ...topics]) {
      for (const bit of bitsOf(value)) filter[255 - (bit >> 3)]! |= 1 << (bit & 7)
    }
  }
  return bytesToHex(filter)
}

const known = new Map<Hex, number[]>()
function bitsOf(value: Hex): number[] {
  const found = known.get(value)
  if (found !== undefined) return found
  const hash = hexToBytes(keccak256(value))
  const bits = [0, 2, 4].map((at) => ((hash[at]! << 8) | hash[at + 1]!) & 2047)
  if (known.size > 100_000) known.clear()
  known.set(value, bits)
  return bits
}

/** What the hash is taken of, in the order of the Yellow Paper; roots that nobody can check stand for the content. */
function headerFields(block: Omit<SimBlock, 'hash'>): Hex[] {
  const [stateRoot, transactionsRoot, receiptsRoot] = rootsOf(block)
  const nonce: Hex = '0x0000000000000000'
  const fields = [block.parentHash, EMPTY_UNCLES, MINER, stateRoot, transactionsRoot, receiptsRoot, block.logsBloom, '0x'] as Hex[]
  const amounts = [block.number, GAS_LIMIT, gasUsedBy(block), block.timestamp].map(scalar)
  return [...fields, ...amounts, '0x', block.salt, nonce, scalar(BASE_FEE)]
}

export const MINER: Hex = '0x0000000000000000000000000000000000001001'

/** Gas that the block's transactions used. */
export function gasUsedBy({ txs }: Pick<SimBlock, 'txs'>): number {
  return txs.length * 100_000
}

/** Stand-ins for the roots of state, transactions and receipts, which nobody can check without the state. */
export function rootsOf({ txs, salt }: Pick<SimBlock, 'txs' | 'salt'>): [Hex, Hex, Hex] {
  const rootOf = (what: string): Hex =>
    `0x${createHash('sha256')
      .update(`${what} ${salt} ${txs.map(({ hash }) => hash)}`)
      .digest('hex')}`
  return [rootOf('state'), rootOf('transactions'), rootOf('receipts')]
}

function scalar(value: number): Hex {
  return value === 0 ? '0x' : trim(numberToHex(value, { size: 8 }))
}
