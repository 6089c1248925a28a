import { parentPort, workerData } from 'node:worker_threads'
import { createPost, NodeError } from './post.ts'

/** To the thread: a body to send, or an answer's memory for another one. */
export type ToThread = { id: number; body: string } | { spare: SharedArrayBuffer }

/** From the thread: where the answer is, or what went wrong. */
export type FromThread = { id: number } & ({ memory: SharedArrayBuffer; bytes: number } | { error: PlainError })

/** An error without its class, which doesn't pass from thread to thread. */
export interface PlainError {
  name: string
  message: string
  cause: PlainError | undefined
  /** Of a NodeError. */
  node: Pick<NodeError, 'status' | 'code' | 'retryAfterMs'> | undefined
}

// The thread of post-thread.ts; the address comes with its start.
const port = parentPort!
/** Room for most answers, so that each fits where another was; what none has filled takes no memory. */
const USUAL_BYTES = 6_000_000

// Shared memory is nobody's garbage: moved memory would make the other side collect every few answers.
const post = createPost(workerData as string, undefined, (bytes) => Buffer.from(new SharedArrayBuffer(Math.max(bytes, USUAL_BYTES))))
port.on('message', (message: ToThread) => {
  if ('spare' in message) return post.release(Buffer.from(message.spare))
  const { id, body } = message
  post(body).then(
    (answer) => port.postMessage({ id, memory: answer.buffer as unknown as SharedArrayBuffer, bytes: answer.length } satisfies FromThread),
    (error) => port.postMessage({ id, error: toPlain(error) } satisfies FromThread),
  )
})

function toPlain(error: unknown): PlainError {
  const { name, message, cause } = error instanceof Error ? error : new Error(String(error))
  const node = error instanceof NodeError ? { status: error.status, code: error.code, retryAfterMs: error.retryAfterMs } : undefined
  return { name, message, cause: cause === undefined ? undefined : toPlain(cause), node }
}
