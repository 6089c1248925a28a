import type { Client } from 'viem'
import { getBlock, getBlockNumber, getTransaction, getTransactionCount, getTransactionReceipt } from 'viem/actions'
import { afterReceipt, readTxs, remember, type Seen, type Tx } from '../view/transactions.ts'

export type TxStore = ReturnType<typeof createTxStore>

/** How many blocks are searched for whatever took a transaction's place; beyond that it is simply superseded. */
const SEARCH_BLOCKS = 50n

/**
 * The transactions this browser sent, kept over reloads and followed until the chain has decided about each.
 * viem's own waiting hands out the receipt of whatever took the nonce and never ends for one replaced while no page was open
 * (wevm/viem#3982, #3875), so this asks for the receipt of exactly this hash and, when the nonce is gone without one, looks who took it.
 * @param everyMs pause between looks
 */
export function createTxStore(client: Client, storage: Pick<Storage, 'getItem' | 'setItem'>, key: string, everyMs = 1_000) {
  let list: readonly Tx[] = readTxs(storage.getItem(key))
  const listeners = new Set<() => void>()
  const watched = new Set<string>()

  function put(hash: Tx['hash'], tx: Tx) {
    list = list.some((other) => other.hash === hash) ? list.map((other) => (other.hash === hash ? tx : other)) : remember(list, tx)
    storage.setItem(key, JSON.stringify(list))
    for (const listener of listeners) listener()
  }

  async function watch(hash: Tx['hash']) {
    if (watched.has(hash)) return
    watched.add(hash)
    for (let tx = pending(hash); tx; tx = pending(hash)) {
      // A node that doesn't answer decides nothing: look again.
      await look(tx).then(
        (next) => next && put(hash, next),
        () => undefined,
      )
      if (pending(hash)) await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
    watched.delete(hash)
  }

  async function look(tx: Tx): Promise<Tx | null> {
    const mined = await receiptOf(tx.hash)
    if (mined) return afterReceipt(tx, { ...mined, reason: null })
    if (tx.nonce === undefined) {
      const { nonce, to, input } = await getTransaction(client, { hash: tx.hash })
      return { ...tx, nonce, to, input }
    }
    if ((await getTransactionCount(client, { address: tx.from, blockTag: 'latest' })) <= tx.nonce) return null
    // It may have been mined between the two questions.
    const late = await receiptOf(tx.hash)
    return afterReceipt(tx, late ? { ...late, reason: null } : await findSuccessor(tx))
  }

  async function receiptOf(hash: Tx['hash']) {
    const receipt = await getTransactionReceipt(client, { hash }).catch((error: unknown) => {
      if ((error as { name?: string }).name === 'TransactionReceiptNotFoundError') return null
      throw error
    })
    return receipt && { hash, block: receipt.blockNumber, succeeded: receipt.status === 'success' }
  }

  async function findSuccessor(tx: Tx): Promise<Seen> {
    const head = await getBlockNumber(client, { cacheTime: 0 })
    for (let number = head; number >= 0n && number > head - SEARCH_BLOCKS; number--) {
      const { transactions } = await getBlock(client, { blockNumber: number, includeTransactions: true })
      const other = transactions.find((candidate) => candidate.nonce === tx.nonce && candidate.from.toLowerCase() === tx.from.toLowerCase())
      if (!other) continue
      const mined = await receiptOf(other.hash)
      const isSame = other.to === tx.to && other.input === tx.input
      const isCancel = other.to === other.from && other.value === 0n
      if (mined) return { ...mined, reason: isSame ? 'repriced' : isCancel ? 'cancelled' : 'replaced' }
    }
    return { hash: tx.hash, block: head, succeeded: false, reason: 'replaced' }
  }

  const pending = (hash: string) => list.find((tx) => tx.hash === hash && tx.status === 'pending')

  return {
    list: () => list,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    track(tx: Tx) {
      put(tx.hash, tx)
      void watch(tx.hash)
    },
    /** Picks up what was under way before a reload. */
    resume() {
      for (const tx of list) if (tx.status === 'pending') void watch(tx.hash)
    },
  }
}
