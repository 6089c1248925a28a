import { type Hex, numberToHex } from 'viem'
import type { SimBlock, SimLog } from './block.ts'
import type { SimChain } from './chain.ts'
import { LEDGER } from './events.ts'
import { blockToWire, logToWire } from './wire.ts'

/** What one node knows and says; everything may change while it runs. */
export interface View {
  chain: SimChain
  /** Blocks by which this node is behind its chain. */
  lag: number
  /** What it calls final: what the chain does, a number of its own, nothing, or an error as Polygon's nodes give. */
  finalized: 'honest' | 'error' | 'null' | number
  /** Whether logs carry `blockTimestamp`. */
  hasTimestamps: boolean
}

export type Result = { result: unknown } | { error: { code: number; message: string } }

/** Answers one call as an honest node with this view does. */
export function answerCall(view: View, method: string, params: readonly unknown[]): Result {
  switch (method) {
    case 'eth_chainId':
      return { result: numberToHex(view.chain.chainId) }
    case 'net_version':
      return { result: String(view.chain.chainId) }
    case 'web3_clientVersion':
      return { result: 'Simulator/v1' }
    case 'eth_syncing':
      return { result: false }
    case 'eth_blockNumber':
      return { result: numberToHex(headOf(view)) }
    case 'eth_getBlockByNumber':
      return blockByTag(view, String(params[0]))
    case 'eth_getBlockByHash': {
      const block = blockByHash(view, params[0])
      return { result: block === undefined ? null : blockToWire(block) }
    }
    case 'eth_getLogs':
      return logs(view, (params[0] ?? {}) as Filter)
    case 'eth_getCode':
      return { result: String(params[0]).toLowerCase() === LEDGER ? '0x6001600101' : '0x' }
    case 'eth_call':
      return call((params[0] ?? {}) as { to?: string; data?: string; input?: string })
    default:
      return { error: { code: -32_601, message: `the method ${method} does not exist/is not available` } }
  }
}

function headOf({ chain, lag }: View): number {
  return Math.max(0, chain.head.number - lag)
}

function blockByTag(view: View, tag: string): Result {
  const found = numberOf(view, tag)
  if (typeof found !== 'number') return found
  const block = found <= headOf(view) ? view.chain.blocks[found] : undefined
  return { result: block === undefined ? null : blockToWire(block) }
}

function numberOf(view: View, tag: string): number | Result {
  if (tag === 'latest' || tag === 'pending') return headOf(view)
  if (tag === 'earliest') return 0
  if (tag === 'finalized' || tag === 'safe') {
    if (view.finalized === 'error') return { error: { code: -32_000, message: `${tag} block not found` } }
    if (view.finalized === 'null') return { result: null }
    return Math.min(headOf(view), view.finalized === 'honest' ? view.chain.finalized : view.finalized)
  }
  return Number(BigInt(tag))
}

/** Geth finds blocks of abandoned branches by their hash, too. */
function blockByHash(view: View, hash: unknown): SimBlock | undefined {
  const block = view.chain.blockOf(String(hash).toLowerCase() as Hex)
  return block !== undefined && block.number <= headOf(view) ? block : undefined
}

interface Filter {
  address?: Hex | Hex[]
  topics?: (Hex | Hex[] | null)[]
  blockHash?: Hex
  fromBlock?: string
  toBlock?: string
}

function logs(view: View, filter: Filter): Result {
  const isWanted = matcherOf(filter)
  const toWire = (block: SimBlock) => block.logs.filter(isWanted).map((log) => logToWire(log, block, view.hasTimestamps))
  if (filter.blockHash !== undefined) {
    const block = blockByHash(view, filter.blockHash)
    if (block === undefined) return { error: { code: -32_000, message: 'unknown block' } }
    return { result: toWire(block) }
  }
  const [from, to] = [numberOf(view, filter.fromBlock ?? 'latest'), numberOf(view, filter.toBlock ?? 'latest')]
  if (typeof from !== 'number') return from
  if (typeof to !== 'number') return to
  if (from > to) return { error: { code: -32_602, message: 'invalid block range params' } }
  // Blocks that this node doesn't have are no error to it: this is how missing logs stay unnoticed.
  return { result: view.chain.blocks.slice(from, Math.min(to, headOf(view)) + 1).flatMap(toWire) }
}

function matcherOf({ address, topics = [] }: Filter): (log: SimLog) => boolean {
  const addresses = address === undefined ? undefined : new Set([address].flat().map((each) => each.toLowerCase()))
  const wanted = topics.map((topic) => (topic === null ? undefined : new Set([topic].flat().map((each) => each.toLowerCase()))))
  return (log) =>
    (addresses === undefined || addresses.size === 0 || addresses.has(log.address)) &&
    wanted.every((set, at) => (at < log.topics.length ? set === undefined || set.size === 0 || set.has(log.topics[at]!) : false))
}

/** The ledger answers `supportsInterface` for ERC-165 and ERC-1155; nothing else can be called here. */
function call({ to, data, input }: { to?: string; data?: string; input?: string }): Result {
  const asked = /^0x01ffc9a7([0-9a-f]{8})0*$/i.exec(input ?? data ?? '')?.[1]
  if (to?.toLowerCase() !== LEDGER) return { result: '0x' }
  if (asked === undefined) return { error: { code: 3, message: 'execution reverted' } }
  return { result: `0x${(['01ffc9a7', 'd9b67a26', '0e89341c'].includes(asked.toLowerCase()) ? '1' : '0').padStart(64, '0')}` }
}
