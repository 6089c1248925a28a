import { formatLog, type Hex, type RpcLog, toEventSelector } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import { HEX } from '../copy-buffer.ts'
import { type Buffers, bufferOf, encodeRows } from '../copy-rows.ts'
import { decode } from '../decode.ts'
import { Retry } from '../errors.ts'
import type { Contracts } from '../settings.ts'
import { addressesOf } from '../settings.ts'
import { checkLogs, type MinedLog, type Source } from '../source.ts'
import type { Range } from './fetch-ranges.ts'
import type { HoldingDeltas } from './holding-deltas.ts'
import { type ScannedLog, scanLogs, TOPIC_STRIDE } from './scan-logs.ts'

/** Turns answers into rows. */
export interface RangeReader {
  /**
   * Appends the rows of one range's logs and returns how many logs were ours. Everything that contradicts itself, the question or the
   * range's last header is refused, and then nothing was appended.
   * @throws Retry, Stop
   */
  read(range: Range, buffers: Buffers): Promise<number>
}

/** Bytes of rows of one kind that usually come together. */
const BUFFER_BYTES = 6_000_000
/** Headers asked for at one time, for nodes whose logs don't say their block's time. */
const HEADERS_AT_ONCE = 32

export function createRangeReader(source: Source, contracts: Contracts, deltas?: HoldingDeltas): RangeReader {
  const ours = new Set<string>(addressesOf(contracts))
  const ledger = Buffer.from(contracts.ownership.slice(2))
  return {
    async read(range, buffers) {
      const known = await scanRange(range, buffers, ledger, contracts, deltas)
      if (known !== undefined) return known
      const logs = parseLogs(range).filter((log) => ours.has(log.address))
      encodeRows(decode(logs, contracts, await timesOf(source, range, logs)), buffers)
      return logs.length
    },
  }
}

const [SINGLE, BATCH] = (['TransferSingle', 'TransferBatch'] as const).map((name) =>
  Buffer.from(toEventSelector(ownershipAbi.find((item) => item.type === 'event' && item.name === name) as never).slice(2)),
) as [Buffer, Buffer]
/** 24 digits before an address in a topic. */
const PADDING = 24

