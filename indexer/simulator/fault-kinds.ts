import type { SimBlock } from './block.ts'
import type { Answer, Call, Fault, Instead } from './node.ts'
import { answerCall, type View } from './rpc.ts'
import type { RpcBlock, RpcLog } from './wire.ts'

/** One way in which a node fails its reader. */
export interface NamedFault extends Fault {
  name: string
  /** What no reader may take offence at: the mirror has to reach the head in spite of it. */
  isHarmless?: boolean
  /** Only by the header of each block could it be noticed: what a range of old blocks holds the node alone vouches for. */
  isUnseenInRanges?: boolean
  /** The code with which the indexer has to complain while it lasts, at the head. */
  complaint?: string
  /** Calls something final that the chain may still undo: a reader has to believe it, so nothing is undone meanwhile. */
  isFinalityLie?: boolean
  /** Makes the indexer wait for so long that only long runs play it. */
  isSlow?: boolean
  /** Codes with which the indexer may end instead of trying again, because the node's word is all there is. */
  mayStop?: string
}

type Marks = Omit<NamedFault, 'http' | 'call' | 'body' | 'push' | 'name'>

/** Something else instead of an answer. */
export function http(name: string, instead: Instead, marks: Marks = {}): NamedFault {
  return { name, ...marks, http: () => instead }
}

/** Strikes on every `nth` request only. */
export function sometimes(fault: NamedFault, nth: number): NamedFault {
  let count = 0
  return { name: fault.name, http: (calls) => (++count % nth === 0 ? fault.http?.(calls) : undefined) }
}

/** Changes the text of the answer. */
export function body(name: string, change: (text: string) => string, marks: Marks = {}): NamedFault {
  return { name, ...marks, body: change }
}

/** Changes the answer to every call. */
export function answer(name: string, change: (said: Answer, call: Call, view: View) => Answer, marks: Marks = {}): NamedFault {
  return { name, ...marks, call: (call, said, view) => change(said, call, view) }
}

/** Changes the answers to some methods. */
export function on(methods: RegExp, name: string, change: (said: Answer, view: View, call: Call) => Answer, marks: Marks = {}): NamedFault {
  return answer(name, (said, call, view) => (methods.test(call.method) ? change(said, view, call) : said), marks)
}

/** Changes every header. */
export function blocks(name: string, change: (block: RpcBlock, view: View) => unknown, marks: Marks = {}): NamedFault {
  return on(
    /^eth_getBlockBy/,
    name,
    (said, view) => (said.result ? { ...said, result: change(said.result as RpcBlock, view) } : said),
    marks,
  )
}

/** Changes every list of logs. */
export function logs(name: string, change: (list: RpcLog[]) => unknown, marks: Marks = {}): NamedFault {
  const isList = (said: Answer) => Array.isArray(said.result)
  return on(/^eth_getLogs$/, name, (said) => (isList(said) ? { ...said, result: change(said.result as RpcLog[]) } : said), marks)
}

/** Changes the logs of the last block of every range, of which there are many: longer ones than of ten blocks are refused. */
export function rangeEnds(name: string, change: (end: RpcLog[], block: SimBlock, all: RpcLog[]) => RpcLog[]): NamedFault {
  return on(/^eth_getLogs$/, name, (said, { chain }, { params }) => {
    const { fromBlock, toBlock, address } = (params[0] ?? {}) as { fromBlock?: string; toBlock?: string; address?: unknown }
    const block = toBlock === undefined ? undefined : chain.blocks[Number(toBlock)]
    // Who asks for no contract's logs but all of a block asks for what the header proves.
    if (block === undefined || address === undefined || !Array.isArray(said.result)) return said
    if (Number(toBlock) - Number(fromBlock) >= 10) return refused(said, -32_602, 'eth_getLogs is limited to a 10 block range')
    const all = said.result as RpcLog[]
    const isLast = ({ blockNumber }: RpcLog) => Number(blockNumber) === block.number
    return { ...said, result: [...all.filter((log) => !isLast(log)), ...change(all.filter(isLast), block, all)] }
  })
}

/** Refuses logs; with `most` only in longer ranges than so many blocks. */
export function logsError(name: string, code: number, message: string, most = 0): NamedFault {
  const isTooMuch = ({ fromBlock, toBlock, blockHash }: { fromBlock?: string; toBlock?: string; blockHash?: string }) =>
    most === 0 || (blockHash === undefined && Number(toBlock) - Number(fromBlock) >= most)
  const change = (said: Answer, _view: View, { params }: Call) =>
    isTooMuch((params[0] ?? {}) as object) ? refused(said, code, message) : said
  return on(/^eth_getLogs$/, name, change, most === 0 ? {} : { isHarmless: true })
}

/** Changes what the node calls final. */
export function finality(name: string, change: (said: Answer, view: View) => Answer, marks: Marks = {}): NamedFault {
  const isAsked = ({ method, params }: Call) => method === 'eth_getBlockByNumber' && (params[0] === 'finalized' || params[0] === 'safe')
  return answer(name, (said, call, view) => (isAsked(call) ? change(said, view) : said), marks)
}

/** Answers some methods from another view of the chain: an older one, or another branch. */
export function otherView(methods: RegExp, name: string, viewOf: (view: View, count: number) => View, marks: Marks = {}): NamedFault {
  let count = 0
  return on(
    methods,
    name,
    (_said, view, { id, method, params }) => ({ jsonrpc: '2.0', id, ...answerCall(viewOf(view, count++), method, params) }),
    marks,
  )
}

/** The same call answered with an error. */
export function refused({ id }: Answer, code: number, message: string): Answer {
  return { jsonrpc: '2.0', id, error: { code, message } }
}

/** Strikes now and then, as `strikes` decides for every request. */
export function nowAndThen(fault: NamedFault, strikes: () => boolean): NamedFault {
  const { http, call, body } = fault
  return {
    ...fault,
    isHarmless: false,
    ...(http && { http: (calls) => (strikes() ? http(calls) : undefined) }),
    ...(call && { call: (asked, honest, view) => (strikes() ? call(asked, honest, view) : honest) }),
    ...(body && { body: (text, calls) => (strikes() ? body(text, calls) : text) }),
  }
}
