import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { User } from '../../common/wire.ts'
import { useApi, useSession, useTitle } from '../app.tsx'
import { CutOffLink } from '../parts/cut-off-link.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useLinkToken } from '../parts/use-link-token.ts'
import { useSubmit } from '../parts/use-submit.ts'

/** Where the link leads that registration sends. It asks for a click: programs that look through mails open links too. */
export function VerifyEmail() {
  useTitle('Confirm your e-mail')
  const api = useApi()
  const session = useSession()
  const token = useLinkToken()
  const [isDone, setIsDone] = useState(false)
  const { busy, error, submit } = useSubmit(async () => {
    await api.send('POST', '/auth/email/confirm', { token })
    if (session.kind === 'signed_in') api.session.update(await api.get<User>('/users/me'))
    setIsDone(true)
  })
  return (
    <Page title="Confirm your e-mail" lead="So that what we send reaches you and nobody else.">
      {token === null && <CutOffLink />}
      {isDone && (
        <Notice tone="good" title="Your e-mail is confirmed" alert>
          <p className="mt-3">
            <Link to="/account" className="btn btn-main">
              Go to your account
            </Link>
          </p>
        </Notice>
      )}
      {token !== null && !isDone && (
        <form onSubmit={submit} className="mt-6">
          <button type="submit" className="btn btn-main" aria-disabled={busy}>
            {busy ? 'Confirming…' : 'Confirm my e-mail'}
          </button>
          {error !== null && <ErrorNotice error={error} />}
        </form>
      )}
      {!isDone && (
        <p className="mt-6 text-sm">
          <Link to="/account" className="link">
            Have a new link sent from your account
          </Link>
        </p>
      )}
    </Page>
  )
}
