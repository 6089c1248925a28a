import { formatLog, type RpcLog, toEventSelector } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import type { CopyBuffer } from '../copy-buffer.ts'
import { type Buffers, bufferOf } from '../copy-rows.ts'
import { Retry } from '../errors.ts'
import { flawOf, isAt, isHex, isSame, literalOf, numberOf, viewOf, ZEROS } from '../hex-words.ts'
import type { Contracts } from '../settings.ts'
import { checkLogs, type MinedLog } from '../source.ts'
import type { EndCheck } from './check-end.ts'
import type { Range } from './fetch-ranges.ts'
import type { HoldingDeltas } from './holding-deltas.ts'
import { type ScannedLog, scanLogs, TOPIC_STRIDE } from './scan-logs.ts'

/** What was seen in an answer besides transfers, which are in the buffer. */
export interface Scanned {
  count: number
  others: MinedLog[]
  /** Unix seconds of the blocks of `others`. */
  times: Map<bigint, bigint>
}

/** Undefined when an answer is of another shape than the known one; then nothing was appended. One at a time. */
export type RangeScanner = (range: Range, buffers: Buffers) => Promise<Scanned | undefined>

/** Bytes of rows of one kind that usually come together. */
const BUFFER_BYTES = 6_000_000
/** 24 digits before an address in a topic. */
const PADDING = 24
const [SINGLE, BATCH] = [topicOf('TransferSingle'), topicOf('TransferBatch')]

/**
 * The fast way, for answers of the known shape: transfers are written from the answer's bytes, other events are cut out for the decoder.
 * Its functions are made once and not for each answer: a new function would be compiled anew.
 */
export function createRangeScanner(contracts: Contracts, deltas: HoldingDeltas | undefined, isRightAtEnd: EndCheck): RangeScanner {
  const ledger = literalOf(contracts.ownership.slice(2))
  let range: Range
  let view: DataView
  let transfers: CopyBuffer
  let [first, last, lastTime] = [0, 0, 0]
  let [block, index, time, hash] = [-1, -1, 0, 0]
  let scanned: Scanned
  /** The logs of the last block, whose header is at hand. */
  let ends: MinedLog[] = []
  /** What the range before ended with: where the next one begins, and no earlier than when. */
  let [nextFirst, earliest] = [0, 0]

  const parse = (log: ScannedLog) => toMined(JSON.parse(textAt(range.answer, log.start, log.end - log.start)))
  const row = (log: ScannedLog, batchIndex: number, idAt: number, valueAt: number): boolean => {
    const id = wordOf(view, idAt)
    if (id < 0) return false
    // The columns of `transfer` in the order of its table: a test holds both ways of writing it against each other.
    transfers.row(10)
    transfers.int8(log.blockNumber)
    transfers.int4(log.logIndex)
    transfers.time(log.timeSeconds)
    let isRight = transfers.hexText(view, log.transactionHash, 64)
    transfers.int4(batchIndex)
    for (let topic = 1; topic <= 3; topic++) {
      const at = log.topics + topic * TOPIC_STRIDE
      for (let digit = at; digit < at + PADDING; digit += 4) if (view.getInt32(digit, true) !== ZEROS) return false
      isRight = transfers.hexText(view, at + PADDING, 40) && isRight
    }
    transfers.int4(id)
    if (!transfers.numericWord(view, valueAt) || !isRight) return false
    deltas?.add(view, log.topics + 2 * TOPIC_STRIDE + PADDING, log.topics + 3 * TOPIC_STRIDE + PADDING, id, valueAt)
    return true
  }
  const batch = (log: ScannedLog): boolean => {
    const words = (log.dataEnd - log.data) / 64
    const count = wordOf(view, log.data + 128)
    // The only layout a compiler writes: two offsets, then each list behind its length.
    if (wordOf(view, log.data) !== 64 || words !== 4 + 2 * count || wordOf(view, log.data + 64) !== 96 + 32 * count) return false
    const values = log.data + 64 * (3 + count)
    if (wordOf(view, values) !== count) return false
    for (let at = 0; at < count; at++) if (!row(log, at, log.data + 64 * (3 + at), values + 64 * (1 + at))) return false
    return true
  }
  /** In order, each once, within the range, and of the blocks that the range speaks of. */
  const follows = ({ blockNumber, logIndex, timeSeconds, blockHash }: ScannedLog): boolean => {
    const isNext = blockNumber > block || (blockNumber === block && logIndex > index)
    if (!isNext || blockNumber < first || blockNumber > last || timeSeconds < time || timeSeconds > lastTime) return false
    if (blockNumber === block ? !isSame(view, blockHash, hash, 64) : !isHex(view, blockHash, 64)) return false
    if (blockNumber === last && (timeSeconds !== lastTime || textAt(range.answer, blockHash, 64) !== range.end.hash.slice(2))) return false
    block = blockNumber
    index = logIndex
    time = timeSeconds
    hash = blockHash
    return true
  }
  const onLog = (log: ScannedLog): boolean => {
    if (!follows(log)) return false
    scanned.count++
    if (log.blockNumber === last) ends.push(parse(log))
    if (log.topicCount === 4 && isAt(view, log.address, ledger)) {
      if (isAt(view, log.topics, SINGLE)) return log.dataEnd - log.data === 128 && row(log, 0, log.data, log.data + 64)
      if (isAt(view, log.topics, BATCH)) return batch(log)
    }
    scanned.others.push(parse(log))
    scanned.times.set(BigInt(log.blockNumber), BigInt(log.timeSeconds))
    return true
  }

  return async (next, buffers) => {
    range = next
    view = viewOf(range.answer)
    transfers = bufferOf(buffers, 'transfer', BUFFER_BYTES)
    first = Number(range.from)
    last = Number(range.end.number)
    lastTime = Number(range.end.timeSeconds)
    block = index = -1
    time = first === nextFirst ? earliest : 0
    ends = []
    scanned = { count: 0, others: [], times: new Map() }
    const { position, rows } = transfers
    nextFirst = last + 1
    earliest = lastTime
    if ((await scanLogs(range.answer, onLog)) && isRightAtEnd(range, checkLogs(ends)))
      return { ...scanned, others: checkLogs(scanned.others) }
    transfers.cutBack(position, rows)
    deltas?.giveUp()
    return undefined
  }
}

/** @throws Retry RPC_LOGS_MISMATCH */
export function toMined(log: RpcLog): MinedLog {
  try {
    return formatLog(log) as MinedLog
  } catch (cause) {
    throw new Retry('RPC_LOGS_MISMATCH', 'The node sent a log with parts missing', { cause })
  }
}

function topicOf(event: 'TransferSingle' | 'TransferBatch') {
  return literalOf(toEventSelector(ownershipAbi.find((item) => item.type === 'event' && item.name === event) as never).slice(2))
}

/** A word of 64 digits below 2^31, or -1. */
function wordOf(view: DataView, at: number): number {
  for (let digit = at; digit < at + 56; digit += 4) if (view.getInt32(digit, true) !== ZEROS) return -1
  const high = view.getInt32(at + 56, true)
  const low = view.getInt32(at + 60, true)
  const number = numberOf(high) * 65_536 + numberOf(low)
  return (flawOf(high) | flawOf(low)) === 0 && number <= 2_147_483_647 ? number : -1
}

function textAt(answer: Buffer, at: number, length: number): string {
  return answer.toString('latin1', at, at + length)
}
