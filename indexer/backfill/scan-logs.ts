import { setImmediate } from 'node:timers/promises'
import { isAt, literalOf, viewOf } from '../hex-words.ts'

/** Where in an answer of eth_getLogs the parts of one log are; digits without their `0x`. Reused from log to log. */
export interface ScannedLog {
  start: number
  /** Behind the closing brace. */
  end: number
  address: number
  topicCount: number
  /** Of the first topic; the next ones follow every {@link TOPIC_STRIDE} bytes. */
  topics: number
  data: number
  dataEnd: number
  blockNumber: number
  transactionHash: number
  blockHash: number
  /** Unix second of its block; -1 where the node doesn't say. */
  timeSeconds: number
  logIndex: number
}

/** 64 digits, `","0x`. */
export const TOPIC_STRIDE = 69

/**
 * Walks over an answer's bytes instead of parsing them: three times as fast. Knows one shape, the one that geth, bor and erigon write
 * (types.Log in core/types/gen_log_json.go), and vouches for it to the last byte.
 * Lets the event loop turn now and then, so that what goes to the database meanwhile isn't kept waiting.
 * False when the answer is of another shape, or `onLog` said so: then it has to be parsed, and nothing that was seen counts.
 */
export async function scanLogs(answer: Buffer, onLog: (log: ScannedLog) => boolean): Promise<boolean> {
  const log: ScannedLog = {
    start: 0,
    end: 0,
    address: 0,
    topicCount: 0,
    topics: 0,
    data: 0,
    dataEnd: 0,
    blockNumber: 0,
    transactionHash: 0,
    blockHash: 0,
    timeSeconds: -1,
    logIndex: 0,
  }
  const view = viewOf(answer)
  let at = answer.indexOf(RESULT)
  if (at < 0 || at > 64) return false
  at += RESULT.length
  if (answer[at] === CLOSING_BRACKET) return isEnd(answer, at + 1)
  for (let count = 1; ; count++) {
    if (count % LOGS_IN_A_TURN === 0) await setImmediate()
    at = scanLog(answer, view, at, log)
    if (at < 0 || !onLog(log)) return false
    if (answer[at] === COMMA) at++
    else return answer[at] === CLOSING_BRACKET && isEnd(answer, at + 1)
  }
}

/** A few milliseconds' worth. */
const LOGS_IN_A_TURN = 500

const RESULT = '"result":['
const ADDRESS = literalOf('{"address":"0x')
const TOPICS = literalOf('","topics":[')
const DATA = literalOf('],"data":"0x')
const BLOCK_NUMBER = literalOf('","blockNumber":"0x')
const TRANSACTION_HASH = literalOf('","transactionHash":"0x')
const TRANSACTION_INDEX = literalOf('","transactionIndex":"0x')
const BLOCK_HASH = literalOf('","blockHash":"0x')
const BLOCK_TIMESTAMP = literalOf('","blockTimestamp":"0x')
const LOG_INDEX = literalOf('","logIndex":"0x')
const REMOVED = literalOf('","removed":false}')
const [QUOTE, COMMA, ZERO, CLOSING_BRACKET, X, CLOSING_BRACE] = [34, 44, 48, 93, 120, 125]

/** Position behind the log, or -1. */
function scanLog(answer: Buffer, view: DataView, start: number, log: ScannedLog): number {
  log.start = start
  if (!isAt(view, start, ADDRESS)) return -1
  let at = start + ADDRESS.length
  log.address = at
  at += 40
  if (!isAt(view, at, TOPICS)) return -1
  at += TOPICS.length
  log.topics = at + 3
  log.topicCount = 0
  while (answer[at] === QUOTE) {
    if (answer[at + 1] !== ZERO || answer[at + 2] !== X) return -1
    at += 3 + 64
    if (answer[at] !== QUOTE || ++log.topicCount > 4) return -1
    at += answer[at + 1] === COMMA ? 2 : 1
  }
  if (!isAt(view, at, DATA)) return -1
  at += DATA.length
  log.data = at
  // Two words, as most logs have; behind none there may be a quote as well.
  at = answer[at + 128] === QUOTE && answer[at] !== QUOTE ? at + 128 : answer.indexOf(QUOTE, at)
  log.dataEnd = at
  if (at < 0 || !isAt(view, at, BLOCK_NUMBER)) return -1
  at = quantity(answer, at + BLOCK_NUMBER.length)
  log.blockNumber = value
  if (at < 0 || !isAt(view, at, TRANSACTION_HASH)) return -1
  at += TRANSACTION_HASH.length
  log.transactionHash = at
  at += 64
  if (!isAt(view, at, TRANSACTION_INDEX)) return -1
  at = quantity(answer, at + TRANSACTION_INDEX.length)
  if (at < 0 || !isAt(view, at, BLOCK_HASH)) return -1
  at += BLOCK_HASH.length
  log.blockHash = at
  at += 64
  log.timeSeconds = -1
  if (isAt(view, at, BLOCK_TIMESTAMP)) {
    at = quantity(answer, at + BLOCK_TIMESTAMP.length)
    log.timeSeconds = value
  }
  if (at < 0 || !isAt(view, at, LOG_INDEX)) return -1
  at = quantity(answer, at + LOG_INDEX.length)
  log.logIndex = value
  if (at < 0 || !isAt(view, at, REMOVED)) return -1
  log.end = at + REMOVED.length
  return log.end
}

/** Of the newest {@link quantity}: the walk must not make an object for each. */
let value = 0

/** Reads a hex number below 2^52 up to its quote; the position there, or -1. */
function quantity(answer: Buffer, start: number): number {
  let at = start
  value = 0
  for (; answer[at] !== QUOTE; at++) {
    const digit = digitOf(answer[at] ?? 0)
    if (digit < 0 || at - start >= 13) return -1
    value = value * 16 + digit
  }
  return at === start ? -1 : at
}

/** Value of a lower-case hex digit by its character code; -1 for anything else. */
function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  return code >= 97 && code <= 102 ? code - 87 : -1
}

/** A cut-off answer lacks the closing brace. */
function isEnd(answer: Buffer, at: number): boolean {
  return answer[at] === CLOSING_BRACE || /^(,"(id|jsonrpc)":("2\.0"|\d+))*\}\s*$/.test(answer.subarray(at).toString('latin1'))
}