/** The fast way, for answers of the known shape: transfers are written from the answer's bytes, other events are cut out and decoded. Undefined: not that shape. */
async function scanRange(
  range: Range,
  buffers: Buffers,
  ledger: Buffer,
  contracts: Contracts,
  deltas: HoldingDeltas | undefined,
): Promise<number | undefined> {
  const { answer } = range
  const [first, last] = [Number(range.from), Number(range.end.number)]
  const lastTime = Number(range.end.timeSeconds)
  const transfers = bufferOf(buffers, 'transfer', BUFFER_BYTES)
  const [position, rows] = [transfers.position, transfers.rows]
  const others: MinedLog[] = []
  const times = new Map<bigint, bigint>()
  let count = 0
  let before = { block: -1, index: -1, time: 0, hash: 0 }

  const row = (log: ScannedLog, batchIndex: number, idAt: number, valueAt: number): boolean => {
    const id = wordOf(answer, idAt)
    if (id < 0) return false
    // The columns of `transfer` in the order of its table: a test holds both ways of writing it against each other.
    transfers.row(10)
    transfers.int8(log.blockNumber)
    transfers.int4(log.logIndex)
    transfers.time(log.timeSeconds)
    let isHex = transfers.hexText(answer, log.transactionHash, 64)
    transfers.int4(batchIndex)
    for (let topic = 1; topic <= 3; topic++) {
      const at = log.topics + topic * TOPIC_STRIDE
      for (let digit = at; digit < at + PADDING; digit++) if (answer[digit] !== 48) return false
      isHex = transfers.hexText(answer, at + PADDING, 40) && isHex
    }
    transfers.int4(id)
    if (!transfers.numericWord(answer, valueAt) || !isHex) return false
    deltas?.add(answer, log.topics + 2 * TOPIC_STRIDE + PADDING, log.topics + 3 * TOPIC_STRIDE + PADDING, id, valueAt)
    return true
  }
  const batch = (log: ScannedLog): boolean => {
    const words = (log.dataEnd - log.data) / 64
    const count = wordOf(answer, log.data + 128)
    // The only layout a compiler writes: two offsets, then each list behind its length.
    if (wordOf(answer, log.data) !== 64 || words !== 4 + 2 * count || wordOf(answer, log.data + 64) !== 96 + 32 * count) return false
    const values = log.data + 64 * (3 + count)
    if (wordOf(answer, values) !== count) return false
    for (let at = 0; at < count; at++) if (!row(log, at, log.data + 64 * (3 + at), values + 64 * (1 + at))) return false
    return true
  }

  const isKnown = await scanLogs(answer, (log) => {
    const { blockNumber: block, logIndex: index, timeSeconds: time } = log
    const isNext = block > before.block || (block === before.block && index > before.index)
    if (!isNext || block < first || block > last || time < before.time || time > lastTime) return false
    if (block === before.block ? !isSame(answer, log.blockHash, answer, before.hash, 64) : !isHex(answer, log.blockHash, 64)) return false
    if (block === last && (time !== lastTime || answer.toString('latin1', log.blockHash, log.blockHash + 64) !== range.end.hash.slice(2)))
      return false
    before = { block, index, time, hash: log.blockHash }
    count++
    const isTransfer = log.topicCount === 4 && isSame(answer, log.address, ledger, 0, 40)
    if (isTransfer && isSame(answer, log.topics, SINGLE, 0, 64))
      return log.dataEnd - log.data === 128 && row(log, 0, log.data, log.data + 64)
    if (isTransfer && isSame(answer, log.topics, BATCH, 0, 64)) return batch(log)
    others.push(toMined(JSON.parse(answer.toString('latin1', log.start, log.end))))
    times.set(BigInt(block), BigInt(time))
    return true
  })
  if (!isKnown) {
    transfers.cutBack(position, rows)
    deltas?.giveUp()
    return undefined
  }
  const checked = checkLogs(others)
  encodeRows(
    decode(checked, contracts, (number) => times.get(number)!),
    buffers,
  )
  return count
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

function toMined(log: RpcLog): MinedLog {
  try {
    return formatLog(log) as MinedLog
  } catch (cause) {
    throw new Retry('RPC_LOGS_MISMATCH', 'The node sent a log with parts missing', { cause })
  }
}

/** Times and hashes of the logs' blocks from their headers. @throws Retry RPC_BLOCK_MISMATCH */
async function timesOf(source: Source, { end }: Range, logs: readonly MinedLog[]): Promise<(number: bigint) => bigint> {
  const times = new Map<bigint, bigint>([[end.number, end.timeSeconds]])
  const hashes = new Map<bigint, Hex>(logs.map((log) => [log.blockNumber, log.blockHash]))
  const numbers = [...hashes.keys()].filter((number) => number !== end.number)
  for (let at = 0; at < numbers.length; at += HEADERS_AT_ONCE) {
    const blocks = await Promise.all(numbers.slice(at, at + HEADERS_AT_ONCE).map((number) => source.blockAt(number)))
    for (const block of blocks) {
      if (hashes.get(block.number) !== block.hash)
        throw new Retry('RPC_BLOCK_MISMATCH', `A log of block ${block.number} names another hash than the block itself`)
      times.set(block.number, block.timeSeconds)
    }
  }
  for (const log of logs)
    if (log.blockHash !== hashes.get(log.blockNumber))
      throw new Retry('RPC_BLOCK_MISMATCH', `Two logs of block ${log.blockNumber} name different hashes`)
  return (number) => times.get(number)!
}

/** A word of 64 digits below 2^31, or -1. */
function wordOf(source: Buffer, at: number): number {
  for (let digit = at; digit < at + 56; digit++) if (source[digit] !== 48) return -1
  let value = 0
  for (let digit = at + 56; digit < at + 64; digit++) {
    const part = HEX[source[digit]!]!
    if (part > 15) return -1
    value = value * 16 + part
  }
  return value <= 2_147_483_647 ? value : -1
}

function isSame(a: Buffer, from: number, b: Buffer, at: number, length: number): boolean {
  for (let index = 0; index < length; index++) if (a[from + index] !== b[at + index]) return false
  return true
}

function isHex(source: Buffer, from: number, length: number): boolean {
  for (let index = from; index < from + length; index++) if (HEX[source[index]!]! > 15) return false
  return true
}
