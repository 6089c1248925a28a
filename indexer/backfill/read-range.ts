import type { Hex, RpcLog } from 'viem'
import { bloomKnows } from '../bloom.ts'
import { type Buffers, encodeRows } from '../copy-rows.ts'
import { decode } from '../decode.ts'
import { Retry } from '../errors.ts'
import type { Contracts } from '../settings.ts'
import { addressesOf } from '../settings.ts'
import { checkLogs, type MinedLog, type Source } from '../source.ts'
import { createEndCheck } from './check-end.ts'
import type { Range } from './fetch-ranges.ts'
import type { HoldingDeltas } from './holding-deltas.ts'
import { createRangeScanner, toMined } from './scan-range.ts'

/** Turns answers into rows. */
export interface RangeReader {
  /**
   * Appends the rows of one range's logs and returns how many logs were ours. Everything that contradicts itself, the question or the
   * range's last header is refused, and then nothing was appended.
   * @throws Retry, Stop
   */
  read(range: Range, buffers: Buffers): Promise<number>
}

/** Headers asked for at one time, for nodes whose logs don't say their block's time. */
const HEADERS_AT_ONCE = 32

export function createRangeReader(source: Source, contracts: Contracts, deltas?: HoldingDeltas): RangeReader {
  const ours = new Set<string>(addressesOf(contracts))
  const isRightAtEnd = createEndCheck(contracts)
  const scan = createRangeScanner(contracts, deltas, isRightAtEnd)
  return {
    async read(range, buffers) {
      const scanned = await scan(range, buffers)
      if (scanned !== undefined) {
        const { count, others, times } = scanned
        encodeRows(
          decode(others, contracts, (number) => times.get(number)!),
          buffers,
        )
        return count
      }
      const parsed = parseLogs(range)
      const { end } = range
      const last = parsed.filter(({ blockNumber }) => blockNumber === end.number)
      if (!isRightAtEnd(range, last))
        throw new Retry('RPC_LOGS_MISMATCH', `The node sent other logs of block ${end.number} than its header speaks of`)
      const logs = parsed.filter((log) => ours.has(log.address))
      encodeRows(decode(logs, contracts, await timesOf(source, range, logs)), buffers)
      return logs.length
    },
  }
}

/** The general way. */
function parseLogs({ from, end, answer }: Range): MinedLog[] {
  let parsed: { result: RpcLog[] }
  try {
    parsed = JSON.parse(answer.toString())
  } catch (cause) {
    throw new Retry('RPC_LOGS_MISMATCH', 'The node cut its answer off', { cause })
  }
  const logs = checkLogs(parsed.result.map(toMined))
  for (const log of logs) {
    if (log.blockNumber < from || log.blockNumber > end.number)
      throw new Retry('RPC_BLOCK_MISMATCH', `A log of block ${log.blockNumber} came with blocks ${from} to ${end.number}`)
    if (log.blockNumber === end.number && log.blockHash !== end.hash)
      throw new Retry('RPC_BLOCK_MISMATCH', `A log of block ${log.blockNumber} names another hash than the block itself`)
  }
  return logs
}

/** Times of the logs' blocks from their headers, which have to know the logs. @throws Retry RPC_BLOCK_MISMATCH, RPC_LOGS_MISMATCH */
async function timesOf(source: Source, { end }: Range, logs: readonly MinedLog[]): Promise<(number: bigint) => bigint> {
  const times = new Map<bigint, bigint>([[end.number, end.timeSeconds]])
  const blooms = new Map<bigint, Hex>([[end.number, end.logsBloom]])
  const hashes = new Map<bigint, Hex>(logs.map((log) => [log.blockNumber, log.blockHash]))
  const numbers = [...hashes.keys()].filter((number) => number !== end.number)
  for (let at = 0; at < numbers.length; at += HEADERS_AT_ONCE) {
    const blocks = await Promise.all(numbers.slice(at, at + HEADERS_AT_ONCE).map((number) => source.blockAt(number)))
    for (const block of blocks) {
      if (hashes.get(block.number) !== block.hash)
        throw new Retry('RPC_BLOCK_MISMATCH', `A log of block ${block.number} names another hash than the block itself`)
      times.set(block.number, block.timeSeconds)
      blooms.set(block.number, block.logsBloom)
    }
  }
  for (const log of logs) {
    if (log.blockHash !== hashes.get(log.blockNumber))
      throw new Retry('RPC_BLOCK_MISMATCH', `Two logs of block ${log.blockNumber} name different hashes`)
    if (!bloomKnows(blooms.get(log.blockNumber)!, [log]))
      throw new Retry('RPC_LOGS_MISMATCH', `The node sent a log of block ${log.blockNumber} that its header does not know`)
  }
  return (number) => times.get(number)!
}
