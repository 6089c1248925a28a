import type { Address, EIP1193Provider } from 'viem'
import { createConnector } from 'wagmi'

/** The part of the social-login SDK that is used here. */
type Sdk = {
  init(): Promise<void>
  connect(): Promise<unknown>
  logout(): Promise<void>
  connected: boolean
  connection: { ethereumProvider: EIP1193Provider | null } | null
}

/**
 * A wallet behind an e-mail or social login. Its SDK (about a megabyte, not open source: docs/adr/0007) loads at the first press,
 * and is part of the build only when VITE_WEB3AUTH_CLIENT_ID was set.
 */
export function web3AuthConnector(clientId: string) {
  let sdk: Sdk | null = null

  async function load(): Promise<Sdk> {
    if (!__WEB3AUTH__) throw new Error('Social login is not part of this build.')
    // Its MetaMask-mobile part uses Node's bare Buffer; it gets one here, not in every visitor's bundle.
    if (!('Buffer' in globalThis)) Object.assign(globalThis, { Buffer: (await import('buffer/')).Buffer })
    const { Web3Auth, WEB3AUTH_NETWORK } = await import('@web3auth/modal')
    sdk ??= new Web3Auth({ clientId, web3AuthNetwork: WEB3AUTH_NETWORK.SAPPHIRE_MAINNET }) as unknown as Sdk
    await sdk.init()
    return sdk
  }

  function provider(): EIP1193Provider {
    const found = sdk?.connection?.ethereumProvider
    if (!found) throw new Error('The social login is not connected.')
    return found
  }

  return createConnector<EIP1193Provider>((config) => ({
    id: 'web3auth',
    name: 'E-mail or social account',
    type: 'web3auth',
    async connect({ chainId, withCapabilities } = {}) {
      const loaded = sdk ?? (await load())
      if (!loaded.connected) await loaded.connect()
      const accounts = await this.getAccounts()
      provider().on('accountsChanged', this.onAccountsChanged.bind(this))
      provider().on('chainChanged', this.onChainChanged.bind(this))
      if (chainId && (await this.getChainId()) !== chainId) await this.switchChain?.({ chainId })
      const shaped = withCapabilities ? accounts.map((address) => ({ address, capabilities: {} })) : accounts
      return { accounts: shaped as never, chainId: await this.getChainId() }
    },
    async disconnect() {
      await sdk?.logout()
    },
    async getAccounts() {
      return (await provider().request({ method: 'eth_accounts' })) as readonly Address[]
    },
    async getChainId() {
      return Number(await provider().request({ method: 'eth_chainId' }))
    },
    async getProvider() {
      return provider()
    },
    // Loading a megabyte on every reload to find out is not worth it: the person presses once more.
    async isAuthorized() {
      return false
    },
    async switchChain({ chainId }) {
      const chain = config.chains.find((candidate) => candidate.id === chainId)
      if (!chain) throw new Error(`The app does not know chain ${chainId}.`)
      await provider().request({ method: 'wallet_switchEthereumChain', params: [{ chainId: `0x${chainId.toString(16)}` }] })
      return chain
    },
    onAccountsChanged(accounts) {
      if (accounts.length === 0) this.onDisconnect()
      else config.emitter.emit('change', { accounts: accounts as Address[] })
    },
    onChainChanged(chainId) {
      config.emitter.emit('change', { chainId: Number(chainId) })
    },
    onDisconnect() {
      config.emitter.emit('disconnect')
    },
  }))
}
