import type { FeedMessage, Ticket } from '../common/wire.ts'
import type { Api } from './api.ts'
import { backoffMs } from './view/backoff.ts'

export type FeedState = 'connecting' | 'live' | 'waiting'

/**
 * Keeps one WebSocket to the account's feed open until `stop()`. A message is only a hint: `onHint` asks the api again.
 * After a break it hints once, because what happened meanwhile was not heard.
 * @param url maps a one-time ticket to the socket's address
 */
export function openFeed(
  api: Api,
  url: (ticket: string) => string,
  on: { hint: (type: FeedMessage['type']) => void; state: (state: FeedState) => void },
): { stop: () => void } {
  let socket: WebSocket | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let stopped = false

  async function connect() {
    on.state('connecting')
    try {
      const { ticket } = await api.send<Ticket>('POST', '/portfolio/ticket', {})
      if (stopped) return
      socket = new WebSocket(url(ticket))
    } catch {
      return retry()
    }
    socket.onmessage = (event) => {
      const message = parse(event.data)
      if (!message || stopped) return
      if (message.type === 'ready') attempt = 0
      on.state('live')
      on.hint(message.type)
    }
    socket.onclose = retry
  }

  function retry() {
    socket = null
    if (stopped) return
    on.state('waiting')
    timer = setTimeout(connect, backoffMs(attempt++, Math.random))
  }

  void connect()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
      socket?.close()
    },
  }
}

function parse(data: unknown): FeedMessage | null {
  try {
    return JSON.parse(String(data)) as FeedMessage
  } catch {
    return null
  }
}
