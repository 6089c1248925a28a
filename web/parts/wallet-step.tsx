import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import type { User } from '../../common/wire.ts'
import { useApi } from '../app.tsx'
import { Copyable } from './copyable.tsx'
import { Bone, Skeleton } from './skeleton.tsx'

const ProveWallet = lazy(() => import('../wallet/prove-wallet.tsx').then((module) => ({ default: module.ProveWallet })))

/** Linking the one wallet that receives units. */
export function WalletStep({ user }: { user: User }) {
  const api = useApi()
  const client = useQueryClient()
  if (user.wallet) {
    return (
      <p className="text-soft">
        Units go to <Copyable value={user.wallet} what="your wallet’s address" />
      </p>
    )
  }
  return (
    <div className="flex flex-col gap-3">
      <p className="text-soft">Units are minted into your own wallet. Choose it and prove by a signature that it is yours.</p>
      <Suspense
        fallback={
          <Skeleton what="wallets">
            <Bone className="h-12 w-full rounded-2xl" />
          </Skeleton>
        }
      >
        <ProveWallet
          verb="Link this wallet"
          onProof={async (proof) => {
            await api.send('POST', '/wallets', proof)
            await client.invalidateQueries({ queryKey: ['me'] })
          }}
        />
      </Suspense>
    </div>
  )
}
