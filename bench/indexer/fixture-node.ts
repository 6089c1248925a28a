import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { answer, type Request } from './node/answer.ts'
import { headJson } from './node/blocks.ts'
import { type Arrival, openChainView } from './node/chain-view.ts'
import { createHttpServer, type HttpAnswer } from './node/http.ts'
import type { Limits } from './node/limits.ts'
import type { Parts } from './node/parts.ts'
import { count, emptyStatistics, type Statistics } from './node/statistics.ts'
import { createHeads } from './node/websocket.ts'

/** What the control path takes; what is left out stays as it is. */
export interface Control {
  latencyMs?: number
  limits?: Limits | null
  /** Adds a block every so many milliseconds, `blocks` times. */
  live?: { everyMs: number; blocks: number }
  /** Back to the generated chain, and statistics to zero. */
  reset?: true
}

/** What it answers. Statistics are those since the last reset. */
export interface ControlAnswer {
  head: number
  statistics: Statistics
  arrivals: Arrival[]
}

// node bench/indexer/fixture-node.ts <chain folder> [port]: serves until its standard input ends, so that it never outlives its starter.
const [folder, port = '0'] = process.argv.slice(2)
const chain = openChainView(folder!)
const heads = createHeads(respond)
let statistics = emptyStatistics()
let latencyMs = 0
let limits: Limits | undefined
let live: NodeJS.Timeout | undefined

const server = createHttpServer({
  answer: (path, body) => (path === '/control' ? { parts: [JSON.stringify(control(JSON.parse(body || '{}') as Control))] } : serve(body)),
  upgrade: heads.upgrade,
})
server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
process.stdin.resume().once('end', () => process.exit(0))
// Ctrl-C reaches everybody in the terminal; when to end is the starter's to say.
process.on('SIGINT', () => {})

function serve(body: string): HttpAnswer | Promise<HttpAnswer> {
  if (body === '') return { type: 'text/plain', parts: ['JSON-RPC goes by POST\n'] }
  const answered = respond(body)
  return answered instanceof Promise ? answered.then((parts) => ({ parts })) : { parts: answered }
}

function respond(body: string): Parts | Promise<Parts> {
  return latencyMs === 0 ? respondNow(body) : sleep(latencyMs).then(() => respondNow(body))
}

function respondNow(body: string): Parts {
  let requests: Request | Request[]
  try {
    requests = JSON.parse(body) as Request | Request[]
  } catch {
    return ['{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}}']
  }
  if (!Array.isArray(requests)) return answerOne(requests)
  return ['[', ...requests.flatMap((request, at) => (at === 0 ? answerOne(request) : [',', ...answerOne(request)])), ']']
}

function answerOne(request: Request) {
  const parts = answer(chain, request, limits)
  count(statistics, request.method, parts)
  return parts
}

function control({ latencyMs: latency, limits: wanted, live: rhythm, reset }: Control): ControlAnswer {
  if (latency !== undefined) latencyMs = latency
  if (wanted !== undefined) limits = wanted ?? undefined
  if (reset) {
    clearInterval(live)
    chain.reset()
    statistics = emptyStatistics()
  }
  if (rhythm !== undefined) goLive(rhythm)
  return { head: chain.head, statistics, arrivals: chain.arrivals }
}

function goLive({ everyMs, blocks }: NonNullable<Control['live']>) {
  let left = blocks
  clearInterval(live)
  live = setInterval(() => {
    chain.addBlock()
    heads.publish(headJson(chain, chain.head))
    if (--left === 0) clearInterval(live)
  }, everyMs)
}
