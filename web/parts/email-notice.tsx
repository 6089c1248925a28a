import { useState } from 'react'
import type { User } from '../../common/wire.ts'
import { useApi } from '../app.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'
import { useSubmit } from './use-submit.ts'

/** Asks for the e-mail to be confirmed, until it is; an account without one is asked for nothing. */
export function EmailNotice({ user }: { user: User }) {
  const api = useApi()
  const [isSent, setIsSent] = useState(false)
  const { busy, error, submit } = useSubmit(async () => {
    await api.send('POST', '/users/email/confirmation')
    setIsSent(true)
  })
  if (user.email === null || user.isEmailProven) return null
  return (
    <Notice tone="wait" title="Confirm your e-mail">
      <p>We sent a link to {user.email}. Offerings to people an issuer knows are shown to confirmed addresses only.</p>
      <form onSubmit={submit} className="mt-3 flex flex-wrap items-center gap-3">
        <button type="submit" className="btn btn-line" aria-disabled={busy}>
          {busy ? 'Sending…' : 'Send it again'}
        </button>
        <span role="status">{isSent && 'Sent. Look among unwanted mail too.'}</span>
      </form>
      {error !== null && <ErrorNotice error={error} />}
    </Notice>
  )
}
