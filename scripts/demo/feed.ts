import type { FeedMessage, Portfolio } from '../../common/wire.ts'
import type { Client } from '../world/client.ts'

export interface Feed {
  /** The first pushed portfolio that fits, whether it came already or is still to come. */
  waitPortfolio(fits: (portfolio: Portfolio) => boolean, timeoutMs?: number): Promise<{ portfolio: Portfolio; receivedAt: number }>
  close(): void
}

/** Opens the portfolio feed with a one-time ticket, as the web app does. */
export async function openFeed(webUrl: string, client: Client): Promise<Feed> {
  const { ticket } = await client.post<{ ticket: string }>('portfolio/ticket')
  const socket = new WebSocket(`${webUrl.replace(/^http/, 'ws')}/ws/portfolio?ticket=${encodeURIComponent(ticket)}`)
  const pushed: { portfolio: Portfolio; receivedAt: number }[] = []
  let onPush = () => {}
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as FeedMessage
    if (message.type === 'portfolio_update') pushed.push({ portfolio: message.data, receivedAt: performance.now() })
    onPush()
  })
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true })
    socket.addEventListener('error', () => reject(new Error('The portfolio feed refused the ticket')), { once: true })
  })
  return {
    waitPortfolio(fits, timeoutMs = 60_000) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`No fitting push within ${timeoutMs / 1000} s; ${pushed.length} came`)), timeoutMs)
        onPush = () => {
          const found = pushed.find(({ portfolio }) => fits(portfolio))
          if (!found) return
          clearTimeout(timer)
          onPush = () => {}
          resolve(found)
        }
        onPush()
      })
    },
    close: () => socket.close(),
  }
}
