import { type Chain, defineChain } from 'viem'
import { type Config, createConfig, createStorage, http, injected } from 'wagmi'
import type { PublicConfig } from '../../common/wire.ts'
import { createTxStore, type TxStore } from './tx-store.ts'
import { web3AuthConnector } from './web3auth.ts'

/** Everything a wallet action needs, made once from what the server says about where it runs. */
export type Wallet = { config: PublicConfig; chain: Chain; wagmi: Config; txs: TxStore }

/** Wallets announce themselves by EIP-6963; `injected()` covers those that only set window.ethereum. */
export function setUpWallet(config: PublicConfig, storage: Storage): Wallet {
  const chain = defineChain({
    id: config.chainId,
    name: config.chainName,
    nativeCurrency: { name: 'POL', symbol: 'POL', decimals: 18 },
    rpcUrls: { default: { http: config.rpcUrl.split(',').map((url) => url.trim()) } },
    ...(config.explorerUrl && { blockExplorers: { default: { name: 'Explorer', url: config.explorerUrl } } }),
  })
  const wagmi = createConfig({
    chains: [chain],
    connectors: [injected(), ...(__WEB3AUTH__ ? [web3AuthConnector(__WEB3AUTH_CLIENT_ID__)] : [])],
    transports: { [chain.id]: http(chain.rpcUrls.default.http[0], { retryCount: 1, timeout: 8_000 }) },
    pollingInterval: 1_000,
    storage: createStorage({ storage, key: 'tl.wallet' }),
  })
  const txs = createTxStore(wagmi.getClient({ chainId: chain.id }), storage, `tl.txs.${chain.id}`)
  txs.resume()
  return { config, chain, wagmi, txs }
}
