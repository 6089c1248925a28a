import type { WebSocket } from 'ws'
import { asViewer, type Db, type Pool } from '../../common/node/db.ts'
import { listen } from '../../common/node/listen.ts'
import type { Log } from '../../common/node/log.ts'
import type { FeedMessage, Investment, Portfolio } from '../../common/wire.ts'
import type { Feed } from '../http/deps.ts'
import { readPortfolio } from './queries.ts'

export interface FeedOptions {
  pool: Pool
  /** For the connection that listens: as terra_api. */
  databaseUrl: string
  clock: () => Date
  log: Log
  /** An account's newest investments; `db` reads as that account. */
  listNewest: (db: Db, accountId: string, now: Date) => Promise<Investment[]>
  /** Updates come at least so often, changed or not. */
  heartbeatMs?: number
}

const MAX_SOCKETS_PER_ACCOUNT = 10
/** A socket that has not taken this much is cut: whoever reads too slowly asks again instead. */
const MAX_BACKLOG_BYTES = 1_048_576
const HEARTBEAT_MS = 30_000
/** Hints that come together are answered together. */
const GATHER_MS = 50
const LATELY_MS = 15 * 60_000

interface Watcher {
  sockets: Set<WebSocket>
  /** What was last sent, without block numbers: the same again is not sent. */
  lastPortfolio: string
  /** The newest investments by id as they were last seen; undefined before the first look. */
  investments: Map<string, string> | undefined
  isWaiting: boolean
}

/** Listens to the database's hints and pushes the fresh portfolio to the sockets of the accounts concerned. A hint carries no figures. */
export async function openFeed(options: FeedOptions): Promise<Feed> {
  const { pool, databaseUrl, clock, log, listNewest, heartbeatMs = HEARTBEAT_MS } = options
  const watchers = new Map<string, Watcher>()
  const dirtyAccounts = new Set<string>()
  const dirtyHolders = new Set<string>()
  let lastBlock = 0n
  let isChainDirty = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  function gather() {
    timer ??= setTimeout(() => {
      timer = undefined
      // One pass at a time: a pass that takes long gathers what comes meanwhile.
      running = (running ?? Promise.resolve())
        .then(answerHints)
        .catch((cause) => log.warn({ err: cause }, 'The feed could not read; the next hint tries again'))
    }, GATHER_MS)
  }

  async function answerHints() {
    const holders = [...dirtyHolders]
    dirtyHolders.clear()
    if (watchers.size === 0) return dirtyAccounts.clear()
    const accounts = new Set(dirtyAccounts)
    dirtyAccounts.clear()
    if (holders.length > 0) for (const accountId of await accountsOf(pool, holders, [...watchers.keys()])) accounts.add(accountId)
    if (isChainDirty) {
      isChainDirty = false
      const since = lastBlock
      const now = await readEvents(pool, since)
      lastBlock = now.block
      // Distributions and exits concern everybody; otherwise a block only moves those who wait for it.
      for (const [accountId, watcher] of watchers) if (now.hasNews || now.block < since || watcher.isWaiting) accounts.add(accountId)
    }
    for (const accountId of accounts) await refresh(accountId, false)
  }

  async function refresh(accountId: string, isHeartbeat: boolean) {
    const watcher = watchers.get(accountId)
    if (!watcher) return
    const now = clock()
    const portfolio = await readPortfolio(pool, accountId, now)
    const newest = await asViewer(pool, { accountId }, (db) => listNewest(db, accountId, now))
    const messages = [...investmentNews(watcher, newest, now), ...portfolioNews(watcher, portfolio, isHeartbeat)]
    for (const socket of watcher.sockets) for (const message of messages) send(socket, message)
  }

  const heartbeat = setInterval(() => {
    for (const [accountId, { sockets }] of watchers) {
      for (const socket of sockets) socket.ping()
      refresh(accountId, true).catch((cause) => log.warn({ err: cause }, 'The feed could not read; the next heartbeat tries again'))
    }
  }, heartbeatMs)

  function refreshAll() {
    for (const accountId of watchers.keys()) dirtyAccounts.add(accountId)
    gather()
  }

  const listener = await listen(
    databaseUrl,
    {
      holding_changed: (address) => {
        dirtyHolders.add(address)
        gather()
      },
      investment_changed: (accountId) => {
        dirtyAccounts.add(accountId)
        gather()
      },
      chain_changed: () => {
        isChainDirty = true
        gather()
      },
    },
    // What was said while the connection was gone is not said again.
    refreshAll,
  )

  return {
    attach(socket, accountId) {
      const watcher = watchers.get(accountId) ?? { sockets: new Set(), lastPortfolio: '', investments: undefined, isWaiting: false }
      if (watcher.sockets.size >= MAX_SOCKETS_PER_ACCOUNT) return socket.close(1008, `At most ${MAX_SOCKETS_PER_ACCOUNT} connections`)
      watchers.set(accountId, watcher)
      watcher.sockets.add(socket)
      socket.once('close', () => {
        watcher.sockets.delete(socket)
        if (watcher.sockets.size === 0) watchers.delete(accountId)
      })
      send(socket, { type: 'ready' })
      refresh(accountId, true).catch((cause) => log.warn({ err: cause, accountId }, 'The feed could not send the first portfolio'))
    },
    async close() {
      clearInterval(heartbeat)
      clearTimeout(timer)
      await listener.close()
      for (const { sockets } of watchers.values()) for (const socket of sockets) socket.close(1001, 'The server is restarting')
      await running
    },
  }
}

