import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Session } from '../../common/wire.ts'
import { useApi, useSession, useTitle } from '../app.tsx'
import { AlreadySignedIn } from '../parts/already-signed-in.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Page } from '../parts/page.tsx'
import { Section } from '../parts/section.tsx'
import { Bone, Skeleton } from '../parts/skeleton.tsx'
import { TextField } from '../parts/text-field.tsx'
import { useSubmit } from '../parts/use-submit.ts'
import { safeNext } from '../view/safe-next.ts'

// The wallet library loads beside the e-mail form, never before it.
const ProveWallet = lazy(() => import('../wallet/prove-wallet.tsx').then((module) => ({ default: module.ProveWallet })))

/** Two doors to one account: e-mail and password, or a wallet's signature. */
export function SignIn() {
  useTitle('Sign in')
  const { next } = useSearch({ from: '/data/sign-in' })
  const session = useSession()
  const enter = useEntry(next)
  if (session.kind === 'signed_in') return <AlreadySignedIn user={session.user} next={next ?? null} />
  return (
    <Page title="Sign in" lead="By e-mail, or with the wallet that holds your units.">
      <div className="mt-8 grid gap-10 md:grid-cols-2">
        <Section title="With your e-mail">
          <EmailForm onSession={enter} />
          <p className="mt-4 text-sm">
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

/** Keeps the session and goes on to where the person wanted to be. */
export function useEntry(next: string | undefined) {
  const { session } = useApi()
  const navigate = useNavigate()
  return (opened: Session) => {
    session.signIn(opened)
    void navigate({ href: safeNext(next) ?? '/account', replace: true })
  }
}

/** Signing in by wallet: choosing it and signing are two steps, and the second is free. */
export function WalletDoor({ onSession }: { onSession: (session: Session) => void }) {
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
          onProof={async (proof) => onSession(await api.send<Session>('POST', '/auth/siwe/verify', { ...proof, useCookie: true }))}
        />
      </Suspense>
    </Section>
  )
}

function EmailForm({ onSession }: { onSession: (session: Session) => void }) {
  const api = useApi()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')

  const { busy, error, submit } = useSubmit(async () => {
    onSession(await api.send<Session>('POST', '/users/login', { email: email.trim(), password, useCookie: true }))
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
