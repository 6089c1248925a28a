import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { NodeError } from './post.ts'
import { openPostThread, type PostThread } from './post-thread.ts'

describe('a thread that fetches answers', () => {
  let answer: (response: ServerResponse, body: string) => void
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    answer(response, body)
  })
  let thread: PostThread
  const failure = async (asked: Promise<Buffer>) =>
    asked.then(
      () => undefined,
      (error: NodeError) => error,
    )

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    thread = openPostThread(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
  after(async () => {
    await thread.close()
    server.close()
  })

  it('gives each its own answer, byte by byte, whether the node says its length or not', async () => {
    const textFor = (body: string) => Array.from({ length: 100_000 }, (_, at) => `${body}${at}`).join(' ')
    answer = (response, body) => {
      const text = textFor(body)
      if (body.endsWith('long')) response.setHeader('content-length', text.length)
      // The first piece comes alone: others are read into the same buffer before all of it is looked at.
      response.write(text.slice(0, 10))
      setTimeout(() => response.end(text.slice(10)), body.startsWith('slow') ? 50 : 0)
    }
    const bodies = ['slow', 'quick', 'slow and long', 'long']
    const answers = await Promise.all(bodies.map((body) => thread(body)))
    for (const [at, body] of bodies.entries()) expect(answers[at]!.toString() === textFor(body), body).to.equal(true)
  })

  it('uses the memory of an answer again once it is given back', async () => {
    answer = (response, body) => response.setHeader('content-length', body.length).end(body)
    const first = await thread('a'.repeat(5_000))
    const kept = first.toString()
    thread.release(first)
    const second = await thread('b'.repeat(4_000))
    expect(second.toString()).to.equal('b'.repeat(4_000))
    expect(first.toString()).to.equal('b'.repeat(4_000) + kept.slice(4_000))
  })

  it('says what the node said instead of an answer', async () => {
    answer = (response) => response.writeHead(429, { 'retry-after': '2' }).end('slow down')
    const error = await failure(thread('{}'))
    expect(error).to.be.instanceOf(NodeError)
    expect(error).to.include({ name: 'NodeError', message: 'HTTP 429: slow down', status: 429, retryAfterMs: 2_000 })
    answer = (response) => response.destroy()
    expect((await failure(thread('{}')))?.message).to.equal('socket hang up')
  })

  it('leaves nobody waiting when it is closed', async () => {
    answer = () => {}
    const asked = failure(thread('{}'))
    await thread.close()
    expect((await asked)?.message).to.equal('The thread that fetches answers has ended')
    expect((await failure(thread('{}')))?.message).to.equal('The thread that fetches answers has ended')
    server.closeAllConnections()
  })
})
