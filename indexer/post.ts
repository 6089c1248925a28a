import { Agent, type RequestOptions, request } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { Retry } from './errors.ts'

/** What a node answered instead of logs. */
export class NodeError extends Error {
  readonly status: number | undefined
  readonly code: number | undefined
  /** What `Retry-After` asked for. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, { status, code, retryAfterMs }: Partial<Pick<NodeError, 'status' | 'code' | 'retryAfterMs'>> = {}) {
    super(message)
    this.name = 'NodeError'
    this.status = status
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

/** Sends a JSON-RPC body and gives back the answer's bytes, unread. @throws NodeError for another status than 200 @throws when it takes too long */
export interface Post {
  (body: string): Promise<Buffer>
  /** Gives an answer's memory back for another one: hundreds of answers of megabytes keep the garbage collector busy otherwise. */
  release(answer: Buffer): void
}

/** An answer that takes longer is asked for in smaller parts. */
const TIMEOUT_MS = 20_000
/** Answers differ in size; a buffer a little larger than the first one serves most that follow. */
const SLACK = 1.25
const MOST_SPARE = 4

const READ_BYTES = 64 * 1024

/** Node's own client over kept connections: fetch() takes twice as long for answers of megabytes. */
export function createPost(url: string, timeoutMs = TIMEOUT_MS, allocateNew: (bytes: number) => Buffer = Buffer.allocUnsafeSlow): Post {
  const target = new URL(url)
  const isTls = target.protocol === 'https:'
  const agent = readIntoOneBuffer(isTls ? new TlsAgent({ keepAlive: true }) : new Agent({ keepAlive: true }))
  const send = isTls ? tlsRequest : request
  const spare: Buffer[] = []
  const allocate = (bytes: number) => {
    const at = spare.findIndex((buffer) => buffer.length >= bytes)
    return at === -1 ? allocateNew(Math.ceil(bytes * SLACK)) : spare.splice(at, 1)[0]!
  }
  const post = (body: string) =>
    new Promise<Buffer>((resolve, reject) => {
      const options: RequestOptions = {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        signal: AbortSignal.timeout(timeoutMs),
      }
      if (target.username !== '') options.auth = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`
      const sent = send(target, options, (response) => {
        const expected = Number(response.headers['content-length'])
        const whole = Number.isSafeInteger(expected) && expected >= 0 ? allocate(expected) : undefined
        const parts: Buffer[] = []
        let length = 0
        response.on('data', (part: Buffer) => {
          if (whole === undefined) parts.push(part)
          else whole.set(part.subarray(0, whole.length - length), length)
          length += part.length
        })
        response.on('error', reject)
        response.on('end', () => {
          if (!response.complete || (whole !== undefined && length !== expected))
            return reject(new NodeError('The node cut its answer off'))
          const answer = whole?.subarray(0, expected) ?? concat(parts, allocate(length))
          const status = response.statusCode ?? 0
          if (status === 200) return resolve(answer)
          const retryAfterMs = Number(response.headers['retry-after']) * 1_000 || undefined
          reject(new NodeError(`HTTP ${status}: ${answer.subarray(0, 200).toString()}`, { status, retryAfterMs }))
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  return Object.assign(post, {
    release(answer: Buffer) {
      if (spare.length < MOST_SPARE) spare.push(Buffer.from(answer.buffer))
    },
  })
}

/**
 * Has each connection read into one buffer of its own instead of a new one for each piece, which takes a quarter of the time from answers of
 * megabytes. The client's parser copies what it passes on.
 */
function readIntoOneBuffer<A extends Agent>(agent: A): A {
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, onConnected) => {
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
    const callback = (bytes: number) => socket.emit('data', buffer.subarray(0, bytes))
    const socket = connect({ ...options, onread: { buffer, callback } } as typeof options, onConnected) as Socket
    return socket
  }
  return agent
}

function concat(parts: readonly Buffer[], whole: Buffer): Buffer {
  let at = 0
  for (const part of parts) at += part.copy(whole, at)
  return whole.subarray(0, at)
}

/** The logs' bytes, or what went wrong. @throws NodeError @throws Retry RPC_LOGS_MISMATCH for something that is neither */
export function refuseErrors(answer: Buffer): Buffer {
  if (answer.subarray(0, 64).includes('"result":[')) return answer
  const parsed = parse(answer) as { result?: unknown; error?: { code?: number; message?: string } } | undefined
  if (Array.isArray(parsed?.result)) return answer
  if (typeof parsed?.error?.message === 'string')
    throw new NodeError(parsed.error.message, { ...(parsed.error.code !== undefined && { code: parsed.error.code }) })
  throw new Retry('RPC_LOGS_MISMATCH', 'The node answered something that is no list of logs')
}

function parse(answer: Buffer): unknown {
  try {
    return JSON.parse(answer.toString())
  } catch {
    return undefined
  }
}
