import type { Hex } from 'viem'
import { topicsOf } from '../decode.ts'
import { addressesOf, type Contracts } from '../settings.ts'
import type { MinedLog } from '../source.ts'
import type { Range } from './fetch-ranges.ts'

/** Whether the logs that came with a range for its last block are the ones that this block was proven to hold; in order. */
export type EndCheck = (range: Pick<Range, 'endLogs'>, logs: readonly MinedLog[]) => boolean

/** The last block is the one whose header is at hand: it was read besides as blocks near the head are, all logs against the filter. */
export function createEndCheck(contracts: Contracts): EndCheck {
  const addresses = new Set(addressesOf(contracts))
  const topics = topicsOf(contracts)
  const isAskedFor = (log: MinedLog) => addresses.has(log.address) && (topics === undefined || topics.includes(log.topics[0] as Hex))
  const textOf = (logs: readonly MinedLog[]) =>
    JSON.stringify(logs.filter(isAskedFor).map(({ logIndex, address, topics, data }) => [logIndex, address, topics, data.toLowerCase()]))
  return ({ endLogs }, logs) => textOf(endLogs) === textOf(logs)
}
