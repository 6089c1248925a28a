import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Call {
  method: string
  params: unknown[]
}

/** What to do with one call: pass it on, answer something else, or break the answer. */
export type Fault = (call: Call, honest: () => Promise<unknown>) => Promise<Answer> | Answer
export type Answer =
  | { result: unknown }
  | { error: { code: number; message: string } }
  | { status: number; body?: string; headers?: Record<string, string> }
  | { body: string }
  | 'reset'

export interface FaultyNode {
  url: string
  /** Calls seen since the start, by method. */
  calls: Call[]
  /** Sets the fault from now on; undefined makes the node honest. */
  break(fault: Fault | undefined): void
  close(): Promise<void>
}

/** A JSON-RPC proxy before an honest node that can lie, stammer and hang up. */
export async function startFaultyNode(upstream: string, port = 0): Promise<FaultyNode> {
  let fault: Fault | undefined
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    const call = JSON.parse(await readBody(request)) as Call & { id: number }
    calls.push({ method: call.method, params: call.params })
    const honest = async () => {
      const answer = await fetch(upstream, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(call) })
      const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } }
      if (error) throw Object.assign(new Error(error.message), { rpc: error })
      return result
    }
    const answer = await Promise.resolve((fault ?? passOn)(call, honest)).catch((error) => ({
      error: error.rpc ?? { code: -32_603, message: String(error) },
    }))
    send(response, call.id, answer)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    break(next) {
      fault = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Passes the call on and answers what the node says. */
export const passOn: Fault = async (_call, honest) => ({ result: await honest() })

function send(response: ServerResponse, id: number, answer: Answer): void {
  if (answer === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  if ('status' in answer) {
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '')
    return
  }
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end('body' in answer ? answer.body : JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
