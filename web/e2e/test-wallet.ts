import type { BrowserContext } from 'playwright-core'
import { createWalletClient, defineChain, type Hash, type Hex, hexToString, http, isHex, numberToHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

type Call = { method: string; params?: unknown }

class WalletError extends Error {
  readonly code: number
  readonly data: unknown
  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

/**
 * A wallet for browser tests. The page gets a small EIP-1193 provider announced by EIP-6963; the key, the chain and the person's
 * decisions stay here in Node, so they survive reloads and the page's bundle knows nothing of them.
 */
export class TestWallet {
  readonly calls: Call[] = []
  readonly account: PrivateKeyAccount
  readonly rpcUrl: string
  readonly chainId: number
  private granted = false
  private rejections = new Map<string, number>()

  constructor(key: Hex, rpcUrl: string, chainId: number) {
    this.account = privateKeyToAccount(key)
    this.rpcUrl = rpcUrl
    this.chainId = chainId
  }

  /** The person presses "Reject" on the next prompt of this kind: `connect` or a method. */
  rejectNext(method: string): void {
    this.rejections.set(method, (this.rejections.get(method) ?? 0) + 1)
  }

  asked(method: string): number {
    return this.calls.filter((call) => call.method === method).length
  }

  /** Gives the wallet coin for fees. */
  fund(): Promise<unknown> {
    return this.node('anvil_setBalance', [this.account.address, numberToHex(10n ** 18n)])
  }

  async install(context: BrowserContext): Promise<void> {
    await context.exposeBinding('__wallet', async (_source, call: Call) => {
      try {
        return { result: await this.answer(call) }
      } catch (error) {
        const { code, message, data } = error as WalletError
        return { error: { code: code ?? -32603, message, data } }
      }
    })
    await context.addInitScript(announceProvider)
  }

  private async answer(call: Call): Promise<unknown> {
    this.calls.push(call)
    const { method } = call
    const params = (call.params ?? []) as unknown[]
    // wagmi opens the connect prompt with wallet_requestPermissions and falls back to eth_requestAccounts.
    const isConnect = method === 'wallet_requestPermissions' || method === 'eth_requestAccounts'
    const prompt = isConnect ? 'connect' : method
    const left = this.rejections.get(prompt) ?? 0
    if (left > 0) {
      // One press of the person ends both attempts to connect.
      if (!isConnect || method === 'eth_requestAccounts' || left > 0) this.rejections.set(prompt, left - 1)
      throw new WalletError(4001, 'User rejected the request.')
    }
    switch (method) {
      case 'eth_requestAccounts':
        this.granted = true
        return [this.account.address]
      case 'wallet_requestPermissions':
        this.granted = true
        return [{ parentCapability: 'eth_accounts', caveats: [{ type: 'restrictReturnedAccounts', value: [this.account.address] }] }]
      case 'wallet_revokePermissions':
        this.granted = false
        return null
      case 'eth_accounts':
        return this.granted ? [this.account.address] : []
      case 'eth_chainId':
        return numberToHex(this.chainId)
      case 'personal_sign': {
        const message = params[0] as string
        return this.account.signMessage({ message: isHex(message) ? hexToString(message) : message })
      }
      case 'eth_sendTransaction':
        return this.send(params[0] as Record<string, Hex>)
      default:
        return this.node(method, params)
    }
  }

  private send(transaction: Record<string, Hex>): Promise<Hash> {
    const chain = defineChain({
      id: this.chainId,
      name: 'test',
      nativeCurrency: { name: 'POL', symbol: 'POL', decimals: 18 },
      rpcUrls: { default: { http: [this.rpcUrl] } },
    })
    const { to, data, gas } = transaction
    return createWalletClient({ account: this.account, chain, transport: http(this.rpcUrl) }).sendTransaction({
      ...(to && { to }),
      ...(data && { data }),
      ...(gas && { gas: BigInt(gas) }),
    })
  }

  private async node(method: string, params: unknown[]): Promise<unknown> {
    const response = await fetch(this.rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = (await response.json()) as { result?: unknown; error?: { code: number; message: string; data?: unknown } }
    if (error) throw new WalletError(error.code, error.message, error.data)
    return result
  }
}

/** Runs in the page before any of its own code; Playwright carries it there as text, so it names nothing outside itself. */
function announceProvider() {
  const listeners = new Map<string, Set<(payload: unknown) => void>>()
  const provider = {
    async request(call: unknown) {
      const answer = await (
        window as unknown as { __wallet: (call: unknown) => Promise<{ result?: unknown; error?: { code: number; message: string } }> }
      ).__wallet(call)
      if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error)
      return answer.result
    },
    on(event: string, listener: (payload: unknown) => void) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener))
      return provider
    },
    removeListener(event: string, listener: (payload: unknown) => void) {
      listeners.get(event)?.delete(listener)
      return provider
    },
  }
  const icon = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#7a3b12"/></svg>')}`
  const info = { uuid: '3f1c2f0e-7d43-4f7e-9a50-5d6f00000001', name: 'Test Wallet', icon, rdns: 'example.test-wallet' }
  const announce = () => window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }))
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
}
