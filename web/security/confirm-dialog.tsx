import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react'
import type { Factors } from '../../common/wire-factors.ts'
import { useApi } from '../app.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { QueryPart } from '../parts/query-part.tsx'
import { Bone, Skeleton } from '../parts/skeleton.tsx'
import { TextField } from '../parts/text-field.tsx'
import { useSubmit } from '../parts/use-submit.ts'
import { factorsQuery } from '../queries.ts'
import { confirmationOf, methodsOf } from '../view/factor-methods.ts'
import { FactorForm } from './factor-form.tsx'

const ProveWallet = lazy(() => import('../wallet/prove-wallet.tsx').then((module) => ({ default: module.ProveWallet })))

/** Asks who uses this session to confirm that it is still its owner. */
export function ConfirmDialog({ onEnd }: { onEnd: (confirmed: boolean) => void }) {
  const titleId = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const factors = useQuery(factorsQuery(useApi()))
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={() => onEnd(false)}
      className="m-auto w-full max-w-md rounded-2xl bg-sheet p-6 text-ink"
    >
      <div className="flex items-start justify-between gap-4">
        <h2 id={titleId}>Confirm that it is you</h2>
        <button type="button" className="btn btn-quiet -mt-2 -mr-3" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <p className="mt-1 mb-5 text-soft">Asked again after 30 minutes where money or the safety of your account is at stake.</p>
      <QueryPart query={factors} what="the ways to confirm" isEmpty={() => false} empty={null}>
        {(shown) => <Ways factors={shown} onConfirmed={() => onEnd(true)} />}
      </QueryPart>
    </dialog>
  )
}

function Ways({ factors, onConfirmed }: { factors: Factors; onConfirmed: () => void }) {
  const api = useApi()
  const way = confirmationOf(factors)
  const confirm = async (body: object) => {
    await api.send('POST', '/auth/confirm', body)
    onConfirmed()
  }
  if (way === 'factor') {
    const methods = methodsOf(factors)
    return (
      <FactorForm
        methods={methods}
        verb="Confirm"
        optionsFrom={{ path: '/auth/confirm/options' }}
        onProof={(factor) => confirm({ factor })}
      />
    )
  }
  if (way === 'password') return <PasswordForm onPassword={(password) => confirm({ password })} />
  return (
    <Suspense
      fallback={
        <Skeleton what="wallets">
          <Bone className="h-12 w-full rounded-2xl" />
        </Skeleton>
      }
    >
      <ProveWallet verb="Confirm with this wallet" onProof={(wallet) => confirm({ wallet })} />
    </Suspense>
  )
}

function PasswordForm({ onPassword }: { onPassword: (password: string) => Promise<void> }) {
  const [password, setPassword] = useState('')
  const { busy, error, submit } = useSubmit(() => onPassword(password))
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        label="Your password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <button type="submit" className="btn btn-main" aria-disabled={busy}>
        {busy ? 'One moment…' : 'Confirm'}
      </button>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}
