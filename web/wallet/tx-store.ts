import type { Client } from 'viem'
import { getTransaction, getTransactionCount, getTransactionReceipt, waitForTransactionReceipt } from 'viem/actions'
import { afterReceipt, readTxs, remember, type Tx } from '../view/transactions.ts'

export type TxStore = ReturnType<typeof createTxStore>

/** Milliseconds between looks for a transaction that another one may have displaced. */
const LOOK_MS = 2_000

/**
 * The transactions this browser sent, kept over reloads and followed until the chain has decided about each.
 * A transaction that the wallet sped up, cancelled or replaced is told apart from one that happened.
 */
export function createTxStore(client: Client, storage: Pick<Storage, 'getItem' | 'setItem'>, key: string) {
  let list: readonly Tx[] = readTxs(storage.getItem(key))
  const listeners = new Set<() => void>()
  const watched = new Set<string>()

  function put(tx: Tx) {
    list = list.some((other) => other.hash === tx.hash) ? list.map((other) => (other.hash === tx.hash ? tx : other)) : remember(list, tx)
    storage.setItem(key, JSON.stringify(list))
    for (const listener of listeners) listener()
  }

  const isPending = (hash: string) => list.some((tx) => tx.hash === hash && tx.status === 'pending')

  async function watch(tx: Tx) {
    if (watched.has(tx.hash)) return
    watched.add(tx.hash)
    void watchNonce(tx)
    let reason: 'repriced' | 'replaced' | 'cancelled' | null = null
    try {
      const receipt = await waitForTransactionReceipt(client, { hash: tx.hash, timeout: 0, onReplaced: (replacement) => { reason = replacement.reason } })
      if (isPending(tx.hash)) {
        put(afterReceipt(find(tx), { hash: receipt.transactionHash, block: receipt.blockNumber, succeeded: receipt.status === 'success', reason }))
      }
    } catch {
      // viem gave up on a node that lost the transaction; the nonce goes on being watched.
    } finally {
      watched.delete(tx.hash)
    }
  }

  /** viem notices a replacement only if it saw the original waiting. One made while no page was open shows in the account's nonce alone. */
  async function watchNonce(tx: Tx) {
    while (isPending(tx.hash)) {
      await lookAtNonce(tx.hash).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }

  async function lookAtNonce(hash: Tx['hash']) {
    const tx = list.find((other) => other.hash === hash)
    if (!tx) return
    if (tx.nonce === undefined) {
      const { nonce } = await getTransaction(client, { hash })
      if (isPending(hash)) put({ ...tx, nonce })
      return
    }
    if ((await getTransactionCount(client, { address: tx.from, blockTag: 'latest' })) <= tx.nonce) return
    const receipt = await getTransactionReceipt(client, { hash }).catch(() => null)
    if (!isPending(hash)) return
    if (receipt) put(afterReceipt(tx, { hash, block: receipt.blockNumber, succeeded: receipt.status === 'success', reason: null }))
    else if (!watched.has(hash) || !(await isStillSeen(hash))) put({ ...tx, status: 'superseded' })
  }

  /** Gives viem, which also knows why, one more look before the nonce alone decides. */
  async function isStillSeen(hash: Tx['hash']) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    return !isPending(hash)
  }

  const find = (tx: Tx) => list.find((other) => other.hash === tx.hash) ?? tx

  return {
    list: () => list,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    track(tx: Tx) {
      put(tx)
      void watch(tx)
    },
    /** Picks up what was under way before a reload. */
    resume() {
      for (const tx of list) if (tx.status === 'pending') void watch(tx)
    },
  }
}
