import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { User } from '../../common/wire.ts'
import { useApi, useSession, useTitle } from '../app.tsx'
import { CutOffLink } from '../parts/cut-off-link.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useLinkToken } from '../parts/use-link-token.ts'
import { useSubmit } from '../parts/use-submit.ts'

const KEPT = 'terra.invitation'

/** Where the link of an invitation leads. Who must sign in first comes back here; meanwhile its secret stays in this tab. */
export function InvitationPage() {
  useTitle('Invitation')
  const linked = useLinkToken()
  const token = linked ?? sessionStorage.getItem(KEPT)
  useEffect(() => {
    if (linked !== null) sessionStorage.setItem(KEPT, linked)
  }, [linked])
  const session = useSession()
  return (
    <Page title="You are invited" lead="Somebody asks you to act for an issuer on Terra Lumina.">
      {token === null ? <CutOffLink /> : session.kind === 'signed_in' ? <Accept token={token} user={session.user} /> : <SignInFirst />}
    </Page>
  )
}

function SignInFirst() {
  return (
    <Notice tone="calm" title="Sign in to accept">
      <p>Use the e-mail that the invitation was sent to. If it has no account yet, create one.</p>
      <p className="mt-4 flex flex-wrap gap-3">
        <Link to="/sign-in" search={{ next: '/invitation' }} className="btn btn-main">
          Sign in
        </Link>
        <Link to="/register" search={{ next: '/invitation' }} className="btn btn-line">
          Create an account
        </Link>
      </p>
    </Notice>
  )
}

function Accept({ token, user }: { token: string; user: User }) {
  const api = useApi()
  const navigate = useNavigate()
  const { busy, error, submit } = useSubmit(async () => {
    api.session.update(await api.send<User>('POST', '/invitations/accept', { token }))
    sessionStorage.removeItem(KEPT)
    await navigate({ to: '/issuer' })
  })
  return (
    <form onSubmit={submit} className="mt-6">
      <p className="max-w-prose">
        You are signed in as <strong className="break-all">{user.email ?? 'a wallet without e-mail'}</strong>. Members of an issuer see its
        drafts and orders; you can leave at any time.
      </p>
      <p className="mt-4">
        <button type="submit" className="btn btn-main" aria-disabled={busy}>
          {busy ? 'Accepting…' : 'Accept the invitation'}
        </button>
      </p>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}
