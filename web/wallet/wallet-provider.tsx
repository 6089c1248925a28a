import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useSyncExternalStore } from 'react'
import { WagmiProvider } from 'wagmi'
import type { PublicConfig } from '../../common/wire.ts'
import type { Api } from '../api.ts'
import { useApi } from '../app.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Bone, Skeleton } from '../parts/skeleton.tsx'
import { setUpWallet, type Wallet } from './setup.ts'

const WalletContext = createContext<Wallet | null>(null)

/** The wallet set-up lives in the query cache: one for the whole visit, whichever page asks first. */
const walletQuery = (api: Api) => ({
  queryKey: ['wallet'],
  queryFn: async () => setUpWallet(await api.get<PublicConfig>('/config'), localStorage),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
  structuralSharing: false,
})

/** Gives what is below a connection to wallets, once the server has said on which chain. */
export function WalletProvider({ children }: { children: ReactNode }) {
  const wallet = useQuery(walletQuery(useApi()))
  if (wallet.isError) return <ErrorNotice error={wallet.error} onRetry={() => wallet.refetch()} />
  if (!wallet.data) {
    return (
      <Skeleton what="wallets">
        <Bone className="h-12 w-full" />
      </Skeleton>
    )
  }
  return (
    <WalletContext value={wallet.data}>
      <WagmiProvider config={wallet.data.wagmi}>{children}</WagmiProvider>
    </WalletContext>
  )
}

export function useWallet(): Wallet {
  const wallet = use(WalletContext)
  if (!wallet) throw new Error('useWallet outside WalletProvider')
  return wallet
}

/** The transactions of this browser, newest first, live. */
export function useTxs() {
  const { txs } = useWallet()
  return useSyncExternalStore(txs.subscribe, txs.list)
}
