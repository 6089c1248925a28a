import pg from 'pg'

export interface Listener {
  close(): Promise<void>
}

/**
 * Listens to Postgres notifications on a connection of its own and reconnects by itself.
 * `onReconnect` runs after every (re)connection: what was missed meanwhile must be read again.
 */
export async function listen(
  url: string,
  handlers: Record<string, (payload: string) => void>,
  onReconnect: () => void = () => {},
): Promise<Listener> {
  let closed = false
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined

  async function connect() {
    const next = new pg.Client({ connectionString: url, application_name: 'terra-listen', keepAlive: true })
    next.on('error', () => {})
    next.on('end', () => retry(250))
    next.on('notification', ({ channel, payload }) => handlers[channel]?.(payload ?? ''))
    await next.connect()
    for (const channel of Object.keys(handlers)) await next.query(`listen ${pg.escapeIdentifier(channel)}`)
    client = next
    onReconnect()
  }
  function retry(delayMs: number) {
    client = undefined
    if (closed) return
    clearTimeout(timer)
    timer = setTimeout(() => connect().catch(() => retry(Math.min(delayMs * 2, 5_000))), delayMs)
  }

  await connect()
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end()
    },
  }
}
