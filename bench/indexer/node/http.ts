import { createServer, type Server, type Socket } from 'node:net'
import type { Parts } from './parts.ts'

export interface HttpAnswer {
  status?: string
  type?: string
  parts: Parts
}

export interface HttpHandlers {
  answer(path: string, body: string): HttpAnswer | Promise<HttpAnswer>
  /** Somebody wants a WebSocket; `headers` by lower-case name, `rest` what they already sent. */
  upgrade(socket: Socket, headers: Record<string, string>, rest: Buffer): void
}

const END_OF_HEAD = '\r\n\r\n'
/** Parts up to this size are sent together. */
const SMALL_BYTES = 4_096

/**
 * As much of HTTP/1.1 as JSON-RPC clients need, straight on sockets: node:http costs several times as much for each of a hundred
 * thousand small requests, and would take it from the indexer under test, which shares the machine.
 */
export function createHttpServer(handlers: HttpHandlers): Server {
  return createServer({ noDelay: true }, (socket) => serve(socket, handlers))
}

function serve(socket: Socket, handlers: HttpHandlers) {
  let received = Buffer.alloc(0)
  let isBusy = false

  async function work() {
    if (isBusy) return
    isBusy = true
    // One after the other: answers must come in the order of the requests.
    for (let request = take(); request !== undefined; request = take()) {
      if (request.headers.upgrade?.toLowerCase() === 'websocket') {
        socket.removeAllListeners('data')
        handlers.upgrade(socket, request.headers, received)
        return
      }
      const answered = handlers.answer(request.path, request.body)
      send(socket, answered instanceof Promise ? await answered : answered)
    }
    isBusy = false
  }

  /** The next whole request, when it is there. */
  function take() {
    const end = received.indexOf(END_OF_HEAD)
    if (end < 0) return undefined
    const [first, ...lines] = received.toString('latin1', 0, end).split('\r\n')
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    )
    const bodyEnd = end + END_OF_HEAD.length + Number(headers['content-length'] ?? 0)
    if (received.length < bodyEnd) return undefined
    const body = received.toString('utf8', end + END_OF_HEAD.length, bodyEnd)
    received = received.subarray(bodyEnd)
    return { path: first!.split(' ')[1]!, headers, body }
  }

  socket.on('data', (bytes) => {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes])
    void work()
  })
  socket.on('error', () => socket.destroy())
}

function send(socket: Socket, { status = '200 OK', type = 'application/json', parts }: HttpAnswer) {
  if (socket.destroyed) return
  const length = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0)
  let text = `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`
  socket.cork()
  for (const part of parts) {
    if (part.length < SMALL_BYTES) {
      text += part.toString()
      continue
    }
    socket.write(text)
    text = ''
    socket.write(part)
  }
  socket.write(text)
  socket.uncork()
}
