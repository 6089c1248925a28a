import { useState } from 'react'
import { getAddress } from 'viem'
import { createSiweMessage } from 'viem/siwe'
import { useConnection, useDisconnect, useSignMessage } from 'wagmi'
import type { SiweChallenge } from '../../common/wire.ts'
import { ApiError } from '../api.ts'
import { useApi } from '../app.tsx'
import { Copyable } from '../parts/copyable.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Notice } from '../parts/notice.tsx'
import { explainWallet } from '../view/wallet-error.ts'
import { ConnectList } from './connect-list.tsx'
import { WalletProvider } from './wallet-provider.tsx'

type Props = {
  /** What the second step is called, e.g. "Sign in with this wallet". */
  verb: string
  onProof: (proof: { message: string; signature: string }) => Promise<void>
}

/** Two named steps: choose a wallet, then prove by a free signature (EIP-4361) that it is yours. */
export function ProveWallet(props: Props) {
  return (
    <WalletProvider>
      <Steps {...props} />
    </WalletProvider>
  )
}

function Steps({ verb, onProof }: Props) {
  const api = useApi()
  const { address } = useConnection()
  const disconnect = useDisconnect()
  const sign = useSignMessage()
  const [phase, setPhase] = useState<'idle' | 'asking' | 'in_wallet' | 'checking'>('idle')
  const [error, setError] = useState<unknown>(null)

  if (!address) return <ConnectList />

  async function prove() {
    if (!address || phase !== 'idle') return
    setError(null)
    try {
      setPhase('asking')
      const challenge = await api.send<SiweChallenge>('POST', '/auth/siwe/nonce', { address: getAddress(address) })
      const message = messageOf(challenge, address)
      setPhase('in_wallet')
      const signature = await sign.mutateAsync({ message })
      setPhase('checking')
      await onProof({ message, signature })
    } catch (caught) {
      setError(caught)
    } finally {
      setPhase('idle')
    }
  }

  const label = { idle: verb, asking: 'Preparing…', in_wallet: 'Confirm in your wallet…', checking: 'Checking the signature…' }[phase]
  return (
    <div>
      <p className="flex flex-wrap items-center gap-2">
        Connected: <Copyable value={address} what="wallet address" />
        <button type="button" className="btn btn-quiet" onClick={() => disconnect.mutate({})}>
          Use another wallet
        </button>
      </p>
      <button type="button" className="btn btn-main mt-2 w-full" aria-disabled={phase !== 'idle'} onClick={prove}>
        {label}
      </button>
      <p className="mt-2 text-sm text-soft">Signing is free. It proves that the wallet is yours and moves nothing.</p>
      <Trouble error={error} />
    </div>
  )
}

function Trouble({ error }: { error: unknown }) {
  if (error instanceof ApiError) return <ErrorNotice error={error} />
  const trouble = error ? explainWallet(error) : null
  return (
    <div role="status">
      {trouble && (
        <Notice tone={trouble.kind === 'rejected' ? 'calm' : 'bad'} title={trouble.title}>
          <p>{trouble.help}</p>
        </Notice>
      )}
    </div>
  )
}

function messageOf(challenge: SiweChallenge, address: string): string {
  const { nonce, domain, uri, chainId, statement, issuedAt, expirationTime } = challenge
  return createSiweMessage({
    address: getAddress(address),
    nonce,
    domain,
    uri,
    chainId,
    statement,
    version: '1',
    issuedAt: new Date(issuedAt),
    expirationTime: new Date(expirationTime),
  })
}
