import type { FastifyInstance } from 'fastify'

/** What happens to the next `count` requests whose path begins with `path`. */
export interface Fault {
  path: string
  method?: string
  count: number
  /** Answers this status instead of doing anything. */
  status?: number
  /** Waits so long before it is handled. */
  timeoutMs?: number
  /** Handles the request and then cuts the line, so that the caller never learns of it. */
  loseAnswer?: boolean
}

export interface Faults {
  add(fault: Fault): void
  list(): Fault[]
  clear(): void
}

/** Makes the vendors fail on demand. Must be registered on the root, before the routes. */
export function faultsFor(app: FastifyInstance): Faults {
  let faults: Fault[] = []
  const lost = new WeakSet<object>()

  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/_sandbox')) return
    const fault = faults.find(({ path, method }) => request.url.startsWith(path) && (method === undefined || method === request.method))
    if (fault === undefined) return
    if (--fault.count <= 0) faults = faults.filter((other) => other !== fault)
    if (fault.timeoutMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.timeoutMs))
    if (fault.loseAnswer) lost.add(request)
    if (fault.status !== undefined) {
      return reply.status(fault.status).send({ error: { type: 'api_error', message: 'The sandbox was told to fail here.' } })
    }
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (lost.has(request)) reply.raw.destroy()
    return payload
  })
  return {
    add: (fault) => void faults.push(fault),
    list: () => faults,
    clear: () => {
      faults = []
    },
  }
}
