import { setTimeout as sleep } from 'node:timers/promises'
import { NodeError } from '../post.ts'
import type { Block, MinedLog, Source } from '../source.ts'
import { isRangeTooLarge, min, type Span } from '../span.ts'

/** One answer: the logs of some old blocks, unread, and the last of them with its logs, proven against its header. */
export interface Range {
  from: bigint
  end: Block
  endLogs: readonly MinedLog[]
  answer: Buffer
}

const TRIES = 6
const FIRST_WAIT_MS = 200

/**
 * Asks for the logs from `from` to `to` in ranges whose size follows what the node allows and what memory bears, `inFlight` at a time,
 * and hands the answers over in order.
 * @throws what the node fails with after some tries; what was handed over before stands
 */
export async function* fetchRanges(source: Source, from: bigint, to: bigint, span: Span, inFlight: number): AsyncGenerator<Range> {
  const waiting: Promise<Range[]>[] = []
  let next = from
  const ask = () => {
    if (next > to) return
    const end = min(next + span.blocks - 1n, to)
    const asked = fetchRange(source, next, end, span)
    // Somebody looks at it later; until then a refusal is nobody's unhandled one.
    asked.catch(() => {})
    waiting.push(asked)
    next = end + 1n
  }
  for (let count = 0; count < inFlight; count++) ask()
  for (let first = waiting.shift(); first !== undefined; first = waiting.shift()) {
    const ranges = await first
    ask()
    yield* ranges
  }
}

/** One range, or its halves where the node refuses it as a whole. */
async function fetchRange(source: Source, from: bigint, to: bigint, span: Span): Promise<Range[]> {
  try {
    const [last, answer] = await patiently(() => Promise.all([source.blockWithLogs(to), source.logsAnswer(from, to)]))
    span.answered(to - from + 1n, answer.length)
    return [{ from, end: last.block, endLogs: last.logs, answer }]
  } catch (error) {
    if (!isRangeTooLarge(error) || from === to) throw error
    const half = (to - from) / 2n
    span.refused(to - from + 1n)
    return [...(await fetchRange(source, from, from + half, span)), ...(await fetchRange(source, from + half + 1n, to, span))]
  }
}

/** Waits as long as a node that is asked too much wants, and tries again. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      const isTooOften =
        error instanceof NodeError && (error.status === 429 || error.code === 429 || /rate limit|too many requests/i.test(error.message))
      if (!isTooOften || tries === TRIES) throw error
      await sleep(error.retryAfterMs ?? FIRST_WAIT_MS * 2 ** (tries - 1))
    }
  }
}
