import { TRANSFER_BATCH, TRANSFER_SINGLE } from '../chain/events.ts'
import type { LogKind } from '../chain/store.ts'
import { CONTRACT } from '../chain/tokens.ts'
import type { ChainView } from './chain-view.ts'
import { keepEvents } from './keep-events.ts'
import { checkRange, type Limits } from './limits.ts'
import type { Parts } from './parts.ts'
import { RpcError } from './rpc-error.ts'
import { blockNumberOf } from './tags.ts'

export interface LogFilter {
  fromBlock?: string
  toBlock?: string
  blockHash?: string
  address?: string | string[] | null
  topics?: (string | string[] | null)[]
}

type Log = { topics: string[] }

/** The answer to eth_getLogs as JSON. Everything and all transfers are slices of a file, and other sets of events are cut out of one. */
export function getLogs(chain: ChainView, filter: LogFilter, limits: Limits | undefined): Parts {
  const { first, last } = rangeOf(chain, filter)
  if (first > chain.head || !wantsContract(filter.address)) return ['[]']
  const wanted = (filter.topics ?? []).map(toSet)
  const kind: LogKind = wanted[0] !== undefined && [...wanted[0]].every((topic) => TRANSFERS.has(topic)) ? 'transfers' : 'all'
  const bytes = () => chain.store.readLogs(first, last, kind)
  if (wanted.every((topics) => topics === undefined) || (isExactly(wanted[0], TRANSFERS) && wanted.slice(1).every(isAnything))) {
    if (limits !== undefined && filter.blockHash === undefined) checkRange(limits, first, last, chain.store.countLogs(first, last, kind))
    return ['[', bytes(), ']']
  }
  if (wanted[0] !== undefined && wanted.slice(1).every(isAnything)) {
    const { kept, count } = keepEvents(bytes(), wanted[0])
    if (limits !== undefined && filter.blockHash === undefined) checkRange(limits, first, last, count)
    return ['[', kept, ']']
  }
  const logs = (JSON.parse(`[${bytes().toString('latin1')}]`) as Log[]).filter(({ topics }) =>
    wanted.every((allowed, at) => allowed === undefined || (topics[at] !== undefined && allowed.has(topics[at]))),
  )
  if (limits !== undefined && filter.blockHash === undefined) checkRange(limits, first, last, logs.length)
  return [JSON.stringify(logs)]
}

const TRANSFERS: ReadonlySet<string> = new Set([TRANSFER_SINGLE, TRANSFER_BATCH])

function rangeOf(chain: ChainView, { blockHash, fromBlock, toBlock }: LogFilter): { first: number; last: number } {
  if (blockHash !== undefined) {
    const number = chain.numberOf(blockHash.toLowerCase())
    if (number === undefined) throw new RpcError(-32_000, 'unknown block')
    return { first: number, last: number }
  }
  const [first, last] = [blockNumberOf(chain, fromBlock), blockNumberOf(chain, toBlock)]
  if (first > last) throw new RpcError(-32_602, 'invalid block range params')
  return { first, last: Math.min(last, chain.head) }
}

function wantsContract(address: LogFilter['address']): boolean {
  const addresses = address == null ? [] : [address].flat()
  return addresses.length === 0 || addresses.some((one) => one.toLowerCase() === CONTRACT)
}

/** The values a topic may have; undefined when it may be anything. */
function toSet(topic: string | string[] | null): Set<string> | undefined {
  const values = topic === null ? [] : [topic].flat()
  return values.length === 0 ? undefined : new Set(values.map((value) => value.toLowerCase()))
}

function isExactly(set: Set<string> | undefined, other: ReadonlySet<string>): boolean {
  return set !== undefined && set.size === other.size && [...set].every((value) => other.has(value))
}

function isAnything(topics: Set<string> | undefined): boolean {
  return topics === undefined
}
