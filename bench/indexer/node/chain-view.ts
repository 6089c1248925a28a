import { continueChain, readFacts } from '../chain/generate.ts'
import { makeBlock } from '../chain/make-block.ts'
import { type ChainStore, openStore } from '../chain/store.ts'

/** When a block could first be asked for. */
export interface Arrival {
  number: number
  /** Milliseconds since 1970. */
  at: number
  transfers: number
}

/** The chain as the node shows it: the generated part, and what was added since. */
export interface ChainView {
  store: ChainStore
  readonly head: number
  /** Blocks after the generated part, in order. */
  arrivals: Arrival[]
  /** Undefined when no block has this hash. */
  numberOf(hash: string): number | undefined
  /** By hash; undefined when it isn't there. */
  findTransaction(hash: string): { block: number; index: number } | undefined
  /** What everybody holds after the newest block, in base units. */
  balanceOf(address: string, id: bigint): bigint
  addBlock(): void
  /** Back to the generated part. */
  reset(): void
}

export function openChainView(folder: string): ChainView {
  const store = openStore(folder)
  const generated = readFacts(folder).head
  // A process that was killed may have left blocks of its own behind.
  store.cut(generated)
  const arrivals: Arrival[] = []
  const numbers = new Map<string, number>()
  const transactions = new Map<string, { block: number; index: number }>()
  let forge = continueChain(folder)
  const holders = new Map(forge.tokens.holders.map(({ address }, at) => [address, at]))
  const ids = new Map(forge.tokens.ids.map(({ id }, at) => [id, at]))

  function learnHashes() {
    for (let number = numbers.size; number <= store.head; number++) numbers.set(store.hashOf(number), number)
  }
  let readTransactionsTo = -1
  function learnTransactions() {
    while (readTransactionsTo < store.head) {
      const block = ++readTransactionsTo
      store.readTransactions(block).forEach(({ hash }, index) => {
        transactions.set(hash, { block, index })
      })
    }
  }
  learnHashes()

  return {
    store,
    arrivals,
    get head() {
      return store.head
    },
    numberOf(hash) {
      learnHashes()
      return numbers.get(hash)
    },
    findTransaction(hash) {
      learnTransactions()
      return transactions.get(hash)
    },
    balanceOf(address, id) {
      const [holder, token] = [holders.get(address), ids.get(String(id))]
      if (holder === undefined || token === undefined) return 0n
      return BigInt(forge.ledger.amounts[holder * forge.tokens.ids.length + token]!) * forge.tokens.ids[token]!.unit
    },
    addBlock() {
      const block = makeBlock(forge, store.head + 1, store.hashOf(store.head))
      store.append(block)
      arrivals.push({ number: block.number, at: Date.now(), transfers: block.transfers.length })
    },
    reset() {
      store.cut(generated)
      arrivals.length = 0
      forge = continueChain(folder)
      numbers.clear()
      transactions.clear()
      readTransactionsTo = -1
      learnHashes()
    },
  }
}
