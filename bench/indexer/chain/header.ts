import { type Hex, keccak256, toRlp } from 'viem'
import { NOBODY, quantity } from './tokens.ts'

/** What of a header differs from block to block. */
export interface HeaderFields {
  number: number
  parentHash: string
  logsBloom: string
  transactionCount: number
  stateRoot: string
  transactionsRoot: string
  receiptsRoot: string
}

/** A header in both forms in which a node sends it. */
export interface Header {
  /** Keccak-256 of the RLP of its fields, as on a real chain. */
  hash: string
  /** A block's JSON up to its list of transactions, and after it: keys in geth's order, which is alphabetical. */
  before: string
  after: string
}

const FIRST_SECOND = 1_700_000_000
const BLOCK_SECONDS = 2
const GAS_PER_TRANSACTION = 60_000
const NO_UNCLES = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'
const NO_HASH = `0x${'0'.repeat(64)}`
const BASE_FEE = '0x6fc23ac00'
const DIFFICULTY = 0x15
const GAS_LIMIT = '0x1c9c380'

/** Unix seconds of a block. */
export function timeOf(number: number): number {
  return FIRST_SECOND + BLOCK_SECONDS * number
}

export function makeHeader(fields: HeaderFields): Header {
  const { number, parentHash, logsBloom, transactionCount, stateRoot, transactionsRoot, receiptsRoot } = fields
  const gasUsed = quantity(transactionCount * GAS_PER_TRANSACTION)
  const timestamp = quantity(timeOf(number))
  const consensus = [parentHash, NO_UNCLES, NOBODY.address, stateRoot, transactionsRoot, receiptsRoot, logsBloom, quantity(DIFFICULTY)]
  consensus.push(quantity(number), GAS_LIMIT, gasUsed, timestamp, '0x', NO_HASH, '0x0000000000000000', BASE_FEE)
  const hash = keccak256(toRlp(consensus.map(toBytes)))
  return {
    hash,
    before: `{"baseFeePerGas":"${BASE_FEE}","difficulty":"${quantity(DIFFICULTY)}","extraData":"0x","gasLimit":"${GAS_LIMIT}","gasUsed":"${gasUsed}","hash":"${hash}","logsBloom":"${logsBloom}","miner":"${NOBODY.address}","mixHash":"${NO_HASH}","nonce":"0x0000000000000000","number":"${quantity(number)}","parentHash":"${parentHash}","receiptsRoot":"${receiptsRoot}","sha3Uncles":"${NO_UNCLES}","size":"${quantity(1_000 + transactionCount * 400)}","stateRoot":"${stateRoot}","timestamp":"${timestamp}","totalDifficulty":"${quantity((number + 1) * DIFFICULTY)}","transactions":`,
    after: `,"transactionsRoot":"${transactionsRoot}","uncles":[]}`,
  }
}

/** Quantities become whole bytes, and zero no byte at all, as RLP wants integers. */
function toBytes(value: string): Hex {
  if (value === '0x0') return '0x'
  return (value.length % 2 === 0 ? value : `0x0${value.slice(2)}`) as Hex
}
