import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi, useTitle } from '../app.tsx'
import { CutOffLink } from '../parts/cut-off-link.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { NewPasswordField } from '../parts/new-password-field.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useLinkToken } from '../parts/use-link-token.ts'
import { useSubmit } from '../parts/use-submit.ts'

/** Where the link leads that a forgotten password asks for. */
export function ResetPassword() {
  useTitle('Choose a new password')
  const api = useApi()
  const token = useLinkToken()
  const [password, setPassword] = useState('')
  const [isDone, setIsDone] = useState(false)
  const { busy, error, submit } = useSubmit(async () => {
    await api.send('POST', '/auth/password/reset', { token, password })
    // Every session has ended, this browser's too.
    api.session.signOut('signed_out')
    setIsDone(true)
  })
  return (
    <Page title="Choose a new password" lead="Everywhere you are signed in, you will be signed out.">
      {token === null && <CutOffLink />}
      {isDone && (
        <Notice tone="good" title="Your password is changed" alert>
          <p className="mt-3">
            <Link to="/sign-in" className="btn btn-main">
              Sign in with it
            </Link>
          </p>
        </Notice>
      )}
      {token !== null && !isDone && (
        <form onSubmit={submit} className="mt-6 flex max-w-md flex-col gap-4">
          <NewPasswordField label="New password" value={password} onChange={setPassword} />
          <button type="submit" className="btn btn-main" aria-disabled={busy}>
            {busy ? 'Changing it…' : 'Change my password'}
          </button>
          {error !== null && <ErrorNotice error={error} />}
        </form>
      )}
      <p className="mt-6 text-sm">
        <Link to="/forgot-password" className="link">
          Ask for a new link
        </Link>
      </p>
    </Page>
  )
}
