import type { WebSocket } from 'ws'
import type { FeedMessage, Investment, Portfolio } from '../../common/wire.ts'

/** An account with open sockets, and what they were last told. */
export interface Watcher {
  /** With the family of the sign-in that opened each. */
  sockets: Map<WebSocket, string>
  /** Without block numbers: the same figures again are not sent. */
  lastPortfolio: string
  /** The newest investments by id as they were last seen; undefined before the first look. */
  investments: Map<string, string> | undefined
  /** Some investment still moves from block to block. */
  isWaiting: boolean
}

/** A socket that has not taken this much is cut: whoever reads too slowly asks again instead. */
const MAX_BACKLOG_BYTES = 1_048_576
const LATELY_MS = 15 * 60_000

export function newWatcher(): Watcher {
  return { sockets: new Map(), lastPortfolio: '', investments: undefined, isWaiting: false }
}

/** Investments that changed since they were last seen; at the first look, those that changed lately: the page may have missed it. */
export function investmentNews(watcher: Watcher, newest: Investment[], now: Date): FeedMessage[] {
  const before = watcher.investments
  const current = new Map(newest.map((investment) => [investment.id, JSON.stringify(investment)]))
  watcher.investments = current
  watcher.isWaiting = newest.some(({ progress }) => progress !== 'final' && progress !== 'stopped')
  const isNews = ({ id, updatedAt }: Investment) =>
    before ? before.get(id) !== current.get(id) : now.getTime() - Date.parse(updatedAt) < LATELY_MS
  return newest.filter(isNews).map((data) => ({ type: 'investment_update', data }))
}

/** The portfolio when its figures changed, or at a heartbeat. */
export function portfolioNews(watcher: Watcher, portfolio: Portfolio, isHeartbeat: boolean): FeedMessage[] {
  const { asOfBlock: _as, finalBlock: _final, ...figures } = portfolio
  const current = JSON.stringify(figures)
  const isNew = isHeartbeat || current !== watcher.lastPortfolio
  watcher.lastPortfolio = current
  return isNew ? [{ type: 'portfolio_update', data: portfolio }] : []
}

export function send(socket: WebSocket, message: FeedMessage): void {
  if (socket.readyState !== socket.OPEN) return
  if (socket.bufferedAmount > MAX_BACKLOG_BYTES) socket.terminate()
  else socket.send(JSON.stringify(message))
}
