import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { NodeError, type Post } from './post.ts'
import type { FromThread, PlainError, ToThread } from './post-worker.ts'

export interface PostThread extends Post {
  /** What is still under way fails. */
  close(): Promise<void>
}

/**
 * The same as createPost(), in a thread of its own, for answers of megabytes one after the other. Each comes in hundreds of pieces whose memory
 * the garbage collector has to look after: there it has next to nothing else to look through, here all of the program.
 */
export function openPostThread(url: string): PostThread {
  const worker = new Worker(join(import.meta.dirname, 'post-worker.ts'), {
    workerData: url,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  let hasEnded = false
  const waiting = new Map<number, { resolve(answer: Buffer): void; reject(error: unknown): void }>()
  let count = 0
  const fail = (error: unknown) => {
    hasEnded = true
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  // Keeps the process alive only while somebody waits for an answer.
  worker.unref()
  worker.on('error', fail)
  worker.on('exit', () => fail(new NodeError(ENDED)))
  worker.on('message', (message: FromThread) => {
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    if (waiting.size === 0) worker.unref()
    if ('error' in message) asked?.reject(fromPlain(message.error))
    else asked?.resolve(Buffer.from(message.memory, 0, message.bytes))
  })
  const send = (message: ToThread) => worker.postMessage(message)
  const post = (body: string) =>
    new Promise<Buffer>((resolve, reject) => {
      if (hasEnded) return reject(new NodeError(ENDED))
      const id = count++
      waiting.set(id, { resolve, reject })
      worker.ref()
      send({ id, body })
    })
  return Object.assign(post, {
    release(answer: Buffer) {
      send({ spare: answer.buffer as unknown as SharedArrayBuffer })
    },
    async close() {
      await worker.terminate()
    },
  })
}

/** The pieces of answers are garbage at once: a larger nursery holds more of it and saves nothing. */
const YOUNG_MB = 2

const ENDED = 'The thread that fetches answers has ended'

function fromPlain({ name, message, cause, node }: PlainError): Error {
  const error = node === undefined ? new Error(message) : new NodeError(message, node)
  return Object.assign(error, { name, ...(cause !== undefined && { cause: fromPlain(cause) }) })
}
