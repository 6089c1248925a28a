import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Request } from './answer.ts'
import type { Parts } from './parts.ts'

export interface Heads {
  /** Makes a WebSocket of a socket that asked for it. */
  upgrade(socket: Socket, headers: Record<string, string>, rest: Buffer): void
  /** Tells every subscriber of new heads about one. */
  publish(head: Parts): void
}

/** Plain requests as over HTTP, besides eth_subscribe("newHeads"). `respond` answers a request's text. */
export function createHeads(respond: (body: string) => Parts | Promise<Parts>): Heads {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  const subscribers = new Map<string, WebSocket>()
  let count = 0

  async function receive(socket: WebSocket, text: string) {
    const request = parse(text)
    if (request?.method === 'eth_subscribe') {
      const id = `0x${(++count).toString(16)}`
      const isKnown = request.params?.[0] === 'newHeads'
      if (isKnown) subscribers.set(id, socket)
      const outcome = isKnown ? { result: id } : { error: { code: -32_601, message: 'no such subscription' } }
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: request.id, ...outcome }))
    } else if (request?.method === 'eth_unsubscribe') {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: request.id, result: subscribers.delete(String(request.params?.[0])) }))
    } else {
      socket.send(toText(await respond(text)))
    }
  }

  return {
    upgrade(socket, headers, rest) {
      const request = { method: 'GET', url: '/', headers } as unknown as IncomingMessage
      server.handleUpgrade(request, socket, rest, (opened) => {
        opened.on('message', (data) => void receive(opened, String(data)))
        opened.on('close', () => {
          for (const [id, subscriber] of subscribers) if (subscriber === opened) subscribers.delete(id)
        })
      })
    },
    publish(head) {
      for (const [id, socket] of subscribers)
        socket.send(toText([`{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"${id}","result":`, ...head, '}}']))
    },
  }
}

function toText(parts: Parts): string {
  return parts.map(String).join('')
}

function parse(text: string): Request | undefined {
  const request = JSON.parse(text) as Request | Request[]
  return Array.isArray(request) ? undefined : request
}
