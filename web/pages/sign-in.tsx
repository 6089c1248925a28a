import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Session } from '../../common/wire.ts'
import type { PendingSignIn } from '../../common/wire-factors.ts'
import { useApi, useSession, useTitle } from '../app.tsx'
import { AlreadySignedIn } from '../parts/already-signed-in.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Page } from '../parts/page.tsx'
import { Section } from '../parts/section.tsx'
import { Bone, Skeleton } from '../parts/skeleton.tsx'
import { TextField } from '../parts/text-field.tsx'
import { useSubmit } from '../parts/use-submit.ts'
import { PasskeyDoor, SecondStep } from '../security/second-step.tsx'
import { safeNext } from '../view/safe-next.ts'

// The wallet library loads beside the e-mail form, never before it.
const ProveWallet = lazy(() => import('../wallet/prove-wallet.tsx').then((module) => ({ default: module.ProveWallet })))

/** Three doors to one account: e-mail and password, a passkey, or a wallet's signature. Behind the first and the last there may be a second step. */
export function SignIn() {
  useTitle('Sign in')
  const { next } = useSearch({ from: '/data/sign-in' })
  const session = useSession()
  const { enter, pending, startOver } = useEntry(next)
  if (session.kind === 'signed_in') return <AlreadySignedIn user={session.user} next={next ?? null} />
  if (pending) return <SecondStep pending={pending} onSession={enter} onBack={startOver} />
  return (
    <Page title="Sign in" lead="By e-mail, with a passkey, or with the wallet that holds your units.">
      <div className="mt-8 grid gap-10 md:grid-cols-2">
        <Section title="With your e-mail">
          <EmailForm onSession={enter} />
          <PasskeyDoor onSession={enter} />
          <p className="mt-4 text-sm">
            <Link to="/forgot-password" className="link">
              Forgot your password?
            </Link>
          </p>
          <p className="mt-2 text-sm">
            New here?{' '}
            <Link to="/register" search={next ? { next } : {}} className="link">
              Create an account
            </Link>
          </p>
        </Section>
        <WalletDoor onSession={enter} />
      </div>
    </Page>
  )
}

/** Keeps the session and goes on to where the person wanted to be; or keeps the first step, where a second must follow. */
export function useEntry(next: string | undefined) {
  const { session } = useApi()
  const navigate = useNavigate()
  const [pending, setPending] = useState<PendingSignIn | null>(null)
  const enter: OnEntry = (opened) => {
    if (!('accessToken' in opened)) return setPending(opened)
    session.signIn(opened)
    void navigate({ href: safeNext(next) ?? '/account', replace: true })
  }
  return { enter, pending, startOver: () => setPending(null) }
}

export type OnEntry = (opened: Session | PendingSignIn) => void

/** Signing in by wallet: choosing it and signing are two steps, and the second is free. */
export function WalletDoor({ onSession }: { onSession: OnEntry }) {
  const api = useApi()
  return (
    <Section title="With a wallet">
      <Suspense
        fallback={
          <Skeleton what="wallets">
            <Bone className="h-12 w-full rounded-2xl" />
          </Skeleton>
        }
      >
        <ProveWallet
          verb="Sign in with this wallet"
          onProof={async (proof) =>
            onSession(await api.send<Session | PendingSignIn>('POST', '/auth/siwe/verify', { ...proof, useCookie: true }))
          }
        />
      </Suspense>
    </Section>
  )
}

function EmailForm({ onSession }: { onSession: OnEntry }) {
  const api = useApi()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')

  const { busy, error, submit } = useSubmit(async () => {
    onSession(await api.send<Session | PendingSignIn>('POST', '/users/login', { email: email.trim(), password, useCookie: true }))
  })

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        label="E-mail"
        type="email"
        name="email"
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <button type="submit" className="btn btn-main" aria-disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}
