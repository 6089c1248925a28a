import { createPublicClient, type Hash, type Hex, http, type PublicClient, type TransactionReceipt } from 'viem'

/** The RPC nodes of one chain, each asked by itself: minting does not believe a single one. */
export interface Nodes {
  chainId: number
  clients: PublicClient[]
}

/** What a set of nodes agrees on about a signer and about finality. */
export interface Heads {
  /** Transactions of the signer in blocks, at the node furthest ahead. */
  nonce: bigint
  /** The same at the node furthest behind. */
  lowestNonce: bigint
  /** The same in blocks that no node may undo any more; null while any node cannot say. */
  finalNonce: bigint | null
  /** Newest block that every node calls final; null while any node cannot say. */
  finalBlock: bigint | null
}

export function openNodes(urls: readonly string[], chainId: number, timeoutMs = 10_000): Nodes {
  return {
    chainId,
    clients: urls.map(
      (url) => createPublicClient({ transport: http(url, { timeout: timeoutMs, retryCount: 1, retryDelay: 100 }) }) as PublicClient,
    ),
  }
}

/** Asks every node; answers of those that fail are left out. @throws the first failure when none answers */
export async function askAll<T>(nodes: Nodes, ask: (client: PublicClient) => Promise<T>): Promise<T[]> {
  const settled = await Promise.allSettled(nodes.clients.map(ask))
  const answers = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  if (answers.length === 0) throw (settled[0] as PromiseRejectedResult).reason
  return answers
}

/** Asks one node after the other until one answers. */
export async function askOne<T>(nodes: Nodes, ask: (client: PublicClient) => Promise<T>): Promise<T> {
  let failure: unknown
  for (const client of nodes.clients) {
    try {
      return await ask(client)
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

/**
 * Reads where the signer and finality stand. With several nodes at least two must answer, and the most careful answer counts:
 * a `finalized` tag has jumped back, erred and differed between nodes before.
 */
export async function readHeads(nodes: Nodes, signer: Hex): Promise<Heads> {
  const quorum = Math.min(2, nodes.clients.length)
  const latest = await askAll(nodes, (client) => countTransactions(client, signer, 'latest'))
  if (latest.length < quorum)
    throw new Error(`Only ${latest.length} of ${nodes.clients.length} RPC nodes answered; at least ${quorum} must`)
  const final = await askAll(nodes, async (client) => ({
    nonce: await countTransactions(client, signer, 'finalized'),
    block: (await client.getBlock({ blockTag: 'finalized' })).number,
  })).catch(() => [])
  return {
    nonce: max(latest),
    lowestNonce: min(latest),
    finalNonce: final.length < quorum ? null : min(final.map(({ nonce }) => nonce)),
    finalBlock: final.length < quorum ? null : min(final.map(({ block }) => block)),
  }
}

/** Transactions of `signer` up to a block tag; `pending` counts those waiting in the node's pool too. */
export async function countTransactions(client: PublicClient, signer: Hex, tag: 'latest' | 'pending' | 'finalized'): Promise<bigint> {
  return BigInt(await client.request({ method: 'eth_getTransactionCount', params: [signer, tag] }))
}

/** The receipt of the first of these transactions that any node has in a block, or null. */
export async function findReceipt(nodes: Nodes, hashes: readonly Hash[]): Promise<TransactionReceipt | null> {
  const found = await askAll(nodes, async (client) => {
    const receipts = await Promise.all(hashes.map((hash) => readReceipt(client, hash)))
    return receipts.find((receipt) => receipt !== null) ?? null
  })
  return found.find((receipt) => receipt !== null) ?? null
}

/** Whether every node that answers has this block hash at this height. */
export async function isCanonical(nodes: Nodes, blockNumber: bigint, blockHash: string): Promise<boolean> {
  const hashes = await askAll(nodes, async (client) => {
    const block = await client.request({ method: 'eth_getBlockByNumber', params: [`0x${blockNumber.toString(16)}`, false] })
    return block?.hash ?? null
  })
  return hashes.every((hash) => hash === blockHash)
}

async function readReceipt(client: PublicClient, hash: Hash): Promise<TransactionReceipt | null> {
  return client.getTransactionReceipt({ hash }).catch((error: { name?: string }) => {
    if (error.name === 'TransactionReceiptNotFoundError') return null
    throw error
  })
}

/** The largest of at least one value. Math.max cannot take bigints. */
export function max(values: readonly bigint[]): bigint {
  return values.toSorted((a, b) => (a < b ? 1 : -1))[0]!
}

/** The smallest of at least one value. */
export function min(values: readonly bigint[]): bigint {
  return values.toSorted((a, b) => (a < b ? -1 : 1))[0]!
}
