import { createPublicClient, fallback, http, type PublicClient } from 'viem'

export interface Chain {
  client: PublicClient
  chainId: number
  urls: string[]
}

/**
 * Opens a chain through one or more RPC addresses (comma-separated; later ones serve when earlier ones fail)
 * and refuses one that is not the chain asked for.
 * @throws Error naming both chain ids
 */
export async function openChain(rpcUrl: string, expectedChainId: number): Promise<Chain> {
  const chain = chainOf(rpcUrl)
  const chainId = await chain.client.getChainId()
  if (chainId !== expectedChainId) throw new Error(`WRONG_CHAIN: expected ${expectedChainId}, the node at RPC_URL answers ${chainId}`)
  return { ...chain, chainId }
}

/** The same without asking the node anything. */
export function chainOf(rpcUrl: string): { client: PublicClient; urls: string[] } {
  const urls = rpcUrl
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '')
  const transports = urls.map((url) => http(url, { timeout: 10_000, retryCount: 1 }))
  const client = createPublicClient({ transport: transports.length === 1 ? transports[0]! : fallback(transports), pollingInterval: 500 })
  return { client: client as PublicClient, urls }
}