/** Investments that changed since they were last seen; at the first look, those that changed lately: the page may have missed it. */
function investmentNews(watcher: Watcher, newest: Investment[], now: Date): FeedMessage[] {
  const before = watcher.investments
  watcher.investments = new Map(newest.map((investment) => [investment.id, JSON.stringify(investment)]))
  watcher.isWaiting = newest.some(({ progress }) => progress !== 'final' && progress !== 'stopped')
  const isNews = (investment: Investment) =>
    before
      ? before.get(investment.id) !== watcher.investments?.get(investment.id)
      : now.getTime() - Date.parse(investment.updatedAt) < LATELY_MS
  return newest.filter(isNews).map((data) => ({ type: 'investment_update', data }))
}

function portfolioNews(watcher: Watcher, portfolio: Portfolio, isHeartbeat: boolean): FeedMessage[] {
  const { asOfBlock: _as, finalBlock: _final, ...figures } = portfolio
  const current = JSON.stringify(figures)
  const isNew = isHeartbeat || current !== watcher.lastPortfolio
  watcher.lastPortfolio = current
  return isNew ? [{ type: 'portfolio_update', data: portfolio }] : []
}

function send(socket: WebSocket, message: FeedMessage): void {
  if (socket.readyState !== socket.OPEN) return
  if (socket.bufferedAmount > MAX_BACKLOG_BYTES) socket.terminate()
  else socket.send(JSON.stringify(message))
}

async function accountsOf(pool: Pool, holders: string[], among: string[]): Promise<string[]> {
  const { rows } = await pool.query<{ accountId: string }>(
    `select account_id as "accountId" from app.wallet where active and address = any($1) and account_id = any($2)`,
    [holders, among],
  )
  return rows.map(({ accountId }) => accountId)
}

/** How far the mirror is, and whether anything above `since` changes what all holders see. */
async function readEvents(pool: Pool, since: bigint): Promise<{ block: bigint; hasNews: boolean }> {
  const { rows } = await pool.query<{ block: string; hasNews: boolean }>(
    `select k.block_number as block,
       exists (select from chain.epoch where block_number > $1)
       or exists (select from chain.exit_step where block_number > $1)
       or exists (select from chain.project_state where block_number > $1) as "hasNews"
     from chain.checkpoint k`,
    [since.toString()],
  )
  return rows[0] ? { block: BigInt(rows[0].block), hasNews: rows[0].hasNews } : { block: 0n, hasNews: false }
}
