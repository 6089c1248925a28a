import { asViewer, type Db, type Pool } from '../../common/node/db.ts'
import { listen } from '../../common/node/listen.ts'
import type { Log } from '../../common/node/log.ts'
import type { Investment } from '../../common/wire.ts'
import type { Feed } from '../http/deps.ts'
import { investmentNews, newWatcher, portfolioNews, send, type Watcher } from './feed-news.ts'
import { listAccountsOf, listLiveFamilies, readEvents } from './feed-queries.ts'
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
const HEARTBEAT_MS = 30_000
/** Hints that come together are answered together. */
const GATHER_MS = 50
const REFRESHES_AT_ONCE = 5

/** Listens to the database's hints and pushes the fresh portfolio to the sockets of the accounts concerned. A hint carries no figures. */
export async function openFeed(options: FeedOptions): Promise<Feed> {
  const { pool, databaseUrl, clock, log, listNewest, heartbeatMs = HEARTBEAT_MS } = options
  const watchers = new Map<string, Watcher>()
  const dirtyAccounts = new Set<string>()
  const dirtyHolders = new Set<string>()
  let lastBlock = 0n
  let isChainDirty = false
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()

  /** One pass at a time; what comes meanwhile is gathered for the next. */
  function gather() {
    timer ??= setTimeout(() => {
      timer = undefined
      run(answerHints)
    }, GATHER_MS)
  }
  function run(work: () => Promise<void>) {
    running = running
      .then(work)
      .catch((cause) => log.warn({ err: cause }, 'The feed could not read; the next hint or heartbeat tries again'))
  }

  async function answerHints() {
    const holders = [...dirtyHolders]
    const accounts = new Set(dirtyAccounts)
    dirtyHolders.clear()
    dirtyAccounts.clear()
    if (watchers.size === 0) return
    if (holders.length > 0) for (const accountId of await listAccountsOf(pool, holders, [...watchers.keys()])) accounts.add(accountId)
    if (isChainDirty) {
      isChainDirty = false
      const since = lastBlock
      const { block, hasNews } = await readEvents(pool, since)
      lastBlock = block
      // Distributions and exits concern everybody, and so does a block taken back; otherwise a block only moves those who wait for it.
      for (const [accountId, { isWaiting }] of watchers) if (hasNews || block < since || isWaiting) accounts.add(accountId)
    }
    await refreshAll(accounts, false)
  }

  /** A few at a time: the pool is also for requests. */
  async function refreshAll(accounts: Iterable<string>, isHeartbeat: boolean) {
    const waiting = [...accounts]
    while (waiting.length > 0) await Promise.all(waiting.splice(0, REFRESHES_AT_ONCE).map((accountId) => refresh(accountId, isHeartbeat)))
  }

  async function refresh(accountId: string, isHeartbeat: boolean) {
    const watcher = watchers.get(accountId)
    if (!watcher) return
    const now = clock()
    const portfolio = await readPortfolio(pool, accountId, now)
    const newest = await asViewer(pool, { accountId }, (db) => listNewest(db, accountId, now))
    const messages = [...investmentNews(watcher, newest, now), ...portfolioNews(watcher, portfolio, isHeartbeat)]
    for (const socket of watcher.sockets.keys()) for (const message of messages) send(socket, message)
  }

  async function beat() {
    const families = [...watchers.values()].flatMap(({ sockets }) => [...sockets.values()])
    if (families.length === 0) return
    const live = await listLiveFamilies(pool, families, clock())
    for (const { sockets } of watchers.values()) {
      for (const [socket, family] of sockets) {
        if (live.has(family)) socket.ping()
        else socket.close(1008, 'The session has ended')
      }
    }
    await refreshAll(watchers.keys(), true)
  }
  const heartbeat = setInterval(() => run(beat), heartbeatMs)

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
    () => {
      for (const accountId of watchers.keys()) dirtyAccounts.add(accountId)
      gather()
    },
  )

  return {
    attach(socket, { accountId, family }) {
      const watcher = watchers.get(accountId) ?? newWatcher()
      if (watcher.sockets.size >= MAX_SOCKETS_PER_ACCOUNT) return socket.close(1008, `At most ${MAX_SOCKETS_PER_ACCOUNT} connections`)
      watchers.set(accountId, watcher)
      watcher.sockets.set(socket, family)
      socket.once('close', () => {
        watcher.sockets.delete(socket)
        if (watcher.sockets.size === 0) watchers.delete(accountId)
      })
      send(socket, { type: 'ready' })
      run(() => refresh(accountId, true))
    },
    async close() {
      clearInterval(heartbeat)
      clearTimeout(timer)
      await listener.close()
      for (const { sockets } of watchers.values()) for (const socket of sockets.keys()) socket.close(1001, 'The server is restarting')
      await running
    },
  }
}
