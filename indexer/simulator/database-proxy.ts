import { createServer, connect as openSocket, type Socket } from 'node:net'

/** Stands between an indexer and Postgres and can cut the line at any statement. */
export interface DatabaseProxy {
  /** The same database through the proxy. */
  urlOf(databaseUrl: string): string
  /** Statements, and pieces of a copy, passed on so far. */
  readonly statements: number
  /**
   * Cuts the line once, at the `count`-th statement from now: before the server gets it, or after it got it, so that nobody hears
   * how it ended.
   */
  cut(count: number, when: 'before' | 'after'): void
  /** Does something once, right before the `count`-th statement from now is passed on. */
  before(count: number, deed: () => void): void
  /** True while a cut is still to come. */
  readonly isArmed: boolean
  disarm(): void
  close(): Promise<void>
}

export async function startDatabaseProxy(target: string): Promise<DatabaseProxy> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  let statements = 0
  let due: { at: number; deed: () => void } | undefined
  let cut: { at: number; when: 'before' | 'after' } | undefined

  const server = createServer((client) => {
    const upstream = openSocket(Number(port), hostname)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        open.delete(socket)
        // What was passed on is still to be read, also when nobody waits for the answer.
        other.end()
      })
    }
    upstream.pipe(client)
    const parse = createParser()
    client.on('data', (chunk) => {
      for (const { bytes, isStatement } of parse(chunk)) {
        if (isStatement && ++statements === due?.at) due.deed()
        if (cut !== undefined && statements >= cut.at) {
          const { when } = cut
          cut = undefined
          upstream.unpipe(client)
          if (when === 'after') upstream.end(bytes)
          else upstream.destroy()
          client.destroy()
          return
        }
        upstream.write(bytes)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const own = (server.address() as { port: number }).port
  return {
    urlOf(databaseUrl) {
      const url = new URL(databaseUrl)
      url.hostname = '127.0.0.1'
      url.port = String(own)
      return url.href
    },
    get statements() {
      return statements
    },
    cut(count, when) {
      cut = { at: statements + count, when }
    },
    before(count, deed) {
      due = { at: statements + count, deed }
    },
    get isArmed() {
      return cut !== undefined
    },
    disarm() {
      cut = undefined
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A simple query, the end of an extended one, a piece of a copy, its end. */
const STATEMENT = new Set([...'QSdc'].map((letter) => letter.charCodeAt(0)))

/** Takes the frontend's half of Postgres's protocol apart: a start-up message without a type, then type, length, content. */
function createParser(): (chunk: Buffer) => { bytes: Buffer; isStatement: boolean }[] {
  let rest = Buffer.alloc(0)
  let hasStarted = false
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    const messages: { bytes: Buffer; isStatement: boolean }[] = []
    for (;;) {
      const head = hasStarted ? 1 : 0
      if (rest.length < head + 4) return messages
      const length = head + rest.readInt32BE(head)
      if (rest.length < length) return messages
      messages.push({ bytes: rest.subarray(0, length), isStatement: hasStarted && STATEMENT.has(rest[0]!) })
      rest = rest.subarray(length)
      hasStarted = true
    }
  }
}
