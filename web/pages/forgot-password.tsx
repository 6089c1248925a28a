import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi, useTitle } from '../app.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { TextField } from '../parts/text-field.tsx'
import { useSubmit } from '../parts/use-submit.ts'

/** The way back in for who has forgotten the password. It never says whether an account exists. */
export function ForgotPassword() {
  useTitle('Forgot your password?')
  const api = useApi()
  const [email, setEmail] = useState('')
  const [askedFor, setAskedFor] = useState<string | null>(null)
  const { busy, error, submit } = useSubmit(async () => {
    await api.send('POST', '/auth/password/forgot', { email: email.trim() })
    setAskedFor(email.trim())
  })
  return (
    <Page title="Forgot your password?" lead="We send a link to your e-mail by which you choose a new one.">
      {askedFor !== null && (
        <Notice tone="good" title="Look into your mailbox" alert>
          <p>If there is an account for {askedFor}, a link is on its way. It is good for 30 minutes; look among unwanted mail too.</p>
        </Notice>
      )}
      <form onSubmit={submit} className="mt-6 flex max-w-md flex-col gap-4">
        <TextField
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          required
          maxLength={254}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <button type="submit" className="btn btn-main" aria-disabled={busy}>
          {busy ? 'Sending…' : askedFor === null ? 'Send the link' : 'Send it again'}
        </button>
        {error !== null && <ErrorNotice error={error} />}
      </form>
      <p className="mt-6 text-sm">
        <Link to="/sign-in" className="link">
          Back to signing in
        </Link>
      </p>
    </Page>
  )
}
