import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { numberToHex } from 'viem'
import { type WebSocket, WebSocketServer } from 'ws'
import type { SimChain } from './chain.ts'
import { answerCall, type Result, type View } from './rpc.ts'
import { blockToWire } from './wire.ts'

export interface Call {
  id: unknown
  method: string
  params: unknown[]
}

/** One call's answer on the wire; faults may write anything into it. */
export type Answer = { jsonrpc: '2.0'; id: unknown } & Partial<{ result: unknown; error: unknown }>

/** What happens to a request instead of an answer. */
export type Instead = 'reset' | 'hang' | { status: number; headers?: Record<string, string>; body?: string }

/** Ways in which a node lies, stammers or breaks; each hook is optional. */
export interface Fault {
  /** Before anything is answered; undefined lets the request through. */
  http?(calls: readonly Call[]): Instead | undefined
  /** Rewrites one call's answer, also over the socket. */
  call?(call: Call, honest: Answer, view: View): Answer
  /** Rewrites the whole body. */
  body?(text: string, calls: readonly Call[]): string
  /** Rewrites what subscribers hear of a new head. */
  push?(header: unknown): unknown[]
}

/** A node of the simulated chain behind real JSON-RPC, over HTTP and over a socket on the same port. */
export interface SimNode extends View {
  readonly url: string
  readonly socketUrl: string
  /** Calls answered or broken so far. */
  readonly calls: number
  /** One after the other; none for an honest node. */
  faults: readonly Fault[]
  /** Does something once, right before the answer to the `count`-th call from now. */
  before(count: number, deed: () => void): void
  /** Tells subscribers of the head. */
  announce(): void
  /** Cuts every connection, as a proxy that restarts does. */
  hangUp(): void
  close(): Promise<void>
}

export async function startNode(chain: SimChain): Promise<SimNode> {
  let calls = 0
  const deeds: { at: number; deed: () => void }[] = []
  const subscribers = new Map<WebSocket, string[]>()
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()))
  const sockets = new WebSocketServer({ server })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const node: SimNode = {
    url: `http://127.0.0.1:${port}`,
    socketUrl: `ws://127.0.0.1:${port}`,
    chain,
    lag: 0,
    finalized: 'honest',
    hasTimestamps: true,
    faults: [],
    get calls() {
      return calls
    },
    before: (count, deed) => void deeds.push({ at: calls + count, deed }),
    announce() {
      const head = node.chain.blocks[Math.max(0, node.chain.head.number - node.lag)] ?? node.chain.head
      const headers = node.faults.reduce<unknown[]>(
        (list, fault) => list.flatMap((header) => fault.push?.(header) ?? [header]),
        [blockToWire(head)],
      )
      for (const [socket, ids] of subscribers)
        for (const subscription of ids)
          for (const result of headers)
            socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params: { subscription, result } }))
    },
    hangUp() {
      server.closeAllConnections()
      for (const socket of sockets.clients) socket.terminate()
    },
    async close() {
      node.hangUp()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  function answer(call: Call, socket?: WebSocket): Answer {
    calls++
    for (let due = deeds.findIndex(({ at }) => at <= calls); due >= 0; due = deeds.findIndex(({ at }) => at <= calls))
      deeds.splice(due, 1)[0]!.deed()
    const honest: Answer = { jsonrpc: '2.0', id: call.id, ...resultOf(call, socket) }
    return node.faults.reduce((said, fault) => fault.call?.(call, said, node) ?? said, honest)
  }
  function resultOf({ method, params }: Call, socket?: WebSocket): Result {
    if (method !== 'eth_subscribe' || socket === undefined) return answerCall(node, method, params ?? [])
    const ids = subscribers.get(socket) ?? []
    ids.push(numberToHex(0xabc_0000 + calls))
    subscribers.set(socket, ids)
    return { result: ids.at(-1) }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = JSON.parse(await readText(request)) as Call | Call[]
    const list = [asked].flat()
    const instead = node.faults.map((fault) => fault.http?.(list)).find((each) => each !== undefined)
    if (instead === 'reset') return void request.socket.resetAndDestroy()
    if (instead === 'hang') return
    if (instead !== undefined) return void response.writeHead(instead.status, instead.headers).end(instead.body ?? '')
    const answers = list.map((call) => answer(call))
    const body = JSON.stringify(Array.isArray(asked) ? answers : answers[0])
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(node.faults.reduce((text, fault) => fault.body?.(text, list) ?? text, body))
  }

  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const asked = JSON.parse(String(data)) as Call | Call[]
      const answers = [asked].flat().map((call) => answer(call, socket))
      socket.send(JSON.stringify(Array.isArray(asked) ? answers : answers[0]))
    })
    socket.on('close', () => subscribers.delete(socket))
    socket.on('error', () => socket.terminate())
  })
  return node
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
